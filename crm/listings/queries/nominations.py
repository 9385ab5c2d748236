"""What came in and waits for somebody, or has been dealt with; never what is still unconfirmed."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, func, literal, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE
from crm.core.paging import PER_PAGE, beyond, cut
from crm.listings.actions.corrections import split_keywords
from crm.listings.forms import NominationSearch
from crm.listings.models import Nomination, NominationKind
from crm.people.entries import PersonEntry
from crm.people.models import BY_HAND, Origin, Source

UNCONFIRMED = "unconfirmed"
_KNOWN = col(Nomination.state) != UNCONFIRMED


def nominations_of(actor: Actor) -> Select[Nomination]:
    return select(Nomination).where(col(Nomination.office_id) == actor.office_id, _KNOWN)


def list_nominations(
    session: Session, actor: Actor, wanted: NominationSearch
) -> tuple[list[Nomination], str | None]:  # fmt: skip
    """One page, the newest first, and the cursor of the next."""
    order: list[Any] = [col(Nomination.id)]
    chosen = nominations_of(actor).where(beyond(wanted.after, order, [UUID], True))
    for column, value in ((Nomination.state, wanted.state), (Nomination.event_id, wanted.event)):
        chosen = chosen.where(col(column) == value) if value else chosen
    if wanted.source:
        chosen = chosen.where(col(Nomination.source) == wanted.source)
    rows = session.execute(chosen.order_by(col(Nomination.id).desc()).limit(PER_PAGE + 1)).all()
    kept, following = cut(rows, PER_PAGE, lambda row: [row[0].id])
    return [row[0] for row in kept], following


def entries_by_source(session: Session, event_id: UUID) -> dict[str, int]:
    """How many confirmed entries each link of an event has brought; ``""`` for those without one."""
    source = func.coalesce(col(Nomination.source), "")
    counted = select(source, func.count()).where(col(Nomination.event_id) == event_id, _KNOWN)
    return dict(session.execute(counted.group_by(source)).all())


def entry_from(nomination: Nomination) -> PersonEntry:
    """The person as they, or somebody else, wrote them down."""
    said: dict[str, Any] = nomination.fields
    names = ("kanji", "kana", "latin", "title", "institution", "unit", "city", "country", "email", "note")
    written: dict[str, Any] = {name: said.get(name) for name in names}
    return PersonEntry(
        full_name=said["full_name"],
        **written,
        research_fields=tuple(split_keywords(said.get("keywords"))),
        links=(said["page"],) if said.get("page") else (),
        source=Source(Origin.PERSON) if nomination.is_interest else BY_HAND,
    )


def own_entries(session: Session, person_id: UUID) -> list[Nomination]:
    """Those that have become part of this record, for the person themself."""
    mine = select(Nomination).where(
        col(Nomination.person_id) == person_id, col(Nomination.kind) == NominationKind.INTEREST
    )
    return list(session.execute(mine.order_by(col(Nomination.id).desc())).scalars())


STORY_ROWS: Any = select(
    col(Nomination.confirmed_at).label("at"), col(Nomination.id).label("id"), literal("interest").label("kind")
).where(
    col(Nomination.person_id) == bindparam("person", type_=Uuid()),
    col(Nomination.office_id) == OFFICE,
    col(Nomination.kind) == NominationKind.INTEREST,
)
