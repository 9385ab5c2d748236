from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import choice
from crm.core.db import Row
from crm.core.i18n import current_language
from crm.core.i18n import lazy_gettext as _l


class Scheme(Choice):
    KAKENHI = "kakenhi", _l("KAKENHI section")
    FORD = "ford", _l("OECD field")
    STRATEGIC = "strategic", _l("Strategic field")
    OPEN_TO = "open_to", _l("Open to")
    POSITION = "position", _l("Position")
    SECTOR = "sector", _l("Sector")


class Term(Row, table=True):
    """One entry of a code list. Strategic fields are internal tags: never a public filter or a label on a person."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("scheme", "code"),)
    scheme: Scheme = Field(sa_type=choice(Scheme))
    code: str
    parent: str | None = None
    name_ja: str
    name_en: str
    position: int = 0
    patterns: str | None = None
    source: str

    @property
    def name(self) -> str:
        return self.name_ja if current_language() == "ja" else self.name_en
