"""Whether somebody who is written down for a guest list is on it already, or in the records that the reader may see."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.i18n import lazy_gettext as _l
from crm.core.matching import Candidate, score
from crm.core.search import fold
from crm.events.forms import GuestForm
from crm.events.models import Event, Guest
from crm.people.entries import PersonEntry
from crm.people.queries.alike import people_alike
from crm.people.queries.known import Known, describe, reached_by, visible_ids

_FEW, _LOOKED_AT = 5, 200
_LEAST = 0.25
"""As with records: a name that reads the same is reason enough to look."""
_SAME_ADDRESS = _l("The same e-mail address")


@dataclass(frozen=True)
class AlikeGuest:
    """``guest_id``: on this list; else ``person_id``: a record."""

    name: str
    institution: str
    reasons: list[str]
    guest_id: UUID | None = None
    person_id: UUID | None = None


def alike_to(session: Session, actor: Actor, event: Event, data: GuestForm) -> list[AlikeGuest]:
    """Those on the list first."""
    here = _on_list(session, event, data)
    entry = PersonEntry(
        data.name, kana=data.kana, latin=data.latin, institution=data.institution, email=data.email,
    )  # fmt: skip
    listed = {guest.person_id for guest, _reasons in here}
    records = people_alike(session, actor, entry)
    likely = {one.person.id: (one.person, [str(each) for each in one.match.reasons]) for one in records}
    likely |= {one.id: (one, [str(_SAME_ADDRESS)]) for one in _reached(session, actor, data) if one.id not in likely}
    found = [
        AlikeGuest(guest.name, guest.institution, reasons, guest_id=guest.id) for guest, reasons in here
    ]  # fmt: skip
    for person_id, (person, reasons) in likely.items():
        if person_id not in listed:
            name = person.fields["kanji"] or person.fields["full_name"] or ""
            found.append(AlikeGuest(name, person.fields["institution"] or "", reasons, person_id=person_id))
    return found[:_FEW]


def _reached(session: Session, actor: Actor, data: GuestForm) -> list[Known]:
    """Whom the reader sees, and has at this address, whatever they are called."""
    reached = reached_by(session, actor, _addresses(data.email, data.assistant)).values()
    ids = visible_ids(session, actor, {id for some in reached for id in some})
    return list(describe(session, actor, ids).values())


def _addresses(*said: str | None) -> list[str]:
    return [address.lower() for address in said if address]


def _on_list(session: Session, event: Event, data: GuestForm) -> list[tuple[Guest, list[str]]]:
    names = [name for name in (data.name, data.kana, data.latin) if name]
    addresses = _addresses(data.email, data.assistant)
    parts = {fold(word) for name in names for word in name.split() if len(word) > (2 if word.isascii() else 1)}
    near = [col(Guest.words).contains(part, autoescape=True) for part in sorted(parts)]
    near += [func.lower(col(each)).in_(addresses) for each in (Guest.email, Guest.assistant)]
    if data.institution:
        near.append(func.lower(col(Guest.institution)) == data.institution.lower())
    mine = select(Guest).where(col(Guest.event_id) == event.id, or_(*near)).limit(_LOOKED_AT)
    wanted = Candidate(tuple(names), institution=data.institution, emails=tuple(addresses))
    weighed = [(guest, score(wanted, _candidate(guest))) for guest in session.execute(mine).scalars()]
    found = []
    for guest, match in sorted(weighed, key=lambda each: -each[1].weight):
        same = set(addresses) & set(_addresses(guest.email, guest.assistant))
        if same or match.score >= _LEAST:
            found.append((guest, [str(reason) for reason in match.reasons] or [str(_SAME_ADDRESS)]))
    return found


def _candidate(guest: Guest) -> Candidate:
    names = tuple(name for name in (guest.name, guest.kana, guest.latin) if name)
    return Candidate(names, institution=guest.institution, emails=tuple(_addresses(guest.email, guest.assistant)))
