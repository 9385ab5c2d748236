"""After the event: the report, what became of each guest, and what must be forgotten."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.work import JobRun
from crm.events.forms import FeedbackForm, OutcomeForm, PassForm
from crm.events.models import CheckIn, Event, EventReport, Feedback, Guest, GuestNeeds, GuestPass, Reply
from crm.events.queries.needs import NEEDS_DAYS
from crm.events.report_forms import ReportForm

FORGET = "events:forget_needs"
PASS_DAYS = 2
"""A forgotten coat is asked for on the morning after; then the guards need no list."""


def report_of(session: Session, event: Event) -> EventReport | None:
    mine = select(EventReport).where(col(EventReport.event_id) == event.id)
    found: EventReport | None = session.execute(mine).scalar_one_or_none()
    return found


def write_report(session: Session, actor: Actor, event: Event, data: ReportForm) -> EventReport:
    if data.stated_online is not None and data.stated_online > (data.stated or 0):
        raise WrongField("stated_online", _l("No more can have been online than took part."))
    report = report_of(session, event)
    if report is None:
        report = EventReport(event_id=event.id)
        session.add(report)
    elif report.version != data.version:
        raise Refused(_l("Somebody else changed this record while you were editing it."))
    change(report, data.model_dump(exclude={"version"}))
    session.flush()
    record(session, actor, "reported", event)
    return report


def set_outcome(session: Session, actor: Actor, event: Event, guest: Guest, data: OutcomeForm) -> None:
    guest.outcome = data.outcome
    session.flush()
    record(session, actor, "changed", event, {"guests": [guest.id]})


def give_feedback(session: Session, guest: Guest, data: FeedbackForm) -> Feedback:
    """By who was there, once it has begun; said again, the newer word stands."""
    event = session.get_one(Event, guest.event_id)
    came = select(col(CheckIn.id)).where(col(CheckIn.guest_id) == guest.id).limit(1)
    if event.starts_at > now() or not (guest.reply is Reply.ONLINE or session.execute(came).first()):
        raise Refused(_l("This is asked of those who were there."))
    said = feedback_by(session, guest) or Feedback(guest_id=guest.id, rating=data.rating)
    said.rating, said.words = data.rating, data.words
    session.add(said)
    session.flush()
    return said


def feedback_by(session: Session, guest: Guest) -> Feedback | None:
    mine = select(Feedback).where(col(Feedback.guest_id) == guest.id)
    found: Feedback | None = session.execute(mine).scalar_one_or_none()
    return found


def feedback_on(session: Session, event: Event) -> list[Feedback]:
    """Without names: what is said counts, not who has said it."""
    mine = select(Feedback).join(Guest, col(Guest.id) == col(Feedback.guest_id))
    return list(session.execute(mine.where(col(Guest.event_id) == event.id).order_by(col(Feedback.id))).scalars())


def set_pass(session: Session, actor: Actor, event: Event, guest: Guest, data: PassForm) -> None:
    session.execute(delete(GuestPass).where(col(GuestPass.guest_id) == guest.id))
    if data.legal_name:
        session.add(GuestPass(guest_id=guest.id, legal_name=data.legal_name, plate=data.plate))
    session.flush()
    record(session, actor, "changed", event, {"guests": [guest.id]})


def forget_needs(database: Database, _job: JobRun) -> None:
    """Diet and access are special-care data: they go within 30 days after the event."""
    with database.writing() as session:
        over = select(col(Event.id)).where(col(Event.ends_at) < now() - timedelta(days=NEEDS_DAYS - 1))
        guests = select(col(Guest.id)).where(col(Guest.event_id).in_(over))
        session.execute(delete(GuestNeeds).where(col(GuestNeeds.guest_id).in_(guests)))
        gone = select(col(Event.id)).where(col(Event.ends_at) < now() - timedelta(days=PASS_DAYS))
        passes = select(col(Guest.id)).where(col(Guest.event_id).in_(gone))
        session.execute(delete(GuestPass).where(col(GuestPass.guest_id).in_(passes)))
