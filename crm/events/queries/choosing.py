"""People of the records for a guest list: by the filters of the list of people, by past attendance, from a list."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationError
from sqlalchemy import func, select
from sqlmodel import Session, col
from starlette.datastructures import QueryParams

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.core.errors import Missing
from crm.core.forms import values_of
from crm.events.models import CheckIn, Event, Guest
from crm.events.queries.standing import Against, standing_of
from crm.imports.models import ImportFile, ImportRow
from crm.imports.queries.files import imports_visible_to
from crm.people.forms import PersonSearch
from crm.people.queries.exports import people_in_order
from crm.people.queries.known import Known, describe, visible_ids
from crm.privacy.models import Purpose
from crm.privacy.queries.consents import who_allow

_LISTS = 5


def _kilometres(typed: object) -> int | None:
    """Half the way around the earth is everywhere; what is no distance asks for none."""
    text = str(typed or "").strip()
    return min(int(text), 20_000) or None if text.isascii() and text.isdecimal() else None


class GuestChoice(PersonSearch):
    """The address of the page on which guests are chosen."""

    came: bool = False
    """Only who has come to an event of the office."""
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
        came = _came(session, actor, ids) if wanted.came else set(ids)
        agreed = who_allow(session, ids, Purpose.NEWS, actor.office_id) if wanted.news else came
        against = standing_of(session, actor, event, ids) if wanted.fresh else {}
        yield from (one for one in some if one.id in came & agreed and against.get(one.id) is not Against.RECENT)


def _came(session: Session, actor: Actor, ids: list[UUID]) -> set[Any]:
    mine = select(col(Guest.person_id)).join(CheckIn, col(CheckIn.guest_id) == col(Guest.id))
    mine = mine.join(Event, col(Event.id) == col(CheckIn.event_id))
    mine = mine.where(col(Event.office_id) == actor.office_id, col(Guest.person_id).in_(ids), col(CheckIn.place) == 0)
    return set(session.execute(mine).scalars())


def recent_lists(session: Session, actor: Actor) -> list[ImportFile]:
    """That the office has taken in lately; for who may see them."""
    if not actor.may(Permission.IMPORTS_VIEW):
        return []
    taken_in = imports_visible_to(actor).where(col(ImportFile.applied_at).is_not(None))
    kept = taken_in.where(col(ImportFile.undone_at).is_(None)).limit(_LISTS)
    return list(session.execute(kept).scalars())
