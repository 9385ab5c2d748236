"""Answers to an invitation or a registration. The event's row is the lock: places are never given twice."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.errors import Refused, WrongField
from crm.core.i18n import SOURCE_LANGUAGE, current_language, ngettext
from crm.core.i18n import lazy_gettext as _l
from crm.core.search import fold
from crm.events.actions.guests import language_for
from crm.events.actions.pacing import stop_letters_to
from crm.events.actions.waiting import beyond, pass_on, room_for
from crm.events.forms import RegisterForm, ReplyForm
from crm.events.models import (
    Admission,
    Answer,
    Companion,
    Event,
    Guest,
    GuestNeeds,
    GuestPass,
    Objection,
    Reply,
)
from crm.events.queries.spellings import with_others, words_of

AT_VENUE = (Reply.VENUE, Reply.SUBSTITUTE)


def answer(session: Session, guest: Guest, data: ReplyForm, actor: Actor | None = None) -> Guest:
    """What the guest says, or what the staff notes for them; staff may do so until the event is over."""
    event = _locked(session, guest.event_id)
    session.refresh(guest, with_for_update=True)
    if event.is_over or not (actor or event.takes_answers):
        raise Refused(_l("Answers can no longer be changed. Please write to the host."))
    _check(event, data)
    held, before, wish = guest.holds_places, guest.places, guest.reply
    beside = _beside(guest, data)
    over = _set_reply(session, event, guest, data, places=len(beside) + (data.reply is not Reply.NO), staff=bool(actor))
    _set_beside(session, event, guest, data, beside)
    session.flush()
    waits = guest.waiting_since is not None
    session.add(
        Answer(
            guest_id=guest.id, reply=data.reply, places=guest.places, waits=waits,
            noted_by=actor.user_id if actor else None,
        )
    )  # fmt: skip
    if actor:
        record(session, actor, "answered", event, {"guests": [guest.id], **({"beyond_capacity": over} if over else {})})
    if held and before > 0 and (guest.places < before or guest.reply is not wish):
        pass_on(session, event)
    session.flush()
    return guest


def _locked(session: Session, event_id: UUID) -> Event:
    event: Event = session.execute(select(Event).where(col(Event.id) == event_id).with_for_update()).scalar_one()
    return event


def _check(event: Event, data: ReplyForm) -> None:
    if data.reply is Reply.SUBSTITUTE and not data.substitute:
        raise WrongField("substitute", _l("Please give the name of who comes instead."))
    if data.reply in (Reply.VENUE, Reply.SUBSTITUTE) and not event.has_venue:
        raise WrongField("reply", _l("This event takes place online only."))
    if data.reply is Reply.ONLINE and not event.is_online:
        raise WrongField("reply", _l("This event takes place at the venue only."))
    if data.needs and not data.needs_agreed:
        raise WrongField(
            "needs_agreed", _l("Without your consent we cannot keep this. Tick the box, or empty the field.")
        )
    if data.partner_comes and data.partner is None:
        raise WrongField("partner", _l("Please give the name for the badge."))
    if data.plate and not data.legal_name:
        raise WrongField("legal_name", _l("Please give the name as the passport or identity card has it."))
    if len(data.companion) > event.companions:
        raise WrongField("companion", _most(event))


def _most(event: Event) -> str:
    return ngettext("You may bring %(num)s guest at most.", "You may bring %(num)s guests at most.", event.companions)


def _beside(guest: Guest, data: ReplyForm) -> list[Companion]:
    """Who comes along: whoever is invited with the guest, then those whom they bring."""
    if data.reply not in AT_VENUE:
        return []
    names = [(data.partner or "", True)] if guest.partner and data.partner_comes else []
    names += [(name, False) for name in data.companion]
    return [
        Companion(guest_id=guest.id, place=place, name=name, invited=invited)
        for place, (name, invited) in enumerate(names, 1)
    ]


def _set_reply(session: Session, event: Event, guest: Guest, data: ReplyForm, *, places: int, staff: bool) -> int:
    """By how many the capacity is exceeded: only the staff may, and says so."""
    room = room_for(session, event, guest, data.reply) if places else None
    accepts = guest.offered_until is not None and data.reply is guest.reply and places <= guest.places
    over = 0 if accepts or room is None else max(0, places - max(0, room))
    guest_waits = over and not (staff and data.beyond)
    if guest_waits:
        _wait_or_refuse(event, guest, beyond(event, data.reply, places, room or 0) if staff else _full(room or 0))
    else:
        guest.waiting_since = None
    guest.offered_until = None
    guest.reply, guest.replied_at, guest.places = data.reply, now(), places
    substitute = data.substitute if data.reply is Reply.SUBSTITUTE else None
    if substitute != guest.substitute:
        guest.badge = {}
    guest.substitute = substitute
    return 0 if guest_waits else over


def _wait_or_refuse(event: Event, guest: Guest, refusal: WrongField) -> None:
    """Registrations wait in the order in which they came; an invitation knows no waiting list.

    Who has a place already and wants more, or another, is refused: waiting would cost them the one they have.
    """
    has_place = guest.reply is not None and guest.reply.comes and guest.holds_places
    if event.admission is Admission.REGISTRATION and not has_place:
        guest.waiting_since = guest.waiting_since or now()
        return
    raise refusal


def _full(room: int) -> WrongField:
    if room <= 0:
        return WrongField("reply", _l("All places there have been taken. Please write to the host."))
    return WrongField("companion", ngettext("Only %(num)s place is left.", "Only %(num)s places are left.", room))


def _set_beside(session: Session, event: Event, guest: Guest, data: ReplyForm, beside: list[Companion]) -> None:
    """Who comes along, what they need, what was asked."""
    session.execute(delete(Companion).where(col(Companion.guest_id) == guest.id))
    session.add_all(beside)
    guest.partner = next((one.name for one in beside if one.invited), guest.partner)
    guest.words = with_others(guest.words, guest.substitute, *(one.name for one in beside))
    if event.asks_needs:
        session.execute(delete(GuestNeeds).where(col(GuestNeeds.guest_id) == guest.id))
        if data.needs and data.reply is not Reply.NO:
            session.add(GuestNeeds(guest_id=guest.id, words=data.needs, language=current_language()))
    if event.asks_pass:
        session.execute(delete(GuestPass).where(col(GuestPass.guest_id) == guest.id))
        if data.legal_name and data.reply in AT_VENUE:
            session.add(GuestPass(guest_id=guest.id, legal_name=data.legal_name, plate=data.plate))
    if event.asks_photo and data.photo:
        guest.photo = data.photo == "yes"
    guest.said = data.said[: len(event.questions)]


def register(session: Session, event: Event, data: RegisterForm) -> Guest:
    """Somebody signs up. Who is registered already is given back unchanged: only their own link changes anything."""
    if event.admission is not Admission.REGISTRATION or not event.is_public or not event.takes_answers:
        raise Refused(_l("Registration is closed."))
    if data.reply not in (Reply.VENUE, Reply.ONLINE):
        raise WrongField("reply", _l("Please choose one of the options."))
    _locked(session, event.id)
    same = select(Guest).where(col(Guest.event_id) == event.id, col(Guest.email) == data.email)
    known: Guest | None = session.execute(same).scalars().first()
    if known:
        return known
    guest = Guest(
        event_id=event.id, office_id=event.office_id, name=data.name, institution=data.institution, email=data.email,
        language=language_for(event, current_language(), SOURCE_LANGUAGE), source=data.source, sort_key=fold(data.name),
        words=words_of(data.name, data.institution), invited_at=now(),
    )  # fmt: skip
    session.add(guest)
    session.flush()
    return answer(session, guest, data)


def object_to_invitations(session: Session, event: Event, guest: Guest) -> None:
    """No further invitations of this office, whoever keeps the list. Somebody must be known to be left in peace."""
    email = guest.email or guest.assistant
    if guest.person_id is None and email is None:
        raise Refused(_l("We have no address of yours. Please write to the host."))
    same = select(col(Objection.id)).where(col(Objection.office_id) == event.office_id)
    mine = col(Objection.person_id) == guest.person_id if guest.person_id else col(Objection.email) == email
    if session.execute(same.where(mine)).first() is None:
        session.add(Objection(office_id=event.office_id, person_id=guest.person_id, email=email))
        session.flush()
        stop_letters_to(session, event.office_id, guest)
