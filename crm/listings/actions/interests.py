"""Somebody leaves an entry as interested in Japan: it waits for its own address to be confirmed, or vanishes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from crm.accounts.journal import record
from crm.accounts.links import issue_link
from crm.accounts.models import LinkPurpose, Office, SignedLink
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import LetterState, OutboxLetter, post
from crm.core.places import country_codes
from crm.core.work import JobRun
from crm.listings.forms import InterestForm
from crm.listings.letters import Addressee, interest_check
from crm.listings.models import Nomination, NominationKind
from crm.listings.queries.nominations import UNCONFIRMED
from crm.privacy.models import Purpose
from crm.privacy.texts import VERSION

DAYS = 3
"""An entry that nobody confirms is kept so long, and so are the letters that asked."""
LINK_DAYS = 730
"""For so long the link takes the entry back, as long as nobody has taken it up."""
OPEN = "open"
_APART = {"source", "website", *(purpose.value for purpose in Purpose.CONTACT.carries)}


@dataclass(frozen=True)
class InterestDoor:
    """Where the form stands: whose it is, the language of its words, and the event if it belongs to one."""

    office: Office
    language: str
    is_open: bool
    event_id: UUID | None = None
    occasion: Mapping[str, str] = field(default_factory=dict)


def keep_interest(session: Session, door: InterestDoor, address: str, form: InterestForm) -> None:
    """Keep the entry and ask its writer to confirm. ``address`` begins the link. A program's entry goes nowhere."""
    _check(door, form)
    if form.website:
        return
    entry = Nomination(
        office_id=door.office.id,
        kind=NominationKind.INTEREST,
        fields=form.model_dump(mode="json", exclude=_APART, exclude_none=True),
        state=UNCONFIRMED,
        agreed={"purposes": form.purposes, "version": VERSION, "language": door.language},
        event_id=door.event_id,
        occasion=dict(door.occasion),
        source=form.source,
    )
    session.add(entry)
    session.flush()
    token = issue_link(session, LinkPurpose.NOMINATION, entry.id, days=LINK_DAYS)
    until = (now() + timedelta(days=DAYS)).date()
    # Without an office: nobody there reads of an entry whose address is not proven.
    post(session, interest_check(_addressee(form), door.office, address + token, until))


def _check(door: InterestDoor, form: InterestForm) -> None:
    if not door.is_open:
        raise Refused(_l("This office does not take entries here at present."))
    if form.country not in country_codes():
        raise WrongField("country", _l("Please choose one of the options."))
    if not form.wishes and not form.news:
        raise WrongField("wishes", _l("Please choose at least one, or ask for news below."))
    if not form.contact:
        raise WrongField("contact", _l("Without this consent we cannot keep your entry."))


def _addressee(form: InterestForm) -> Addressee:
    name = (form.kanji if form.language == "ja" else form.latin) or form.full_name
    return Addressee(name, form.email, form.language)


def entry_of(session: Session, link: SignedLink, *, locked: bool = False) -> Nomination:
    entry = session.get(Nomination, link.subject_id, with_for_update=locked or None)
    if entry is None or (entry.state == UNCONFIRMED and entry.created_at < _before()):
        raise Missing(_l("This entry has been taken back or deleted."))
    return entry


def confirm(session: Session, link: SignedLink) -> None:
    """Hand it in; whoever says something twice has said the newest."""
    entry = entry_of(session, link, locked=True)
    if entry.state != UNCONFIRMED:
        return
    said = col(Nomination.fields)["email"].as_string()
    same = (col(Nomination.office_id) == entry.office_id) & (said == entry.fields["email"])
    earlier = (col(Nomination.kind) == NominationKind.INTEREST) & (col(Nomination.state) == OPEN)
    session.execute(delete(Nomination).where(same, earlier))
    entry.state, entry.confirmed_at, link.used_at = OPEN, now(), now()
    session.flush()
    record(session, None, "added", entry)


def take_back(session: Session, link: SignedLink) -> None:
    """By its writer, before anybody has taken it up; afterwards it is part of a record, with the doors of one."""
    entry = entry_of(session, link, locked=True)
    if entry.state not in (UNCONFIRMED, OPEN):
        raise Refused(_l("The office has dealt with this entry. Ask for your data to see and change what is kept."))
    if entry.state == OPEN:
        record(session, None, "withdrawn", entry)
    link.revoked_at = now()
    session.delete(entry)
    session.flush()


def forget_unconfirmed(database: Database, _job: JobRun) -> None:
    with database.writing() as session:
        stale = (col(Nomination.state) == UNCONFIRMED) & (col(Nomination.created_at) < _before())
        ids = session.exec(select(Nomination.id).where(stale)).all()
        of_these = (col(SignedLink.purpose) == LinkPurpose.NOMINATION) & col(SignedLink.subject_id).in_(ids)
        session.execute(delete(SignedLink).where(of_these))
        session.execute(delete(Nomination).where(col(Nomination.id).in_(ids)))
        left = (col(OutboxLetter.kind) == "interest_check") & (col(OutboxLetter.state) != LetterState.SENDING)
        session.execute(delete(OutboxLetter).where(left, col(OutboxLetter.created_at) < _before()))


def _before() -> datetime:
    return now() - timedelta(days=DAYS)
