"""A mission's entries with what is to be done next, and what waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE
from crm.core.errors import Missing
from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.core.paging import PER_PAGE, after, cut, decode_cursor
from crm.listings.actions.moves import office_settings
from crm.listings.models import Confirmation, Listing, ListingSettings, ListingState, Nomination
from crm.listings.queries.asking import QUIET_DAYS, answered_since
from crm.listings.queries.nominations import nominations_of
from crm.people.models import Affiliation, ContactKind, ContactPoint, ContactState, Person

TONES = {
    ListingState.DRAFT: "none",
    ListingState.AWAITING: "waiting",
    ListingState.AGREED: "key",
    ListingState.PUBLISHED: "ok",
    ListingState.DUE: "warn",
    ListingState.HIDDEN: "none",
    ListingState.DECLINED: "error",
    ListingState.WITHDRAWN: "error",
}
ASKABLE = (ListingState.DRAFT, ListingState.AWAITING, ListingState.PUBLISHED, ListingState.DUE, ListingState.HIDDEN)


@dataclass(frozen=True)
class Line:
    """One row of the list. ``address``: ``ok``, ``bounced`` or ``none``; ``days`` until ``day``, negative when past."""

    listing: Listing
    person: Person
    institution: str
    address: str
    step: Lazy
    today: date
    day: date | None = None

    @property
    def tone(self) -> str:
        return TONES[self.listing.state]

    @property
    def days(self) -> int:
        return (self.day - self.today).days if self.day else 0


def listings_of(actor: Actor) -> Select[Listing, Person]:
    """The entries of the reader's office, in the order of the names."""
    return (
        select(Listing, Person)
        .join(Person, col(Person.id) == col(Listing.person_id))
        .where(col(Listing.office_id) == actor.office_id)
        .order_by(col(Person.sort_key), col(Listing.id))
    )


def listing_of(session: Session, actor: Actor, listing_id: UUID) -> tuple[Listing, Person]:
    row = session.execute(listings_of(actor).where(col(Listing.id) == listing_id)).first()
    if row is None:
        raise Missing()
    return row[0], row[1]


def counts_of(session: Session, actor: Actor) -> dict[ListingState, int]:
    counted = select(col(Listing.state), func.count()).where(col(Listing.office_id) == actor.office_id)
    return dict(session.execute(counted.group_by(col(Listing.state))).all())


def list_entries(
    session: Session, actor: Actor, state: ListingState | None, cursor: str | None, most: int = PER_PAGE
) -> tuple[list[Line], str | None]:
    """One page, and the cursor of the next."""
    statement = listings_of(actor).limit(most + 1)
    if state:
        statement = statement.where(col(Listing.state) == state)
    if values := decode_cursor(cursor, 2):
        keys: list[Any] = [col(Person.sort_key), col(Listing.id)]
        statement = statement.where(after(keys, [values[0], _uuid(values[1])]))
    found: Sequence[Any] = session.execute(statement).all()
    rows, later = cut(found, most, lambda row: [row[1].sort_key, row[0].id])
    shown: Sequence[Any] = rows
    return lines(session, actor, [(row[0], row[1]) for row in shown]), later


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def lines(session: Session, actor: Actor, rows: list[tuple[Listing, Person]]) -> list[Line]:
    """Rows with institution, address and next step: two queries, however many rows."""
    ids = [person.id for _, person in rows]
    places = select(col(Affiliation.person_id), col(Affiliation.institution)).where(col(Affiliation.person_id).in_(ids))
    institutions = dict(session.execute(places.order_by(col(Affiliation.main), col(Affiliation.id))).all())
    points = select(col(ContactPoint.person_id), col(ContactPoint.state)).where(
        col(ContactPoint.person_id).in_(ids),
        col(ContactPoint.office_id) == actor.office_id,
        col(ContactPoint.kind) == ContactKind.EMAIL,
    )
    states: dict[UUID, set[ContactState]] = {}
    for person_id, state in session.execute(points):
        states.setdefault(person_id, set()).add(state)
    settings = office_settings(session, actor.office_id)
    found = []
    for listing, person in rows:
        address = address_state(states.get(person.id, set()))
        step, moment = next_step(listing, address, settings)
        day = moment.astimezone(ZoneInfo(actor.zone)).date() if moment else None
        found.append(Line(listing, person, institutions.get(person.id, ""), address, step, actor.today, day))
    return found


