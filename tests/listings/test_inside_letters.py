"""Asking listed people: once each, in their language, to the office's own addresses."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from crm.accounts.links import find_link
from crm.accounts.models import LinkPurpose
from crm.core.columns import now
from crm.core.mail import OutboxLetter
from crm.listings.actions.requests import remind, request_consent
from crm.listings.models import ListingState
from tests.factories.accounts import an_actor
from tests.factories.listings import a_listing

pytestmark = pytest.mark.both
BASE = "https://meguri.example.org"


def letters(session: Session) -> list[OutboxLetter]:
    return list(session.exec(select(OutboxLetter).order_by(OutboxLetter.id)))  # type: ignore[arg-type]


def test_a_person_is_asked_once_with_a_link_that_opens_their_entry(session: Session) -> None:
    actor = an_actor(session)
    listing = a_listing(session, actor)
    assert request_consent(session, actor, BASE, [listing.id]).letters == 1
    again = request_consent(session, actor, BASE, [listing.id])
    assert (again.letters, again.skipped) == (0, 1)
    letter = letters(session)[0]
    assert letter.to == "mari.takase@example.org"
    token = letter.text.split("/confirm/")[1].split()[0]
    assert find_link(session, LinkPurpose.LISTING, token).subject_id == listing.id
    assert listing.state is ListingState.AWAITING
    assert listing.requested_at is not None


def test_the_letter_is_in_the_language_of_the_person(session: Session) -> None:
    actor = an_actor(session)
    native = a_listing(session, actor)
    other = a_listing(
        session, actor, full_name="Ada Invented", kanji=None, kana=None, latin=None, email="a@example.org"
    )
    request_consent(session, actor, BASE, [native.id, other.id])
    assert sorted(letter.language for letter in letters(session)) == ["en", "ja"]
    assert f"{BASE}/ja/confirm/" in next(letter.text for letter in letters(session) if letter.language == "ja")


def test_people_without_an_address_are_left_for_the_worklist(session: Session) -> None:
    actor = an_actor(session)
    listing = a_listing(session, actor, email=None)
    asked = request_consent(session, actor, BASE, [listing.id])
    assert [found.id for found in asked.without_address] == [listing.id]
    assert listing.state is ListingState.DRAFT
    assert letters(session) == []


def test_an_address_known_to_another_office_is_not_used(session: Session) -> None:
    boston, london = an_actor(session), an_actor(session, office_code="uk")
    orcid = "0000-0002-1825-0097"
    a_listing(session, london, orcid=orcid)
    listing = a_listing(session, boston, orcid=orcid, email=None)
    assert request_consent(session, boston, BASE, [listing.id]).letters == 0
    assert letters(session) == []


def test_entries_of_another_office_cannot_be_asked_about(session: Session) -> None:
    boston, london = an_actor(session), an_actor(session, office_code="uk")
    listing = a_listing(session, london)
    assert request_consent(session, boston, BASE, [listing.id]).letters == 0
    assert listing.state is ListingState.DRAFT


def test_only_the_silent_are_reminded_and_only_after_a_week(session: Session) -> None:
    actor = an_actor(session)
    listing = a_listing(session, actor)
    draft = a_listing(session, actor, full_name="Ada Invented", email="a@example.org")
    request_consent(session, actor, BASE, [listing.id])
    assert remind(session, actor, BASE, [listing.id, draft.id]).letters == 0
    listing.requested_at = now() - timedelta(days=8)
    session.flush()
    assert remind(session, actor, BASE, [listing.id, draft.id]).letters == 1
    assert remind(session, actor, BASE, [listing.id]).letters == 0
    assert [letter.kind for letter in letters(session)] == ["listing_request", "listing_reminder"]
