"""Letters of an event into the outbox: in the background, in batches that a crash repeats without writing twice."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.acting import actor_for
from crm.accounts.journal import record
from crm.accounts.links import issue_link
from crm.accounts.models import LinkPurpose, Office
from crm.accounts.permissions import Permission
from crm.approvals.queries import needs_approval
from crm.core.columns import now
from crm.core.dates import moment_in
from crm.core.db import Database
from crm.core.errors import Forbidden, Refused, WrongField
from crm.core.i18n import GUEST_LANGUAGES, current_language, locale_of, speaking
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import Letter, OutboxLetter, post
from crm.core.settings import read_settings
from crm.core.work import JobRun, enqueue
from crm.events.actions.pacing import Pace, take_back_wrong
from crm.events.actions.waiting import let_offers_lapse, offer_places
from crm.events.actions.writing import Writer, address_of, days_open
from crm.events.forms import LetterForm, SendForm
from crm.events.letters import Occasion, offer
from crm.events.models import Admission, Event, Guest, GuestLetter, LetterKind, LetterText
from crm.events.queries.events import carriers_of, programme_of
from crm.events.queries.sending import OWED, REACHABLE, Plan, addressees, mailing_of, plan_of, reachable, texts_of
from crm.events.wording import ANSWERED, check

SEND = "events:send"
REWRITE = "events:rewrite"
INVITATIONS = "event_invitations"
BATCH = 500
_CANCELLED = _l("This event has been cancelled.")


def save_texts(session: Session, actor: Actor, event: Event, data: LetterForm) -> None:
    """In the languages of the event; an unknown field is shown beside the box it stands in."""
    stored = texts_of(session, event, data.kind)
    for code, (subject, body) in data.texts().items():
        if code not in event.languages:
            continue
        for name, words, most in ((f"subject.{code}", subject, 300), (f"body.{code}", body, 20_000)):
            if not words.strip():
                raise WrongField(name, _l("Please fill this in."))
            if len(words) > most:
                raise WrongField(name, _l("Please keep this to %(max)s characters or fewer.", max=most))
        check(f"subject.{code}", subject)
        check(f"body.{code}", body)
        if data.kind in ANSWERED and "{link}" not in body:
            raise Refused(_l("The text leads to no answer: the field {link} is missing."))
        text = stored.get(code) or LetterText(event_id=event.id, kind=data.kind, language=code, subject="", body="")
        text.subject, text.body = subject.strip(), body.strip()
        session.add(text)
    if data.kind is LetterKind.INVITE and session.dirty | session.new:
        _take_back_decisions(session, event)
    session.flush()
    record(session, actor, "changed", event, {"letter": data.kind})


def _take_back_decisions(session: Session, event: Event) -> None:
    """What was decided was another text."""
    waiting = update(Guest).where(col(Guest.event_id) == event.id, col(Guest.invited_at).is_(None))
    session.execute(waiting.values(approved_at=None), execution_options={"synchronize_session": False})


def send(session: Session, actor: Actor, event: Event, base_url: str, data: SendForm, *, approved: bool = False) -> int:
    """Ask the worker to write to everybody for whom this letter is meant. Returns how many that are now."""
    if not approved and wants_approval(session, actor, data.kind):
        raise Refused(_l("Your office wants this approved first."))
    plan = ready_plan(session, actor, event, data)
    if not plan.letters and not plan.anew:
        raise Refused(_l("There is nobody to write to."))
    if plan.anew:
        take_back_wrong(session, event, data.wrong)
        enqueue(session, REWRITE, _payload(actor, event, base_url, data))
    if plan.letters:
        payload = _payload(actor, event, base_url, data, decided=approved)
        enqueue(session, SEND, payload, key=f"{event.id} {data.kind}")
    record(session, actor, "sent", event, {"letter": data.kind, "people": plan.letters})
    return plan.letters


def ready_plan(session: Session, actor: Actor, event: Event, data: SendForm) -> Plan:
    """What sending would do now; refused where something is missing."""
    if not actor.may(Permission.EVENTS_INVITE):
        raise Forbidden()
    if event.cancelled_at and data.kind not in OWED:
        raise Refused(_CANCELLED)
    if data.kind is LetterKind.CANCELLATION and not event.cancelled_at:
        raise Refused(_l("This event takes place. Please cancel it first."))
    if data.kind is LetterKind.CORRECTION and not data.wrong:
        raise WrongField("wrong", _l("Please choose which text was wrong."))
    starts = moment_in("starts", data.starts, event.zone) if data.starts else None
    plan = plan_of(session, event, mailing_of(session, event, data.kind, data.wrong, starts))
    if plan.missing:
        name = locale_of(current_language()).languages.get(plan.missing[0], plan.missing[0])
        raise Refused(_l("The text is missing in a language of these guests (%(language)s).", language=name))
    return plan


def _payload(actor: Actor, event: Event, base_url: str, data: SendForm, *, decided: bool = False) -> dict[str, Any]:
    """``decided``: only whom the office has decided to invite."""
    starts = moment_in("starts", data.starts, event.zone) if data.starts else now()
    return {
        "event": str(event.id), "kind": data.kind.value, "user": str(actor.user_id), "office": str(actor.office_id),
        "starts": starts.isoformat(), "per_minute": data.per_minute, "base_url": base_url, "asked": now().isoformat(),
        "wrong": data.wrong, "decided": decided,
    }  # fmt: skip


def wants_approval(session: Session, actor: Actor, kind: LetterKind) -> bool:
    return kind is LetterKind.INVITE and needs_approval(session, actor.office_id, INVITATIONS)


def needs_decision(session: Session, event: Event) -> bool:
    """Whether the host wants it decided whom it invites."""
    return needs_approval(session, event.office_id, INVITATIONS)


def run_send(database: Database, job: JobRun) -> None:
    """Each batch stands by itself: whoever has got this letter is not chosen again.

    The event's row is the lock: should two workers run this, the second chooses after the first has committed.
    """
    said = job.payload
    done, total = 0, 0
    while True:
        with database.writing() as session:
            event = session.get(Event, UUID(said["event"]), with_for_update=True)
            if event is None or (event.cancelled_at and said["kind"] not in OWED):
                return
            actor = actor_for(session, UUID(said["office"]), UUID(said["user"]))
            written, left = write_batch(session, actor, event, said)
        done, total = done + written, done + written + left
        job.progress(done, total)
        if not left or not written:
            return


def write_batch(session: Session, actor: Actor, event: Event, said: dict[str, Any]) -> tuple[int, int]:
    """How many were written to, and how many are left."""
    kind = LetterKind(said["kind"])
    mailing = mailing_of(session, event, kind, said.get("wrong", ()))
    wordings = mailing.wordings
    chosen = reachable(addressees(event, mailing)).where(col(Guest.language).in_(wordings))
    if said.get("decided"):
        chosen = chosen.where(col(Guest.approved_at).is_not(None))
    total = session.execute(chosen.with_only_columns(func.count())).scalar_one()
    guests = session.execute(chosen.order_by(col(Guest.id)).limit(BATCH).with_for_update(of=Guest)).scalars().all()
    writer = Writer(session, actor, occasion_of(session, event), said["base_url"])
    writer.write(guests, kind, wordings, Pace(session, event, said))
    return len(guests), total - len(guests)


def occasion_of(session: Session, event: Event) -> Occasion:
    office = session.get_one(Office, event.office_id)
    return Occasion(event, office, carriers_of(session, event), programme_of(session, event))


def post_to(session: Session, guest: Guest, event: Event, letter: Letter) -> OutboxLetter:
    """One letter outside the rounds: an offer, the confirmation of a registration."""
    row = post(session, letter, office_id=event.office_id, person_id=guest.person_id)
    session.add(GuestLetter(guest_id=guest.id, letter_id=row.id, kind=letter.kind, digest=""))
    session.flush()
    return row


def was_written_to(session: Session, guest: Guest, since: timedelta) -> bool:
    """Lately: nobody's mailbox is filled by others who type its address."""
    mine = select(col(GuestLetter.id)).where(col(GuestLetter.guest_id) == guest.id)
    return session.execute(mine.where(col(GuestLetter.created_at) > now() - since)).first() is not None


