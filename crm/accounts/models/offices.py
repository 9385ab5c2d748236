from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice, json_column
from crm.core.db import Row
from crm.core.i18n import current_language
from crm.core.i18n import lazy_gettext as _l


class OfficeKind(Choice):
    EMBASSY = "embassy", _l("Embassy")
    CONSULATE_GENERAL = "consulate_general", _l("Consulate-General")
    PERMANENT_MISSION = "permanent_mission", _l("Permanent mission or delegation")
    MINISTRY = "ministry", _l("Ministry")
    UNIVERSITY = "university", _l("University")
    NATIONAL_INSTITUTE = "national_institute", _l("National research institute")
    JICA = "jica", _l("JICA")
    FUNDER = "funder", _l("Funding or promotion agency")
    OPERATOR = "operator", _l("Operator of this system")

    @property
    def is_mission(self) -> bool:
        return self in (self.EMBASSY, self.CONSULATE_GENERAL, self.PERMANENT_MISSION)


class Office(Row, table=True):
    """A body that holds records: a mission, a university, JICA … ``code`` is short and stays (``us-bos``)."""

    __tablename__ = "office"
    code: str = Field(unique=True)
    kind: OfficeKind = Field(sa_type=choice(OfficeKind))
    name_ja: str
    name_en: str
    country: str | None = None
    city: str | None = None
    zone: str = "Asia/Tokyo"
    languages: list[str] = Field(default_factory=list, sa_type=json_column())
    position: int = 0
    contact_email: str | None = None
    website: str | None = None
    factor_required: bool = False
    """Whether its members must have a second factor to sign in."""
    provider_required: bool = False
    """Whether its members must sign in through the provider (OpenID Connect)."""

    @property
    def name(self) -> str:
        return office_name(self)


def office_name(office: Any) -> str:
    """Of an office, or of a row with its names."""
    name: str = office.name_ja if current_language() == "ja" else office.name_en
    return name


class Jurisdiction(Row, table=True):
    """A country or a part of one (ISO 3166-2) that a mission covers (管轄)."""

    __tablename__ = "jurisdiction"
    __table_args__ = (UniqueConstraint("office_id", "country", "subdivision"),)
    office_id: UUID = Field(foreign_key="office.id", index=True)
    country: str
    subdivision: str | None = None
