"""How long an office keeps what, and what has been proposed for deletion."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from crm.core.columns import UTCDateTime, personal
from crm.core.db import Row, Versioned

_OPEN, _STANDING = text("decided_on is null"), text("ended_at is null")


class RetentionSetting(Row, table=True):
    """``months`` 0: never proposed. ``classification``: where the office's own retention schedule has it (文書分類)."""

    __tablename__ = "retention_setting"
    __table_args__ = (UniqueConstraint("office_id", "kind"),)
    office_id: UUID = Field(foreign_key="office.id")
    kind: str
    months: int
    classification: str = ""


class RetentionProposal(Versioned, table=True):
    """What one office might delete of one kind: proposed by night, decided by somebody, then carried out."""

    __tablename__ = "retention_proposal"
    __table_args__ = (
        Index(
            "uq_retention_proposal_open", "office_id", "kind", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )
    office_id: UUID = Field(foreign_key="office.id")
    kind: str
    made_on: date
    before: date
    """What had not been used since then."""
    decided_on: date | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class RetentionItem(Row, table=True):
    """One subject of a proposal; after the deletion nothing but an id that leads nowhere."""

    __tablename__ = "retention_item"
    __table_args__ = (UniqueConstraint("proposal_id", "subject_id"),)
    proposal_id: UUID = Field(foreign_key="retention_proposal.id", ondelete="CASCADE")
    subject_id: UUID = Field(index=True)
    kept: bool = False
    """By the word of whoever decided; proposed again in a year."""
    gone_on: date | None = None


class LegalHold(Row, table=True):
    """A person's data must not be deleted for now, whatever is due or asked for."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index(
            "uq_legal_hold", "office_id", "person_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING
        ),
    )
    office_id: UUID = Field(foreign_key="office.id")
    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    reason: str = Field(sa_column_kwargs=personal("note", erase="row", restricted=True))
    ordered_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
