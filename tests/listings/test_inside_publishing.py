"""From the draft to the public entry and back."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from crm.accounts.models import JournalEntry
from crm.core.columns import now
from crm.core.errors import Forbidden, Missing, Refused
from crm.listings.actions.drafting import draft_listing
from crm.listings.actions.expiry import age_listing
from crm.listings.actions.moves import own_listing
from crm.listings.actions.publishing import hide, publish, record_consent, withdraw
from crm.listings.forms import HeldConsentForm
from crm.listings.models import Confirmation, Listing, ListingState, SnapshotKey
from crm.listings.snapshots import build_entry, snapshot_of, update_available
from crm.people.models import Affiliation, Person
from crm.privacy.models import Channel, ConsentReceipt, Purpose
from crm.privacy.queries import may
from tests.factories.accounts import an_actor
from tests.factories.listings import a_listing, a_person, a_public_listing, agree_on_paper

pytestmark = pytest.mark.both


def test_publishing_without_a_consent_is_refused(session: Session) -> None:
    actor = an_actor(session)
    listing = a_listing(session, actor)
    with pytest.raises(Refused):
        publish(session, actor, listing)
    assert listing.state is ListingState.DRAFT
    assert snapshot_of(session, listing) is None


def test_a_consent_on_paper_is_kept_with_its_evidence_and_can_be_published_on(session: Session) -> None:
    actor = an_actor(session)
    listing = a_public_listing(session, actor)
    snapshot = snapshot_of(session, listing)
    receipt = session.exec(select(ConsentReceipt).where(ConsentReceipt.purpose == Purpose.PUBLIC_LISTING)).one()
    assert (receipt.channel, receipt.evidence) == (Channel.PAPER, "Signed form, file 12")
    assert receipt.recorded_by == actor.user_id
    assert snapshot is not None
    assert snapshot.public
    assert snapshot.bulk_reuse
    assert not snapshot.search_engines
    assert [move.after for move in session.exec(select(Confirmation))] == ["agreed", "published"]
    assert "published" in [line.verb for line in session.exec(select(JournalEntry))]


def test_the_public_entry_holds_only_what_was_consented_to(session: Session) -> None:
    actor = an_actor(session)
    listing = a_listing(session, actor)
    agree_on_paper(session, actor, listing, ("title",))
    publish(session, actor, listing)
    snapshot = snapshot_of(session, listing)
    assert snapshot is not None
    assert set(snapshot.entry) == {"names", "institution", "country", "mission", "title"}
    assert snapshot.entry["names"]["kana"] is None
    keys = session.exec(select(SnapshotKey.key)).all()
    kept = f"{snapshot.entry} {keys} {snapshot.tags} {snapshot.city}"
    for secret in ("example.org", "555 0100", "private note", "tidal", "Tide Laboratory", "Boston", "joint_research"):
        assert secret not in kept


def test_the_entry_never_holds_mail_phone_or_notes(session: Session) -> None:
    actor = an_actor(session)
    listing = a_listing(session, actor)
    entry = build_entry(session, listing)
    assert entry["links"] == [{"address": "https://tides.example.org/takase", "label": ""}]
    for secret in ("mari.takase@example.org", "555 0100", "private note"):
        assert secret not in str(entry)


def test_a_change_of_the_record_is_an_update_to_offer_never_silently_public(session: Session) -> None:
    actor = an_actor(session)
    listing = a_public_listing(session, actor)
    assert update_available(session, listing) == []
    post = session.exec(select(Affiliation).where(Affiliation.person_id == listing.person_id)).one()
    post.title = "Professor"
    session.flush()
    assert update_available(session, listing) == ["title"]
    snapshot = snapshot_of(session, listing)
    assert snapshot is not None
    assert snapshot.entry["title"] == "Associate Professor"


def test_withdrawing_hides_at_once_and_empties_the_entry(session: Session) -> None:
    actor = an_actor(session)
    listing = a_public_listing(session, actor)
    assert may(session, listing.person_id, Purpose.PUBLIC_LISTING)
    withdraw(session, actor, listing)
    snapshot = snapshot_of(session, listing)
    assert snapshot is not None
    assert not snapshot.public
    assert snapshot.withdrawn_at is not None
    assert snapshot.entry == {}
    assert not may(session, listing.person_id, Purpose.PUBLIC_LISTING)
    with pytest.raises(Refused):
        publish(session, actor, listing)


def test_who_withdrew_is_not_drafted_again_and_an_older_paper_does_not_bring_them_back(session: Session) -> None:
    actor = an_actor(session)
    listing = a_public_listing(session, actor)
    withdraw(session, actor, listing)
    person = a_person(session, actor, full_name="Somebody Else", kanji=None, kana=None, latin=None)
    assert draft_listing(session, actor, person).state is ListingState.DRAFT
    with pytest.raises(Refused):
        draft_listing(session, actor, session.get_one(Person, listing.person_id))
    form = HeldConsentForm(given_on=now().date() - timedelta(days=3), channel=Channel.EMAIL, evidence="Mail")
    with pytest.raises(Refused):
        record_consent(session, actor, listing, form)


def test_a_hidden_entry_keeps_its_consent_and_comes_back(session: Session) -> None:
    actor = an_actor(session)
    listing = a_public_listing(session, actor)
    hide(session, actor, listing)
    snapshot = snapshot_of(session, listing)
    assert snapshot is not None
    assert not snapshot.public
    publish(session, actor, listing)
    assert snapshot.public


def test_a_person_public_through_another_mission_is_refused(session: Session) -> None:
    boston, london = an_actor(session), an_actor(session, office_code="uk")
    orcid = "0000-0002-1825-0097"
    a_public_listing(session, boston, orcid=orcid)
    listing = a_listing(session, london, orcid=orcid)
    agree_on_paper(session, london, listing)
    with pytest.raises(Refused):
        publish(session, london, listing)
    assert listing.state is ListingState.AGREED


def test_another_office_finds_no_entry_and_cannot_draft_one(session: Session) -> None:
    boston, london = an_actor(session), an_actor(session, office_code="uk")
    listing = a_listing(session, boston)
    with pytest.raises(Missing):
        own_listing(session, london, listing.id)
    with pytest.raises(Missing):
        draft_listing(session, london, session.get_one(Person, listing.person_id))


@pytest.mark.parametrize("role", ["fellow", "local_staff"])
def test_only_the_attache_publishes(session: Session, role: str) -> None:
    attache, other = an_actor(session), an_actor(session, role)
    listing = a_listing(session, attache)
    agree_on_paper(session, attache, listing)
    with pytest.raises(Forbidden):
        publish(session, other, listing)


def test_an_old_consent_may_be_published_on_and_is_asked_about_soon(session: Session) -> None:
    actor = an_actor(session)
    listing = a_listing(session, actor)
    given = now().date() - timedelta(days=800)
    record_consent(session, actor, listing, HeldConsentForm(given_on=given, channel=Channel.EMAIL, evidence="A mail"))
    publish(session, actor, listing)
    assert listing.confirmed_at is not None
    assert listing.confirmed_at.date() == given
    assert listing.confirm_by is not None
    assert now() < listing.confirm_by < now() + timedelta(days=31)


def aged(session: Session, listing: Listing, days: int) -> ListingState:
    listing.confirm_by = now() - timedelta(days=days)
    session.flush()
    age_listing(session, "http://testserver", listing.id)
    return listing.state


def test_an_unconfirmed_entry_becomes_due_then_hidden(session: Session) -> None:
    actor = an_actor(session)
    listing = a_public_listing(session, actor)
    assert aged(session, listing, 1) is ListingState.DUE
    assert aged(session, listing, 1) is ListingState.DUE
    assert aged(session, listing, 31) is ListingState.HIDDEN
    snapshot = snapshot_of(session, listing)
    assert snapshot is not None
    assert not snapshot.public
