"""Inviting one by one: what was decided, cards on paper, what went by post, again to a new address."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.columns import now
from crm.core.errors import Refused, WrongField
from crm.core.forms import Day, FormModel
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import LetterState, OutboxLetter
from crm.events.actions.pacing import Pace
from crm.events.actions.sending import needs_decision, occasion_of
from crm.events.actions.writing import Writer
from crm.events.models import Event, Guest, GuestLetter, LetterKind
from crm.events.queries.guests import guest_of
from crm.events.queries.paper import PRINTED
from crm.events.queries.sending import WAITING, addressees, bar_of, mailing_of, wordings_of

_ALL = {"synchronize_session": False}


class CardsForm(FormModel):
    """Invitations on paper: for all who have no address, or for this one guest."""

    guest: UUID | None = None


class PostedForm(CardsForm):
    day: Day


def decide_on(session: Session, event: Event) -> None:
    """Whom the office has decided to invite: those who stand on the list at this moment."""
    chosen = addressees(event, mailing_of(session, event, LetterKind.INVITE)).with_only_columns(col(Guest.id))
    session.execute(update(Guest).where(col(Guest.id).in_(chosen)).values(approved_at=now()), execution_options=_ALL)


def awaits_decision(session: Session, event: Event, guest: Guest) -> bool:
    """The host wants it decided whom it invites, and nobody has decided on this guest."""
    known = guest.approved_at or guest.invited_at or guest.reply
    return not known and needs_decision(session, event)


def check_may_invite(session: Session, event: Event, guest: Guest) -> None:
    if event.cancelled_at:
        raise Refused(_l("This event has been cancelled."))
    if awaits_decision(session, event, guest):
        raise Refused(_l("Your office wants this approved first."))
    if reason := bar_of(session, guest):
        raise Refused(_l("%(name)s is not invited: %(reason)s.", name=guest.name, reason=reason.label))


def note_printed(session: Session, actor: Actor, event: Event, guests: Sequence[Guest]) -> None:
    for guest in guests:
        guest.printed_at = now()
    session.flush()
    record(session, actor, "changed", event, {"guests": [guest.id for guest in guests]})


def note_posted(session: Session, actor: Actor, event: Event, data: PostedForm) -> int:
    """The printed cards have gone by post: from this day on these guests are invited, and can be reminded."""
    if data.day > datetime.now(ZoneInfo(event.zone)).date():
        raise WrongField("day", _l("This day has not come yet."))
    if data.guest:
        guests = [guest_of(session, event, data.guest)]
        check_may_invite(session, event, guests[0])
    else:
        waiting = select(Guest).where(col(Guest.event_id) == event.id, PRINTED)
        guests = list(session.execute(waiting.with_for_update()).scalars())
    noon = datetime.combine(data.day, time(12), ZoneInfo(event.zone))
    for guest in guests:
        guest.posted_on, guest.invited_at = data.day, guest.invited_at or min(noon, now())
    session.flush()
    if guests:
        record(session, actor, "sent", event, {"letter": LetterKind.INVITE, "guests": [guest.id for guest in guests]})
    return len(guests)


def invite_again(session: Session, actor: Actor, event: Event, guest: Guest, base_url: str) -> None:
    """At an address that has not had the invitation: it came back from the old one, or was written to somebody else."""
    check_may_invite(session, event, guest)
    wordings = wordings_of(session, event, LetterKind.INVITE)
    if guest.language not in wordings:
        raise Refused(_l("The text in this guest’s language has not been saved yet."))
    address = guest.assistant or guest.email
    mine = select(OutboxLetter).join(GuestLetter, col(GuestLetter.letter_id) == col(OutboxLetter.id))
    mine = mine.where(col(GuestLetter.guest_id) == guest.id, col(GuestLetter.kind) == LetterKind.INVITE.value)
    sent = session.execute(mine.with_for_update(of=OutboxLetter)).scalars().all()
    if address is None or any(row.to == address and row.state is not LetterState.FAILED for row in sent):
        raise Refused(_l("This address has the invitation already."))
    for row in sent:
        row.state = LetterState.STOPPED if row.state in WAITING else row.state
    said = {"starts": now().isoformat(), "asked": now().isoformat(), "per_minute": 60}
    writer = Writer(session, actor, occasion_of(session, event), base_url)
    writer.write([guest], LetterKind.INVITE, wordings, Pace(session, event, said))
    record(session, actor, "sent", event, {"letter": LetterKind.INVITE, "guests": [guest.id]})
