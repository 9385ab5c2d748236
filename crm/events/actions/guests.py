"""Keeping the guest list."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.core.errors import Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.names import parse_name
from crm.core.search import fold
from crm.events.actions.waiting import pass_on
from crm.events.forms import AddForm, EverybodyForm, GuestForm
from crm.events.models import CheckIn, Event, Guest, Reserve
from crm.events.queries.alike import alike_to
from crm.events.queries.choosing import found_by
from crm.events.queries.spellings import as_before, words_of
from crm.events.queries.standing import Against, barred_addresses, standing_of
from crm.people.letters import language_of
from crm.people.models import ContactKind, ContactPoint, ContactState, Person
from crm.people.queries.known import Known, chunks, describe, visible_ids


@dataclass
class Added:
    """How many are on the list now, and who was left out, why."""

    number: int = 0
    left_out: dict[Against, int] = field(default_factory=dict)


def add_guests(session: Session, actor: Actor, event: Event, data: AddForm) -> Added:
    """People of the records; whom the office does not see, or must not invite, is left out. Others were ticked."""
    if not data.ids:
        raise WrongField("ids", _l("Please choose at least one person."))
    seen = visible_ids(session, actor, data.ids)
    ids = [id for id in dict.fromkeys(data.ids) if id in seen]
    against = standing_of(session, actor, event, ids)
    barred = {id: reason for id, reason in against.items() if reason.forbids}
    added = Added(left_out=dict(Counter(barred.values())))
    made = guests_from(session, actor, event, [id for id in ids if id not in barred])
    for guest in made:
        guest.reserve = data.reserve
    session.add_all(made)
    session.flush()
    added.number = len(made)
    if made:
        record(session, actor, "listed", event, {"people": [guest.person_id for guest in made]})
    return added


def add_everybody(session: Session, actor: Actor, event: Event, data: EverybodyForm) -> Added:
    """Refused when others are found by now than were shown."""
    found = found_by(session, actor, event, data.query)
    if found.more or len(found.free) != data.expected:
        raise Refused(_l("Other people are found now than were shown. Please look at the number again."))
    ids = [*found.free, *(found.recent if data.recent else ())]
    return add_guests(session, actor, event, AddForm.model_construct(ids=ids, reserve=data.reserve))


def guests_from(session: Session, actor: Actor, event: Event, ids: Collection[UUID]) -> list[Guest]:
    """Not stored yet. The badge and the letter say what the record says today."""
    known = describe(session, actor, ids)
    emails = _emails(session, actor, ids)
    people = {}
    for part in chunks(ids):
        people.update(
            {one.id: one for one in session.execute(select(Person).where(col(Person.id).in_(part))).scalars()}
        )
    return [_guest(actor, event, known[id], people[id], emails.get(id)) for id in ids]


def _guest(actor: Actor, event: Event, known: Known, person: Person, email: str | None) -> Guest:
    language = language_for(event, person.preferred_language, language_of(person))
    name = person.kanji if language == "ja" and person.kanji else person.latin or person.full_name
    return Guest(
        event_id=event.id, office_id=actor.office_id, person_id=person.id, proposed_by=actor.user_id,
        name=name, kana=person.kana, latin=person.latin, title=known.fields["title"],
        institution=known.fields["institution"] or "", email=email, language=language, sector=person.sector.value,
        country=known.fields["country"],
        sort_key=person.sort_key, words=words_of(name, *known.names, person.kana, known.fields["institution"]),
    )  # fmt: skip


def language_for(event: Event, *wishes: str | None) -> str:
    """The first wish that the event speaks, else its first language."""
    return next((wish for wish in wishes if wish in event.languages), event.languages[0] if event.languages else "en")


def _emails(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    """Addresses of the office's own that work."""
    found: dict[UUID, str] = {}
    for part in chunks(ids):
        points = select(col(ContactPoint.person_id), col(ContactPoint.value)).where(
            col(ContactPoint.office_id) == actor.office_id,
            col(ContactPoint.kind) == ContactKind.EMAIL,
            col(ContactPoint.state) == ContactState.OK,
            col(ContactPoint.person_id).in_(part),
        )
        for person_id, value in session.execute(points.order_by(col(ContactPoint.id))):
            found.setdefault(person_id, value)
    return found