def door_address(session: Session, guest: Guest, event: Event, base_url: str, actor: Actor | None = None) -> str:
    """A personal link to hand over: in a messenger, on a card, on the phone."""
    token = issue_link(session, LinkPurpose.EVENT, guest.id, days=days_open(event), actor=actor)
    return address_of(base_url, guest, token)


def tend_offers(database: Database, _job: JobRun) -> None:
    """Offers that nobody took go to the next in line; each offer gets its letter, once."""
    base_url = read_settings().base_url
    open_to_all = select(Event).where(
        col(Event.admission) == Admission.REGISTRATION, col(Event.starts_at) > now(), col(Event.cancelled_at).is_(None)
    )
    with database.reading() as session:
        ids = [event.id for event in session.execute(open_to_all).scalars()]
    for id in ids:
        with database.writing() as session:
            event = session.execute(select(Event).where(col(Event.id) == id).with_for_update()).scalar_one()
            let_offers_lapse(session, event)
            offer_places(session, event)
            _tell_offered(session, event, base_url)


def _tell_offered(session: Session, event: Event, base_url: str) -> None:
    told = select(col(GuestLetter.id)).where(
        col(GuestLetter.guest_id) == col(Guest.id),
        col(GuestLetter.kind) == "event_offer",
        col(GuestLetter.created_at) > col(Guest.waiting_since),
    )
    waiting = select(Guest).where(
        col(Guest.event_id) == event.id,
        col(Guest.offered_until).is_not(None),
        ~told.exists(),
        REACHABLE,
    )
    for guest in session.execute(waiting).scalars():
        with speaking(guest.language, GUEST_LANGUAGES):
            address = door_address(session, guest, event, base_url)
            post_to(session, guest, event, offer(guest, occasion_of(session, event), address))
