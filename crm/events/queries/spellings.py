"""Every spelling under which a guest is looked for."""

from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col

from crm.core.search import fold, romaji_key, spoken, variants
from crm.core.search import words as words_in
from crm.events.models import Guest

_BESIDE = " | "


def words_of(*names: str | None) -> str:
    """Every spelling of a guest, as the search at the door compares it: folded, as it sounds, Müller as Mueller."""
    written = [name for name in names if name]
    found = [fold(name).replace(" ", "") for name in written]
    found += (key for name in written for key in spoken(name))
    found += (key for name in written for word in words_in(name) for key in sorted(variants(word)))
    return " ".join(dict.fromkeys(found))


def with_others(said: str, *names: str | None) -> str:
    """A guest's words, and after a mark those of who comes with them or instead, in place of the last such."""
    others = words_of(*names)
    return said.partition(_BESIDE)[0] + (_BESIDE + others if others else "")


def as_before(said: str, old: str) -> str:
    """A guest's new words, with who comes with them as they stood in the old ones."""
    _own, mark, others = old.partition(_BESIDE)
    return said + mark + others


def matches(text: str) -> Any:
    """Every word of the question, in whichever spelling, is part of the guest's."""
    conditions = []
    for word in fold(text).split():
        forms = {word, romaji_key(word), *variants(word)} - {""}
        conditions.append(or_(*(col(Guest.words).contains(form, autoescape=True) for form in sorted(forms))))
    return and_(*conditions)
