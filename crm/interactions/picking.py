"""Choosing people while one types: the chosen stay above what the words find."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import bindparam
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.accounts.reader import seen_by
from crm.people.models import Person
from crm.people.queries.search import Found, affiliations_of, found_in, suggest_people
from crm.people.queries.visible import VISIBLE


def _ids_alone(values: object) -> object:
    return [value for value in values if _is_id(value)] if isinstance(values, list) else values


def _is_id(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


class Chosen(BaseModel):
    """What a form says of people so far: ids, names of new ones, and the words to look for."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    people: Annotated[list[UUID], BeforeValidator(_ids_alone)] = Field(default_factory=list)
    new_people: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list)
    who: Annotated[str, Field(max_length=500)] = ""

    @classmethod
    def of(cls, typed: dict[str, Any]) -> "Chosen":
        """As much of a posted form as makes sense; the form's own errors say what does not."""
        new = [name for name in typed["new_people"] if len(name) <= 300]
        return cls.model_validate({**typed, "new_people": new, "who": typed["who"][:500]})


@dataclass(frozen=True)
class Who:
    """``new``: a name that may be added, for who may add people."""

    chosen: Sequence[Found]
    new_chosen: Sequence[str]
    found: Sequence[Found]
    new: str
    words: str


_THESE = VISIBLE.where(col(Person.id).in_(bindparam("ids", expanding=True)))


def chosen_people(session: Session, actor: Actor, wanted: Chosen) -> Who:
    chosen = _those(session, actor, wanted.people)
    found = suggest_people(session, actor, wanted.who) if wanted.who else []
    may_add = actor.may(Permission.PEOPLE_EDIT)
    return Who(
        chosen=chosen,
        new_chosen=list(dict.fromkeys(wanted.new_people)) if may_add else [],
        found=[one for one in found if one.id not in wanted.people],
        new=wanted.who if may_add and wanted.who not in wanted.new_people else "",
        words=wanted.who,
    )


def _those(session: Session, actor: Actor, ids: list[UUID]) -> list[Found]:
    """In the order of choosing; who is not open to the reader is left out."""
    if not ids:
        return []
    people = {one.id: one for one in session.execute(_THESE, {**seen_by(actor), "ids": ids}).scalars()}
    posts = affiliations_of(session, actor, list(people))
    return [found_in(people[id], posts) for id in dict.fromkeys(ids) if id in people]
