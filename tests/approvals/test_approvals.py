"""決裁: what the office wants decided leaves only when it is, once, and in nobody's name but the drafter's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry, Membership, User
from crm.approvals.models import ApprovalRequest, ApprovalRule, ApprovalState, ApprovalStep
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from crm.listings.models import Listing, ListingState
from tests.factories.accounts import Post, a_post, a_session_cookie, boston_today
from tests.factories.listings import a_listing, agree_on_paper

pytestmark = pytest.mark.both


@dataclass
class Desk:
    """An office with an administrator, a drafter, somebody to consult, a decider and a colleague, all signed in."""

    database: Database
    posts: dict[str, Post] = field(default_factory=dict)
    browsers: dict[str, TestClient] = field(default_factory=dict)
    listings: list[UUID] = field(default_factory=list)

    def id_of(self, who: str) -> str:
        return str(self.posts[who].user.id)

    def want(self, act: str = "publication", consulted: tuple[str, ...] = ("consulted",)) -> None:
        data = {"act": act, "wanted": "true", "series": "BOS ", "decider": self.id_of("decider")}
        asked = {"consulted": [self.id_of(who) for who in consulted]}
        answer = self.browsers["administrator"].post("/approvals/rules", data={**data, **asked})
        assert answer.status_code == 303, answer.text

    def draft(self, act: str = "publication", who: str = "drafter", **said: Any) -> str:
        data = {
            "act": act,
            "ids": [str(each) for each in self.listings],
            "title": "The spring list",
            "reason": "As agreed",
        }
        answer = self.browsers[who].post("/approvals", data={**data, **said})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def answer(
        self, who: str, address: str, verdict: str = "agreed", note: str = "", version: int | None = None
    ) -> int:
        with self.database.reading() as session:
            stored = session.get_one(ApprovalRequest, UUID(address.rsplit("/", 1)[-1])).version
        data = {"verdict": verdict, "note": note, "version": version or stored}
        return self.browsers[who].post(f"{address}/answer", data=data).status_code

    def states(self) -> list[ListingState]:
        with self.database.reading() as session:
            return [session.get_one(Listing, each).state for each in self.listings]

    def state(self, address: str) -> ApprovalState:
        with self.database.reading() as session:
            return session.get_one(ApprovalRequest, UUID(address.rsplit("/", 1)[-1])).state


@pytest.fixture
def desk(database: Database, open_client: Callable[[], TestClient]) -> Desk:
    made = Desk(database)
    with database.writing() as session:
        for who in ("administrator", "drafter", "consulted", "decider", "colleague"):
            post = a_post(session, "administrator" if who == "administrator" else "attache")
            cookie = a_session_cookie(session, post)
            browser = open_client()
            browser.cookies.set("meguri_session", cookie)
            browser.cookies.set("meguri_language", "en")
            made.posts[who], made.browsers[who] = post, browser
        for name in ("Takase Mari", "Ono Taro"):
            listing = a_listing(session, made.posts["drafter"].actor, full_name=name, email=f"{name[:3]}@example.org")
            agree_on_paper(session, made.posts["drafter"].actor, listing)
            made.listings.append(listing.id)
    return made


def test_drafted_agreed_on_decided_and_only_then_public(desk: Desk) -> None:
    desk.want()
    drafter = desk.browsers["drafter"]
    shown = drafter.post("/listings/publish", data={"ids": [str(each) for each in desk.listings]})
    assert shown.status_code == 200
    assert "Ask for approval" in shown.text and "高瀬真理" in shown.text
    assert desk.states() == [ListingState.AGREED] * 2
    address = desk.draft()
    assert desk.answer("decider", address) == 403
    assert desk.answer("colleague", address) == 403
    assert "The spring list" in desk.browsers["consulted"].get("/approvals").text.split("Papers of your office")[0]
    assert desk.answer("consulted", address, note="Fine") == 303
    assert desk.answer("consulted", address) == 403
    assert desk.states() == [ListingState.AGREED] * 2
    assert desk.answer("decider", address) == 303
    assert desk.states() == [ListingState.PUBLISHED] * 2
    page = drafter.get(address).text
    assert "BOS 2026-0001" in page and "2 entries are public." in page
    with desk.database.reading() as session:
        published = session.exec(select(JournalEntry).where(JournalEntry.verb == "published")).all()
        assert {line.actor_id for line in published} == {desk.posts["drafter"].user.id}


def test_no_other_way_leads_out(desk: Desk) -> None:
    desk.want()
    shown = desk.browsers["drafter"].post(f"/listings/{desk.listings[0]}/publish")
    assert "Ask for approval" in shown.text
    assert desk.states() == [ListingState.AGREED] * 2


def test_sent_back_with_a_reason_and_drafted_again(desk: Desk) -> None:
    desk.want(consulted=())
    address = desk.draft()
    assert desk.answer("decider", address, "sent_back") == 422
    assert desk.state(address) is ApprovalState.CIRCULATING
    assert desk.answer("decider", address, "sent_back", "One name is misspelt") == 303
    assert "One name is misspelt" in desk.browsers["drafter"].get(address).text
    assert desk.answer("decider", address) in (409, 422)
    assert desk.states() == [ListingState.AGREED] * 2
    again = desk.draft()
    assert "2026-0002" in desk.browsers["drafter"].get(again).text


def test_a_deputy_answers_in_their_days_and_no_others(desk: Desk) -> None:
    desk.want(consulted=())
    today = desk.posts["decider"].actor.today
    term = {"user": desk.id_of("decider"), "deputy": desk.id_of("colleague")}
    manager = desk.browsers["administrator"]
    past = {"since": str(today - timedelta(days=9)), "until": str(today - timedelta(days=1))}
    assert manager.post("/approvals/deputies", data={**term, **past}).status_code == 303
    address = desk.draft()
    assert desk.answer("colleague", address) == 403
    wrong = {"since": str(today), "until": str(today - timedelta(days=1))}
    assert manager.post("/approvals/deputies", data={**term, **wrong}).status_code == 422
    assert (
        manager.post("/approvals/deputies", data={**term, "since": str(today), "until": str(today)}).status_code == 303
    )
    assert desk.answer("colleague", address) == 303
    assert "as deputy" in desk.browsers["drafter"].get(address).text
    assert desk.states() == [ListingState.PUBLISHED] * 2


def test_nobody_agrees_to_their_own_paper(desk: Desk) -> None:
    desk.want(consulted=("drafter",))
    address = desk.draft()
    with desk.database.reading() as session:
        assert [str(step.user_id) for step in session.exec(select(ApprovalStep))] == [desk.id_of("decider")]
    today = str(desk.posts["decider"].actor.today)
    term = {"user": desk.id_of("decider"), "deputy": desk.id_of("drafter"), "since": today, "until": today}
    desk.browsers["administrator"].post("/approvals/deputies", data=term)
    assert desk.answer("drafter", address) == 422
    own = {"act": "publication", "ids": str(desk.listings[0]), "title": "x", "reason": "x"}
    assert desk.browsers["decider"].post("/approvals", data=own).status_code == 422


def test_what_cannot_be_carried_out_is_not_decided(desk: Desk) -> None:
    """The drafter's post has ended: nothing is public, the paper still waits."""
    desk.want(consulted=())
    address = desk.draft()
    with desk.database.writing() as session:
        session.get_one(Membership, desk.posts["drafter"].membership.id).until = now().date() - timedelta(days=2)
    assert desk.answer("decider", address) == 422
    assert desk.state(address) is ApprovalState.CIRCULATING
    assert desk.states() == [ListingState.AGREED] * 2


