from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from crm.core.choices import Choice
from crm.core.columns import IMPERSONAL, choice, json_column, personal
from crm.core.db import Versioned
from crm.core.i18n import lazy_gettext as _l


class Sector(Choice):
    ACADEMIA = "academia", _l("Academia")
    GOVERNMENT = "government", _l("Government")
    INDUSTRY = "industry", _l("Industry")
    INVESTOR = "investor", _l("Investor")
    PRESS = "press", _l("Press")
    OTHER = "other", _l("Other")


class Person(Versioned, table=True):
    """The thin shared identity: one human being, known to one office or to many. Only ``full_name`` is required.

    ``kanji``, ``kana`` and ``latin`` repeat the preferred forms of ``PersonName`` for lists; ``sort_key`` orders them.
    """

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_sort_key_id", "sort_key", "id"),)
    full_name: str = Field(sa_column_kwargs=personal("name"))
    family: str | None = Field(default=None, sa_column_kwargs=personal("name"))
    given: str | None = Field(default=None, sa_column_kwargs=personal("name"))
    kanji: str | None = Field(default=None, sa_column_kwargs=personal("name"))
    kana: str | None = Field(default=None, sa_column_kwargs=personal("name"))
    latin: str | None = Field(default=None, sa_column_kwargs=personal("name"))
    sort_key: str = Field(default="", sa_column_kwargs=personal("name"))
    sector: Sector = Field(default=Sector.ACADEMIA, sa_type=choice(Sector), sa_column_kwargs=personal("identity"))
    preferred_language: str | None = Field(default=None, sa_column_kwargs=personal("identity"))
    spoken_languages: list[str] = Field(
        default_factory=list, sa_type=json_column(), sa_column_kwargs=personal("identity")
    )
    merged_into: UUID | None = Field(default=None, foreign_key="person.id", sa_column_kwargs=IMPERSONAL)

    def as_words(self) -> dict[str, Any]:
        return {"full_name": self.full_name, "kanji": self.kanji, "kana": self.kana, "latin": self.latin}
