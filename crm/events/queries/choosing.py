"""People of the records for a guest list: by the filters of the list of people, by past attendance, from a list."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationError
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.datastructures import QueryParams

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.core.errors import Missing
from crm.core.forms import values_of
from crm.events.models import Event
from crm.events.queries.near import around
from crm.events.queries.past import Attendance, with_attendance
from crm.events.queries.standing import Against, standing_of
from crm.imports.models import ImportFile, ImportRow
from crm.imports.queries.files import imports_visible_to
from crm.people.forms import PersonSearch
from crm.people.letters import language_of
from crm.people.models import Person
from crm.people.queries.exports import people_in_order
from crm.people.queries.known import Known, describe, visible_ids
from crm.privacy.models import Purpose
from crm.privacy.queries.consents import who_allow

_LISTS = 5
EVERYBODY = 2000
"""So many at once, where nobody ticks them one by one."""


def _kilometres(typed: object) -> int | None:
    """Half the way around the earth is everywhere; what is no distance asks for none."""
    text = str(typed or "").strip()
    return min(int(text), 20_000) or None if text.isascii() and text.isdecimal() else None


class GuestChoice(PersonSearch):
    """The address of the page on which guests are chosen."""

    attendance: Attendance | Literal[""] = ""
    """Only who came to an event of the office, or did not; ``at``: to which, else to any."""
    at: Annotated[str, Field(max_length=300)] = ""
    letters: list[str] = Field(default_factory=list)
    """Only who is written to in one of these languages."""
    speaks: list[str] = Field(default_factory=list)
    """Only who speaks one of these."""
    fresh: bool = False
    """Nobody whom the office has invited in the last three months."""
    news: bool = False
    """Only who allows the office to send news."""
    file: UUID | None = None
    """Only who stands on this imported list."""
    within: Annotated[int | None, BeforeValidator(_kilometres)] = None
    """Only who works in a city so many kilometres from the venue, or from the city ``near``."""
    near: Annotated[str, Field(max_length=200)] = ""


def choice_of(query: str) -> GuestChoice:
    """Missing for an address that there is not."""
    try:
        return GuestChoice.model_validate(values_of(QueryParams(query), GuestChoice))
    except ValidationError as fault:
        raise Missing() from fault


def people_for(session: Session, actor: Actor, event: Event, wanted: GuestChoice, most: int) -> list[Known]:
    """The first ``most``, as the reader may see them."""
    known = _listed_in(session, actor, wanted.file) if wanted.file else _matching(session, actor, wanted)
    return list(islice(_narrowed(session, actor, event, wanted, known), most))


def _matching(session: Session, actor: Actor, wanted: GuestChoice) -> Iterator[list[Known]]:
    apart = GuestChoice.model_fields.keys() - PersonSearch.model_fields.keys()
    return people_in_order(session, actor, PersonSearch(**wanted.model_dump(exclude=apart)))


def _listed_in(session: Session, actor: Actor, file_id: UUID) -> Iterator[list[Known]]:
    """In the order of the list: who was made from a row, and who was known already."""
    bearer = func.coalesce(col(ImportRow.person_id), col(ImportRow.match_id))
    rows = select(bearer).join(ImportFile, col(ImportFile.id) == col(ImportRow.file_id)).where(bearer.is_not(None))
    mine = rows.where(col(ImportFile.id) == file_id, col(ImportFile.office_id) == actor.office_id)
    ids = list(dict.fromkeys(session.execute(mine.order_by(col(ImportRow.position))).scalars()))
    seen = visible_ids(session, actor, ids)
    known = describe(session, actor, [id for id in ids if id in seen])
    yield [known[id] for id in ids if id in known]


def _narrowed(
    session: Session, actor: Actor, event: Event, wanted: GuestChoice, known: Iterator[list[Known]]
) -> Iterator[Known]:
    for some in known:
        ids = [one.id for one in some]
        against = standing_of(session, actor, event, ids) if wanted.fresh else {}
        kept = {id for id in ids if against.get(id) is not Against.RECENT}
        if wanted.attendance:
            kept &= with_attendance(session, actor, ids, Attendance(wanted.attendance), wanted.at)
        if wanted.news:
            kept &= who_allow(session, ids, Purpose.NEWS, actor.office_id)
        if wanted.letters or wanted.speaks:
            kept &= _in_language(session, ids, wanted)
        yield from (one for one in some if one.id in kept)


def _in_language(session: Session, ids: list[UUID], wanted: GuestChoice) -> set[UUID]:
    people = session.execute(select(Person).where(col(Person.id).in_(ids))).scalars()
    return {
        one.id
        for one in people
        if not wanted.letters or (one.preferred_language or language_of(one)) in wanted.letters
        if not wanted.speaks or set(one.spoken_languages) & set(wanted.speaks)
    }


@dataclass(frozen=True)
class Found:
    """Whom a choice has found: ``free`` may be invited, ``recent`` were invited lately, ``barred`` counts others."""

    people: list[Known]
    more: bool
    free: list[UUID]
    recent: list[UUID]
    barred: dict[Against, int]


def found_by(session: Session, actor: Actor, event: Event, query: str) -> Found:
    wanted = choice_of(query)
    if wanted.within:
        wanted = wanted.model_copy(update={"place": around(session, actor, event, wanted.within, wanted.near).places})
    people = people_for(session, actor, event, wanted, EVERYBODY + 1)
    against = standing_of(session, actor, event, [one.id for one in people])
    barred = Counter(reason for reason in against.values() if reason.forbids)
    return Found(
        people=people[:EVERYBODY],
        more=len(people) > EVERYBODY,
        free=[one.id for one in people if one.id not in against],
        recent=[one.id for one in people if against.get(one.id) is Against.RECENT],
        barred=dict(barred),
    )


def recent_lists(session: Session, actor: Actor) -> list[ImportFile]:
    """That the office has taken in lately; for who may see them."""
    if not actor.may(Permission.IMPORTS_VIEW):
        return []
    taken_in = imports_visible_to(actor).where(col(ImportFile.applied_at).is_not(None))
    kept = taken_in.where(col(ImportFile.undone_at).is_(None)).limit(_LISTS)
    return list(session.execute(kept).scalars())