def test_a_second_click_with_an_old_version_does_nothing(desk: Desk) -> None:
    desk.want(consulted=("consulted", "colleague"))
    today = str(desk.posts["decider"].actor.today)
    term = {"user": desk.id_of("colleague"), "deputy": desk.id_of("consulted"), "since": today, "until": today}
    desk.browsers["administrator"].post("/approvals/deputies", data=term)
    address = desk.draft()
    assert desk.answer("consulted", address, version=1) == 303
    assert desk.answer("consulted", address, version=1) == 422
    with desk.database.reading() as session:
        assert sum(step.verdict is not None for step in session.exec(select(ApprovalStep))) == 1


def test_letters_to_several_need_it_and_one_letter_does_not(desk: Desk) -> None:
    desk.want("consent_letters", consulted=())
    with desk.database.writing() as session:
        drafts = [a_listing(session, desk.posts["drafter"].actor, email=f"{name}@example.org") for name in ("a", "b")]
        desk.listings = [listing.id for listing in drafts]
    drafter = desk.browsers["drafter"]
    both = {"ids": [str(each) for each in desk.listings], "kind": "request"}
    assert "Ask for approval" in drafter.post("/listings/letters", data=both).text
    address = desk.draft("consent_letters")
    assert desk.answer("decider", address) == 303
    with desk.database.reading() as session:
        assert len(session.exec(select(OutboxLetter).where(OutboxLetter.kind != "paper_waits")).all()) == 2
    assert drafter.post("/listings/letters", data={**both, "ids": str(desk.listings[0])}).status_code == 303


def test_taken_back_by_who_drafted_it_and_nobody_else(desk: Desk) -> None:
    desk.want(consulted=())
    address = desk.draft()
    assert desk.browsers["colleague"].post(f"{address}/retract").status_code == 403
    assert desk.browsers["drafter"].post(f"{address}/retract").status_code == 303
    assert desk.answer("decider", address) == 422
    assert desk.states() == [ListingState.AGREED] * 2


