from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import IMPERSONAL, UTCDateTime, choice, json_column, personal, text_column
from crm.core.db import Row
from crm.core.i18n import lazy_gettext as _l
from crm.people.models import Basis


class ImportState(Choice):
    UPLOADED = "uploaded", _l("Waiting to be read")
    READING = "reading", _l("Being read")
    READY = "ready", _l("Ready to check")
    REFUSED = "refused", _l("Could not be read")
    APPLYING = "applying", _l("Being applied")
    APPLIED = "applied", _l("Applied")
    UNDONE = "undone", _l("Undone")


class Outcome(Choice):
    NEW = "new", _l("New")
    SAME = "same", _l("Same person")
    PERHAPS = "perhaps", _l("Perhaps the same")
    UNREADABLE = "unreadable", _l("Unreadable")


class Decision(Choice):
    OPEN = "open", _l("To decide")
    ADD = "add", _l("Add as new")
    LINK = "link", _l("Same person")
    SKIP = "skip", _l("Leave out")


class ImportFile(Row, table=True):
    """One uploaded list: the file, how it is to be read, and what has become of it."""

    __tablename__ = "import_file"
    office_id: UUID = Field(foreign_key="office.id", index=True)
    uploaded_by: UUID | None = Field(default=None, foreign_key="user_account.id")
    name: str
    digest: str
    """SHA-256 of the bytes; the file itself lies at ``<data_dir>/imports/<id>``."""
    size: int
    language: str = "ja"
    choices: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    """What the user corrected: encoding, grids that are read, and of each table the heading row and the columns."""
    guess: dict[str, Any] = Field(default_factory=dict, sa_type=json_column())
    """What the reader found: kind, encoding, grids, columns with samples of each table, notes."""
    state: ImportState = Field(default=ImportState.UPLOADED, sa_type=choice(ImportState))
    refusal: str | None = None
    counts: dict[str, int] = Field(default_factory=dict, sa_type=json_column())
    applied_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    forgotten_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the bytes and the original cells went."""

    @property
    def is_of_cards(self) -> bool:
        """A column says when cards were exchanged."""
        return any(column.get("field") == "met_on" for column in self.guess.get("columns") or [])

    @property
    def basis(self) -> Basis:
        """Whoever gave a card was met; whoever stands in a list was not."""
        return Basis.OWN_CONTACT if self.is_of_cards else Basis.PUBLIC_LIST


_WAITS = text("outcome = 'perhaps' and decision = 'open' and person_id is null")


class ImportRow(Row, table=True):
    """One row of a list with its original cells, what it was read as, and what was decided and done."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_file_position", "file_id", "position"),
        Index("ix_import_row_waiting", "file_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )
    file_id: UUID = Field(foreign_key="import_file.id", ondelete="CASCADE")
    position: int = Field(sa_column_kwargs=IMPERSONAL)
    row: int = Field(sa_column_kwargs=IMPERSONAL)
    sheet: str = Field(default="", sa_column_kwargs=IMPERSONAL)
    outcome: Outcome = Field(sa_type=choice(Outcome), sa_column_kwargs=IMPERSONAL)
    reason: str | None = Field(default=None, sa_type=text_column(), sa_column_kwargs=IMPERSONAL)
    doubts: list[str] = Field(default_factory=list, sa_type=json_column(), sa_column_kwargs=IMPERSONAL)
    fields: dict[str, Any] = Field(
        default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("import", erase="empty")
    )
    original: dict[str, Any] = Field(
        default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("import", erase="empty")
    )
    match_id: UUID | None = Field(default=None, sa_column_kwargs={"info": {"refers": "person"}})
    """Whom the row is, or may be; None when that person is known only to other offices."""
    known_elsewhere: bool = False
    differences: dict[str, Any] = Field(
        default_factory=dict, sa_type=json_column(), sa_column_kwargs=personal("import", erase="empty")
    )
    fingerprint: str = Field(default="", index=True, sa_column_kwargs=IMPERSONAL)
    """Hash of office and content: the same row again changes nothing, also without any identifier."""
    decision: Decision = Field(default=Decision.OPEN, sa_type=choice(Decision), sa_column_kwargs=IMPERSONAL)
    person_id: UUID | None = Field(default=None, index=True, sa_column_kwargs={"info": {"refers": "person"}})
    """Whom the row became, once applied."""
    made: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), sa_column_kwargs=IMPERSONAL)
    """Ids of rows that applying made, and old values, for undoing."""