def address_state(states: set[ContactState]) -> str:
    if ContactState.OK in states:
        return "ok"
    return "bounced" if ContactState.BOUNCED in states else "none"


def next_step(listing: Listing, address: str, settings: ListingSettings) -> tuple[Lazy, datetime | None]:
    """What the mission does next with an entry, and when."""
    state = listing.state
    asked = listing.reminded_at or listing.requested_at
    if state is ListingState.DRAFT:
        return (_l("Request consent") if address == "ok" else _l("Find another way to ask")), None
    if state is ListingState.AWAITING:
        day = asked + timedelta(days=QUIET_DAYS) if asked else None
        return (_l("Remind if silent") if address == "ok" else _l("Ask by another channel")), day
    if state is ListingState.AGREED:
        return _l("Publish"), listing.confirmed_at
    if state is ListingState.PUBLISHED:
        return _l("Yearly confirmation"), listing.confirm_by
    if state is ListingState.DUE and listing.confirm_by:
        return _l("Will be hidden unless confirmed"), listing.confirm_by + timedelta(days=settings.grace_days)
    if state is ListingState.HIDDEN and listing.requested_at and not answered_since(listing):
        return _l("Waiting for confirmation"), None
    return (_l("Ask for confirmation") if state is ListingState.HIDDEN else _l("Nothing to do")), None


@dataclass(frozen=True)
class Worklist:
    unreachable: list[Line]
    """No address that works: a link by hand, a printed letter, or a new address."""
    fading: list[Line]
    """Due for confirmation: one more try by another channel before the entry is hidden."""
    nominations: list[Nomination]


def worklist_of(session: Session, actor: Actor, most: int = 200) -> Worklist:
    usable = select(col(ContactPoint.person_id)).where(
        col(ContactPoint.office_id) == actor.office_id,
        col(ContactPoint.kind) == ContactKind.EMAIL,
        col(ContactPoint.state) == ContactState.OK,
    )
    open_states = (ListingState.DRAFT, ListingState.AWAITING, ListingState.DUE, ListingState.HIDDEN)
    lost = listings_of(actor).where(col(Listing.state).in_(open_states), col(Listing.person_id).not_in(usable))
    due = listings_of(actor).where(col(Listing.state) == ListingState.DUE)
    proposals = nominations_of(actor).where(col(Nomination.state) == "open")
    return Worklist(
        lines(session, actor, [(row[0], row[1]) for row in session.execute(lost.limit(most))]),
        lines(session, actor, [(row[0], row[1]) for row in session.execute(due.limit(most))]),
        list(session.execute(proposals.order_by(col(Nomination.id)).limit(most)).scalars()),
    )


def moves_of(listing: Listing) -> Select[Confirmation]:
    mine = select(Confirmation).where(col(Confirmation.listing_id) == listing.id)
    return mine.order_by(col(Confirmation.id).desc())


def listings_about(actor: Actor, person_id: UUID) -> Select[Listing]:
    """The office's entries for a person, the newest first."""
    mine = (col(Listing.office_id) == actor.office_id) & (col(Listing.person_id) == person_id)
    return select(Listing).where(mine).order_by(col(Listing.id).desc())


_ENTRIES = (
    select(func.count())
    .select_from(Listing)
    .where(col(Listing.office_id) == OFFICE, col(Listing.state).in_([ListingState.AGREED, ListingState.DUE]))
)
_PROPOSALS = (
    select(func.count())
    .select_from(Nomination)
    .where(col(Nomination.office_id) == OFFICE, col(Nomination.state) == "open")
)
WAITING_COUNT = _ENTRIES.scalar_subquery() + _PROPOSALS.scalar_subquery()
"""Entries that wait for the mission, agreed or due, and open proposals."""


def listed(office_id: UUID, _before: date) -> Any:
    """Ids of people with an entry of this office that has not ended."""
    ended = (ListingState.DECLINED, ListingState.WITHDRAWN)
    return select(col(Listing.person_id)).where(col(Listing.office_id) == office_id, col(Listing.state).not_in(ended))