def add_named_guest(session: Session, actor: Actor, event: Event, data: GuestForm) -> Guest:
    """Somebody without a record, for this list alone."""
    _check_addresses(session, actor, {"email": data.email, "assistant": data.assistant})
    if data.email and _is_listed(session, event, data.email):
        raise WrongField("email", _l("Somebody with this address is on the list already."))
    if not data.anyway and alike_to(session, actor, event, data):
        raise WrongField("anyway", _l("This may be somebody who is known already. Please look, and decide."))
    guest = Guest(event_id=event.id, office_id=actor.office_id, proposed_by=actor.user_id, **_said(event, data))
    session.add(guest)
    session.flush()
    record(session, actor, "listed", event, {"guests": [guest.id]})
    return guest


def _is_listed(session: Session, event: Event, email: str) -> bool:
    same = select(col(Guest.id)).where(col(Guest.event_id) == event.id, col(Guest.email) == email)
    return session.execute(same).first() is not None


def _check_addresses(session: Session, actor: Actor, addresses: Mapping[str, str | None]) -> None:
    """``addresses`` by field: to each the office may write."""
    barred = barred_addresses(session, actor.office_id, {address for address in addresses.values() if address})
    for name, address in addresses.items():
        reason = barred.get((address or "").lower())
        if reason is Against.OBJECTED:
            raise WrongField(name, _l("This person wants no further invitations from your office."))
        if reason:
            raise WrongField(name, _l("Your office keeps this address as not to be used: do not write to it."))


def change_guest(session: Session, actor: Actor, event: Event, guest: Guest, data: GuestForm) -> None:
    session.refresh(guest, with_for_update=True)
    if data.version != guest.version:
        raise Refused(_l("Somebody else changed this guest in the meantime. Please look again."))
    new = {name: getattr(data, name) for name in ("email", "assistant") if getattr(data, name) != getattr(guest, name)}
    _check_addresses(session, actor, new)
    said = _said(event, data)
    changes = change(guest, {**said, "words": as_before(said["words"], guest.words)})
    session.flush()
    if changes:
        record(session, actor, "changed", event, {"guests": [guest.id]})


def _said(event: Event, data: GuestForm) -> dict[str, Any]:
    latin = data.latin or parse_name(data.name).latin
    return {
        **data.model_dump(exclude={"version", "anyway"}),
        "language": language_for(event, data.language),
        "latin": latin,
        "sort_key": order_of(data.name, data.kana),
        "words": words_of(data.name, data.kana, latin, data.institution, data.partner),
    }


def order_of(name: str, kana: str | None) -> str:
    """Where a guest stands in the list: by the reading where there is one, else by the family name."""
    parsed = parse_name(name)
    return fold(kana or " ".join(filter(None, [parsed.family, parsed.given])) or name)


def move_to(session: Session, actor: Actor, event: Event, guest: Guest, reserve: Reserve) -> None:
    guest.reserve = reserve
    session.flush()
    record(session, actor, "changed", event, {"guests": [guest.id]})


def remove_guest(session: Session, actor: Actor, event: Event, guest: Guest) -> None:
    """Refused for somebody who is expected, and for somebody who was there."""
    came = select(col(CheckIn.id)).where(col(CheckIn.guest_id) == guest.id).limit(1)
    if session.execute(came).first():
        raise Refused(_l("This guest was there; the list keeps that."))
    if guest.comes:
        raise Refused(_l("This guest has said yes. Please note first that they do not come."))
    session.refresh(event, with_for_update=True)
    record(session, actor, "unlisted", event, {"guests": [guest.id]})
    session.delete(guest)
    session.flush()
    pass_on(session, event)
