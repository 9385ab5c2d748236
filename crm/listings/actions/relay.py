"""Messages from the public to a listed person who wants them: checked sender, short stay, no copy for anybody else."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from crm.accounts.journal import record
from crm.accounts.links import issue_link, revoke_links
from crm.accounts.models import JournalEntry, LinkPurpose, Office, SignedLink
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Missing, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import LetterState, OutboxLetter, post
from crm.core.work import JobRun
from crm.listings.actions.moves import office_settings
from crm.listings.forms import MessageForm
from crm.listings.letters import message_check, message_for
from crm.listings.models import Listing, RelayMessage, Snapshot
from crm.listings.queries.asking import addressee_of

DAYS = 2
"""An unchecked message, and a delivered one in the outbox, are kept so long."""
KINDS = ("relay_check", "relay_message")


def takes_messages(session: Session, snapshot: Snapshot) -> bool:
    """Whether person and mission both want them."""
    return snapshot.relay and snapshot.public and office_settings(session, snapshot.office_id).relay


def keep_message(session: Session, snapshot: Snapshot, address: str, language: str, form: MessageForm) -> None:
    """Keep the message and ask its sender to confirm. ``address`` begins the link. A program's message goes nowhere."""
    if not takes_messages(session, snapshot):
        raise Missing()
    if form.website:
        return
    message = RelayMessage(
        listing_id=snapshot.listing_id, sender_name=form.sender_name, sender_email=form.sender_email, text=form.text
    )
    session.add(message)
    session.flush()
    token = issue_link(session, LinkPurpose.RELAY, message.id, days=DAYS)
    name = str(snapshot.entry["names"]["full_name"])
    post(session, message_check(form.sender_name, form.sender_email, language, name, address + token))


def message_of(session: Session, link: SignedLink, *, locked: bool = False) -> RelayMessage:
    """``locked``: of two who press the button at once, the second finds nothing more to send."""
    message = session.get(RelayMessage, link.subject_id, with_for_update=locked or None)
    if message is None:
        raise Missing(_l("This message has been sent already, or has been deleted."))
    return message


def deliver(session: Session, link: SignedLink) -> None:
    """Send the message on, count it, and forget it."""
    message = message_of(session, link, locked=True)
    listing = session.get_one(Listing, message.listing_id)
    snapshot = session.exec(select(Snapshot).where(Snapshot.listing_id == listing.id)).first()
    to = addressee_of(session, listing)
    if snapshot is None or not takes_messages(session, snapshot) or to.email is None:
        raise Refused(_l("This person cannot be reached through this form any more."))
    office = session.get_one(Office, listing.office_id)
    letter = message_for(to, office, message.sender_name, message.sender_email, message.text)
    # Without an office: what strangers write to a researcher is not for the mission's outbox.
    post(session, letter, person_id=listing.person_id)
    record(session, None, "relayed", listing)
    revoke_links(session, LinkPurpose.RELAY, message.id)
    session.delete(message)


def relayed_this_month(session: Session, office_id: UUID) -> int:
    first = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = select(func.count()).where(
        col(JournalEntry.office_id) == office_id,
        col(JournalEntry.verb) == "relayed",
        col(JournalEntry.created_at) >= first,
    )
    return session.exec(lines).one()


def forget_messages(database: Database, _job: JobRun) -> None:
    """Those whose sender never confirmed, and the letters that have left."""
    before = now() - timedelta(days=DAYS)
    with database.writing() as session:
        session.execute(delete(RelayMessage).where(col(RelayMessage.created_at) < before))
        left = (col(OutboxLetter.kind).in_(KINDS)) & (col(OutboxLetter.state) != LetterState.SENDING)
        session.execute(delete(OutboxLetter).where(left, col(OutboxLetter.created_at) < before))
