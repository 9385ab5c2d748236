"""Invented people with entries on the PI map, as far along as a test needs."""

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.links import issue_link
from crm.accounts.models import LinkPurpose
from crm.core.columns import now
from crm.listings.actions.drafting import draft_listing
from crm.listings.actions.publishing import publish, record_consent
from crm.listings.fields import LISTING_FIELDS, ListingField
from crm.listings.forms import HeldConsentForm
from crm.listings.models import Listing
from crm.people.actions.batch import add_people
from crm.people.entries import PersonEntry
from crm.people.models import Basis, Person
from crm.privacy.models import Channel

ENTRY = PersonEntry(
    full_name="Takase Mari",
    family="Takase",
    given="Mari",
    kanji="高瀬真理",
    kana="たかせ まり",
    latin="Mari Takase",
    title="Associate Professor",
    institution="Invented Institute of Tides",
    unit="Tide Laboratory",
    city="Boston",
    country="US",
    research_fields=("tidal energy", "潮汐"),
    email="mari.takase@example.org",
    phone="+1 555 0100",
    links=("https://tides.example.org/takase",),
    languages=("ja", "en"),
    open_to=("joint_research",),
    note="A private note of the office",
)


def a_person(session: Session, actor: Actor, **said: object) -> Person:
    """Somebody invented whom the actor's office holds."""
    [person_id] = add_people(session, actor, [replace(ENTRY, **said)], Basis.OWN_CONTACT)  # type: ignore[arg-type]
    return session.get_one(Person, person_id)


def a_listing(session: Session, actor: Actor, **said: object) -> Listing:
    """A draft."""
    return draft_listing(session, actor, a_person(session, actor, **said))


def agree_on_paper(session: Session, actor: Actor, listing: Listing, fields: tuple[str, ...] = LISTING_FIELDS) -> None:
    form = HeldConsentForm(
        given_on=now().date(),
        channel=Channel.PAPER,
        evidence="Signed form, file 12",
        fields=[ListingField(name) for name in fields],
        bulk_reuse=True,
    )
    record_consent(session, actor, listing, form)


def a_public_listing(session: Session, actor: Actor, **said: object) -> Listing:
    listing = a_listing(session, actor, **said)
    agree_on_paper(session, actor, listing)
    publish(session, actor, listing)
    return listing


def a_door(session: Session, listing_id: UUID, *, days: float = 90) -> str:
    """The path of a personal link."""
    return f"/en/confirm/{issue_link(session, LinkPurpose.LISTING, listing_id, days=days)}"