def test_an_empty_draft_loses_nothing_typed(desk: Desk) -> None:
    desk.want()
    data = {"act": "publication", "ids": [str(each) for each in desk.listings], "title": "A title kept", "reason": ""}
    answer = desk.browsers["drafter"].post("/approvals", data=data)
    assert answer.status_code == 422
    assert "A title kept" in answer.text and str(desk.listings[1]) in answer.text
    assert desk.browsers["drafter"].post("/approvals", data={**data, "act": "nonsense"}).status_code == 404
    assert desk.browsers["drafter"].post("/approvals", data={**data, "ids": "nonsense"}).status_code == 404


def test_the_cover_is_a_tagged_pdf(desk: Desk) -> None:
    desk.want()
    address = desk.draft()
    paper = desk.browsers["decider"].get(f"{address}/cover")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF") and b"/MarkInfo" in paper.content


def test_steps_and_rules_go_to_the_successor(desk: Desk) -> None:
    desk.want(consulted=("decider", "consulted"))
    address = desk.draft()
    with desk.database.writing() as session:
        membership = session.get_one(Membership, desk.posts["consulted"].membership.id)
        membership.until = now().date() - timedelta(days=2)
    moved = {"leaver": desk.id_of("consulted"), "successor": desk.id_of("colleague")}
    assert desk.browsers["drafter"].post("/tasks/rotation", data=moved).status_code == 303
    with desk.database.reading() as session:
        assert desk.id_of("colleague") in session.exec(select(ApprovalRule)).one().consulted
    assert desk.answer("colleague", address) == 303


def test_rules_are_the_administrators_and_name_only_colleagues(desk: Desk) -> None:
    assert desk.browsers["drafter"].get("/approvals/rules").status_code == 403
    with desk.database.writing() as session:
        stranger = a_post(session, "attache", "us-chi")
    data = {"act": "publication", "wanted": "true", "decider": str(stranger.user.id)}
    assert desk.browsers["administrator"].post("/approvals/rules", data=data).status_code == 422
    desk.want()
    assert desk.browsers["administrator"].post("/approvals/rules", data={"act": "publication"}).status_code == 303
    published = desk.browsers["drafter"].post("/listings/publish", data={"ids": str(desk.listings[0])})
    assert published.status_code == 303


def test_a_rule_that_names_somebody_who_has_left_says_so(desk: Desk) -> None:
    desk.want()
    with desk.database.writing() as session:
        session.get_one(Membership, desk.posts["consulted"].membership.id).until = now().date() - timedelta(days=2)
    data = {"act": "publication", "ids": str(desk.listings[0]), "title": "x", "reason": "x"}
    answer = desk.browsers["drafter"].post("/approvals", data=data)
    assert answer.status_code == 422
    assert "does not work in your office any more" in answer.text


def mails(desk: Desk) -> list[str]:
    """Whom a paper has been told to, in the order of telling."""
    names = {post.user.email: who for who, post in desk.posts.items()}
    told = select(OutboxLetter).where(OutboxLetter.kind == "paper_waits").order_by(col(OutboxLetter.id))
    with desk.database.reading() as session:
        return [names[letter.to] for letter in session.exec(told)]


def test_each_is_told_once_when_it_is_their_turn(desk: Desk) -> None:
    desk.want(consulted=("consulted", "colleague"))
    with desk.database.writing() as session:
        session.get_one(User, desk.posts["consulted"].user.id).language = "ja"
    address = desk.draft()
    assert mails(desk) == ["consulted"]
    with desk.database.reading() as session:
        [letter] = session.exec(select(OutboxLetter).where(OutboxLetter.kind == "paper_waits"))
    assert letter.language == "ja" and "決裁" in letter.subject and address in letter.text
    assert letter.office_id is None
    desk.answer("consulted", address)
    desk.answer("colleague", address)
    assert mails(desk) == ["consulted", "colleague", "decider"]
    desk.answer("decider", address)
    assert mails(desk) == ["consulted", "colleague", "decider"]


def test_a_deputy_is_told_too_and_nobody_twice(desk: Desk) -> None:
    desk.want(consulted=("consulted",))
    today = boston_today().isoformat()
    for away in ("consulted", "decider"):
        data = {"since": today, "until": today, "user": desk.id_of(away), "deputy": desk.id_of("colleague")}
        assert desk.browsers["administrator"].post("/approvals/deputies", data=data).status_code == 303
    address = desk.draft()
    assert mails(desk) == ["consulted", "colleague"]
    desk.answer("colleague", address)
    assert mails(desk) == ["consulted", "colleague", "decider"]


def test_who_wants_no_mail_gets_none_and_the_paper_waits_all_the_same(desk: Desk) -> None:
    desk.want()
    consulted = desk.browsers["consulted"]
    assert "Stop these mails" in consulted.get("/approvals").text
    for _twice in range(2):
        assert consulted.post("/approvals/mail").status_code == 303
    desk.draft()
    assert mails(desk) == []
    page = consulted.get("/approvals").text
    assert "The spring list" in page and "Send me these mails" in page
    assert consulted.post("/approvals/mail", data={"wanted": "true"}).status_code == 303
    desk.draft()
    assert mails(desk) == ["consulted"]
