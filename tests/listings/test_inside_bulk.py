"""Many entries at once: published, or written to with the letter in view."""

import pytest
from sqlmodel import select

from crm.core.columns import now
from crm.core.db import Database
from crm.listings.actions.drafting import draft_listing
from crm.listings.actions.publishing import publish
from crm.listings.models import Listing
from crm.people.models import Holding, Person
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.listings import a_listing, agree_on_paper

pytestmark = pytest.mark.both


def test_many_who_agreed_are_published_at_once(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        agreed = [a_listing(session, actor, full_name=f"Agreed {n}", email=f"a{n}@example.org") for n in range(3)]
        for listing in agreed:
            agree_on_paper(session, actor, listing)
        draft = a_listing(session, actor, full_name="Still Drafted", email="d@example.org")
        # Somebody else published one of them in the meantime.
        other = an_actor(session, office_code="uk")
        both = Holding(person_id=agreed[2].person_id, office_id=other.office_id, since=now().date())
        session.add(both)
        session.flush()
        twice = draft_listing(session, other, session.get_one(Person, agreed[2].person_id))
        agree_on_paper(session, other, twice)
        publish(session, other, twice)
    ids = [str(listing.id) for listing in [*agreed, draft]]
    desk, fellow = sign_in(), sign_in("fellow")
    assert desk.get("/listings?chosen=all").text.count(" checked") == 4
    check = desk.get("/listings/publish/check", params={"ids": ids}).text
    assert "Publish 3 entries" in check
    assert "Still Drafted" in check
    assert fellow.post("/listings/publish", data={"ids": ids}).status_code == 403
    answer = desk.post("/listings/publish", data={"ids": ids})
    told = desk.get(answer.headers["location"]).text
    assert "2 entries are public." in told
    assert "Agreed 2:" in told
    with database.reading() as session:
        states = {one.id: one.state for one in session.exec(select(Listing))}
    assert [states[one.id] for one in [*agreed, draft]] == ["published", "published", "agreed", "draft"]


def test_the_letter_is_shown_before_it_is_written(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        listing = a_listing(session, an_actor(session))
    page = sign_in().get("/listings/letters/check", params={"ids": str(listing.id)}).text
    assert "研究者" in page
    assert "https://…" in page
