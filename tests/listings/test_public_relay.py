"""A message from the public to a listed person: checked, passed on once, forgotten."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.core.settings import Settings
from crm.core.work import JobRun
from crm.letters.delivery import deliver
from crm.listings.actions.moves import office_settings
from crm.listings.actions.relay import forget_messages
from crm.listings.models import Listing, RelayMessage, Snapshot
from crm.people.models import ContactPoint, ContactState
from tests.conftest import Mailbox, SignIn
from tests.factories.accounts import an_actor
from tests.factories.listings import a_public_listing

pytestmark = pytest.mark.both
TYPED = {
    "sender_name": "Taro Student",
    "sender_email": "taro@example.org",
    "text": "I would like to join your laboratory in April for a year.",
}


@pytest.fixture
def listing(database: Database) -> Listing:
    """A public entry whose person and mission want messages."""
    with database.writing() as session:
        actor = an_actor(session)
        listing = a_public_listing(session, actor)
        want(session, listing, True)
        kept = office_settings(session, actor.office_id)
        kept.relay = True
        session.add(kept)
        return listing


def want(session: Session, listing: Listing, relay: bool) -> None:
    session.execute(update(Snapshot).where(col(Snapshot.listing_id) == listing.id).values(relay=relay))


def address(database: Database, listing: Listing) -> str:
    with database.reading() as session:
        slug = session.exec(select(Snapshot.slug).where(Snapshot.listing_id == listing.id)).one()
    return f"/en/map/{slug}/message"


def letters(database: Database) -> list[OutboxLetter]:
    with database.reading() as session:
        return list(session.exec(select(OutboxLetter).order_by(col(OutboxLetter.id))))


def messages(database: Database) -> list[RelayMessage]:
    with database.reading() as session:
        return list(session.exec(select(RelayMessage)))


def test_a_message_goes_by_way_of_its_senders_mailbox(
    client: TestClient, database: Database, settings: Settings, listing: Listing, smtp: Mailbox
) -> None:
    where = address(database, listing)
    assert where in client.get(where.removesuffix("/message")).text
    assert client.post(where, data=TYPED).status_code == 303
    [check] = letters(database)
    assert (check.to, TYPED["text"] in check.text) == ("taro@example.org", False)
    link = re.search(r"/en/message/\S+", check.text)
    assert link
    assert TYPED["text"] in client.get(link[0]).text
    assert len(letters(database)) == 1, "looking must send nothing"
    assert client.post(link[0]).status_code == 303
    assert "on its way" in client.get(f"{link[0]}?sent=true").text
    deliver(database, replace(settings, smtp_url=smtp.url))
    passed_on = smtp.letters[-1]
    assert "<mari.takase@example.org>" in passed_on["To"]
    assert passed_on["Reply-To"] == "taro@example.org"
    assert messages(database) == []
    assert client.post(link[0]).status_code == 410


def test_the_mission_sees_the_number_and_no_more(
    client: TestClient, sign_in: SignIn, database: Database, listing: Listing
) -> None:
    client.post(address(database, listing), data=TYPED)
    link = re.search(r"/en/message/\S+", letters(database)[0].text)
    assert link
    client.post(link[0])
    desk = sign_in("attache", "us-bos")
    assert "1 message passed on this month." in desk.get("/listings/settings").text
    assert "Taro Student" not in desk.get("/letters").text


def test_nobody_is_written_to_who_does_not_want_it(client: TestClient, database: Database, listing: Listing) -> None:
    where = address(database, listing)
    with database.writing() as session:
        want(session, listing, False)
    assert client.get(where).status_code == 404
    assert client.post(where, data=TYPED).status_code == 404
    assert where not in client.get(where.removesuffix("/message")).text
    assert messages(database) == []


def test_an_address_that_no_longer_works_is_told_and_loses_nothing(
    client: TestClient, database: Database, listing: Listing
) -> None:
    client.post(address(database, listing), data=TYPED)
    with database.writing() as session:
        session.execute(update(ContactPoint).values(state=ContactState.DO_NOT_USE))
    link = re.search(r"/en/message/\S+", letters(database)[0].text)
    assert link
    answer = client.post(link[0])
    assert answer.status_code == 409
    assert "cannot be reached" in answer.text
    assert len(messages(database)) == 1


def test_a_program_that_fills_in_everything_writes_to_nobody(
    client: TestClient, database: Database, listing: Listing
) -> None:
    client.post(address(database, listing), data={**TYPED, "website": "https://spam.example.org"})
    assert (messages(database), letters(database)) == ([], [])


def test_what_is_wrong_is_told_beside_what_was_typed(client: TestClient, database: Database, listing: Listing) -> None:
    answer = client.post(address(database, listing), data={**TYPED, "sender_email": "nowhere", "text": "short \0"})
    assert answer.status_code == 422
    assert "Taro Student" in answer.text
    assert "nowhere" in answer.text
    assert messages(database) == []


def test_six_in_an_hour_are_too_many(client: TestClient, database: Database, listing: Listing) -> None:
    where = address(database, listing)
    answers = [client.post(where, data=TYPED).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


def test_old_messages_and_letters_are_forgotten(client: TestClient, database: Database, listing: Listing) -> None:
    client.post(address(database, listing), data=TYPED)
    run = JobRun(uuid4(), "listings:forget_messages", {}, 1, database)
    forget_messages(database, run)
    assert len(messages(database)) == 1
    old = now() - timedelta(days=3)
    with database.writing() as session:
        session.execute(update(RelayMessage).values(created_at=old))
        session.execute(update(OutboxLetter).values(created_at=old))
    forget_messages(database, run)
    assert (messages(database), letters(database)) == ([], [])
