"""Whom one may invite: what was decided, who asks to be left alone, who is on the list; paper, a new address."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from crm.accounts.access import Actor
from crm.approvals.models import ApprovalRequest, ApprovalRule
from crm.core.columns import now
from crm.core.db import Database
from crm.core.mail import LetterState, OutboxLetter
from crm.core.settings import Settings
from crm.core.work import Worker
from crm.events.actions.answering import object_to_invitations
from crm.events.models import Guest, LetterKind, LetterText, Objection, Reserve
from crm.letters.delivery import deliver
from crm.people.models import ContactKind, ContactPoint, ContactState
from tests.conftest import SignIn
from tests.events.test_letters import letters, ready, send
from tests.events.test_papers import text_of
from tests.factories.accounts import a_post, a_session_cookie, an_actor
from tests.factories.events import a_guest, an_event, guests
from tests.factories.people import a_person

pytestmark = pytest.mark.both


def stored(database: Database, name: str) -> Guest:
    with database.reading() as session:
        return session.exec(select(Guest).where(Guest.name == name)).one()


def forbid(session: Session, actor: Actor, address: str, **said: Any) -> None:
    """Somebody's record says that this address is not to be used."""
    person = a_person(session, actor, full_name="OTTO Ottokar", kanji=None, kana=None, email=address, **said)
    for point in session.exec(select(ContactPoint).where(ContactPoint.person_id == person.id)):
        point.state = ContactState.DO_NOT_USE


class Deciding:
    """An office that decides whom it invites."""

    def __init__(self, database: Database, sign_in: SignIn) -> None:
        self.database, self.desk = database, sign_in()
        with database.writing() as session:
            actor, self.event = ready(session)
            a_guest(session, actor, self.event, "Ann Example")
            a_guest(session, actor, self.event, "Cid Example", email=None)
            a_guest(session, actor, self.event, "Bea Example", email=None, reserve=Reserve.B)
            post = a_post(session, "attache")
            self.cookie = a_session_cookie(session, post)
            session.add(ApprovalRule(office_id=self.event.office_id, act="event_invitations", decider_id=post.user.id))
        self.address = f"/events/{self.event.id}"

    def draft(self, **said: Any) -> str:
        """From the send page, as a browser would."""
        page = send(self.desk, self.event, **said)
        assert page.status_code == 200, page.text
        chosen = page.text.split('name="chosen" value="')[1].split('"')[0].replace("&#34;", '"')
        paper = {"act": "event_invitations", "ids": [str(self.event.id)], "title": "Guests", "reason": "As planned"}
        answer = self.desk.post("/approvals", data={**paper, "chosen": chosen})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def decide(self, client: TestClient, paper: str) -> Any:
        client.cookies.set("meguri_session", self.cookie)
        client.cookies.set("meguri_language", "en")
        with self.database.reading() as session:
            version = session.exec(select(ApprovalRequest).order_by(col(ApprovalRequest.id).desc())).first().version  # type: ignore[union-attr]
        shown = client.get(paper)
        return shown, client.post(f"{paper}/answer", data={"verdict": "agreed", "version": version})


def test_what_was_chosen_is_shown_decided_and_carried_out(
    database: Database, sign_in: SignIn, client: TestClient, worker: Worker
) -> None:
    office = Deciding(database, sign_in)
    starts = (now() + timedelta(days=3)).astimezone(office.event.starts_here.tzinfo).replace(second=0, microsecond=0)
    with database.writing() as session:
        for number in range(3):
            a_guest(session, an_actor(session), office.event, f"Guest{number} Example")
    paper = office.draft(starts=starts.strftime("%Y-%m-%dT%H:%M"), per_minute=2)
    worker.run_all()
    assert [letter for letter in letters(database) if letter.kind == LetterKind.INVITE] == []
    shown, decided = office.decide(client, paper)
    assert "5 invitations" in shown.text and "4 by e-mail" in shown.text and "1 on paper" in shown.text
    assert "2 letters a minute" in shown.text and "(America/New_York)" in shown.text
    assert "Invitation: Reception for researchers" in shown.text and "Dear Ann Example," in shown.text
    assert client.get(f"{paper}/cover").status_code == 200
    assert decided.status_code == 303, decided.text
    worker.run_all()
    invitations = [letter for letter in letters(database) if letter.kind == LetterKind.INVITE]
    waits = sorted((letter.due_at - starts).total_seconds() for letter in invitations)
    assert waits == [0, 0, 60, 60]


def test_another_text_has_to_be_decided_on_anew(
    database: Database, sign_in: SignIn, client: TestClient, worker: Worker
) -> None:
    office = Deciding(database, sign_in)
    paper = office.draft()
    with database.writing() as session:
        for text in session.exec(select(LetterText)):
            text.subject = "Quite another"
    shown, decided = office.decide(client, paper)
    assert "The texts have been changed since this was drafted" in shown.text
    assert decided.status_code == 422
    worker.run_all()
    assert stored(database, "Ann Example").approved_at is None


def test_cards_and_links_wait_for_the_decision_and_the_reserve_stays_where_it_is(
    database: Database, sign_in: SignIn, client: TestClient
) -> None:
    office = Deciding(database, sign_in)
    cid, bea = (stored(database, name) for name in ("Cid Example", "Bea Example"))
    page = office.desk.get(f"{office.address}/guests/{cid.id}").text
    assert "Show a personal link" not in page and "wants this approved first" in page
    for path in ("cards.pdf", f"guests/{cid.id}/link"):
        assert office.desk.post(f"{office.address}/{path}").status_code == 409
    office.decide(client, office.draft())
    answer = office.desk.post(f"{office.address}/cards.pdf")
    text = text_of(answer.content)
    assert "Dear Cid Example," in text and "Bea" not in text and "Ann" not in text
    assert office.desk.post(f"{office.address}/guests/{cid.id}/link").status_code == 200
    assert office.desk.post(f"{office.address}/cards.pdf", data={"guest": str(bea.id)}).status_code == 409


def test_what_went_by_post_is_invited_from_that_day_on(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        a_guest(session, actor, event, "Cid Example", email=None)
        a_guest(session, actor, event, "Dot Example", email=None)
        person = a_person(session, actor, email=None, institution="Northbridge University")
        post: dict[str, Any] = {"kind": ContactKind.POST, "value": "1 Invented Street"}
        session.add(ContactPoint(person_id=person.id, office_id=event.office_id, **post))
        guests(session, actor, event, person)
        bea = a_guest(session, actor, event, "Bea Example", reserve=Reserve.B)
        forbid(session, actor, "bea@example.org")
    desk, here = sign_in(), f"/events/{event.id}"
    assert "Note as sent" not in desk.get(f"{here}/letters").text
    assert desk.post(f"{here}/cards.pdf").status_code == 200
    assert "3 cards have been printed." in desk.get(f"{here}/letters").text
    envelopes = text_of(desk.get(f"{here}/envelopes.pdf").content)
    assert "高瀬 真理 先生" in envelopes and "1 Invented Street" in envelopes and "Dot Example" in envelopes
    today = now().astimezone(event.starts_here.tzinfo).date()
    late = desk.post(f"{here}/posted", data={"day": str(today + timedelta(days=2))})
    assert "This day has not come yet." in desk.get(late.headers["location"]).text
    assert stored(database, "Cid Example").invited_at is None
    desk.post(f"{here}/posted", data={"day": str(today - timedelta(days=1))})
    cid = stored(database, "Cid Example")
    assert cid.posted_on == today - timedelta(days=1) and cid.invited_at is not None
    listed = desk.get(f"{here}/guests?state=silent").text
    assert "Cid Example" in listed and "Dot Example" in listed
    assert desk.post(f"{here}/cards.pdf").status_code == 409  # nobody is left
    barred = desk.post(f"{here}/cards.pdf", data={"guest": str(bea.id)})
    assert barred.status_code == 409 and "asked not to be contacted" in barred.text


def test_an_address_that_is_not_to_be_used_bars_whoever_has_it(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        a_guest(session, actor, event, "Ann Example")
        early = a_guest(session, actor, event, "Otto Early", email="otto@example.org")
        forbid(session, actor, "otto@example.org")
        session.add(Objection(office_id=event.office_id, email="never@example.org"))
    desk, here = sign_in(), f"/events/{event.id}"
    for address, sentence in (
        ("Otto@example.org", "keeps this address as not to be used"),
        ("never@example.org", "wants no further invitations"),
    ):
        for box in ("email", "assistant"):
            said = {"name": "New Name", box: address, "language": "en"}
            answer = desk.post(f"{here}/guests/new", data=said)
            assert answer.status_code == 422 and sentence in answer.text
    change = {"name": "Ann Example", "email": "otto@example.org", "version": 1}
    assert desk.post(f"{here}/guests/{stored(database, 'Ann Example').id}", data=change).status_code == 422
    page = desk.get(f"{here}/letters").text
    assert "1 letter will be written." in page and "Otto Early" in page and "asked not to be contacted" in page
    assert "asked not to be contacted" in desk.get(f"{here}/guests/{early.id}").text
    send(desk, event)
    worker.run_all()
    assert [letter.to for letter in letters(database)] == ["ann@example.org"]


def test_who_asks_while_the_letter_waits_is_spared_at_the_last_moment(
    database: Database, sign_in: SignIn, worker: Worker, settings: Settings, smtp: Any
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        a_guest(session, actor, event, "Ann Example")
        a_guest(session, actor, event, "Otto Example")
        never = a_guest(session, actor, event, "Never Example")
    send(sign_in(), event)
    worker.run_all()
    with database.writing() as session:
        forbid(session, actor, "otto@example.org")
        object_to_invitations(session, event, session.get_one(Guest, never.id))
    deliver(database, replace(settings, smtp_url=smtp.url))
    assert [letter["To"] for letter in smtp.letters] == ["Ann Example <ann@example.org>"]
    states = {letter.to_name.split()[0]: letter.state for letter in letters(database)}
    assert states == {"Ann": LetterState.SENT, "Otto": LetterState.STOPPED, "Never": LetterState.STOPPED}


def test_a_record_with_a_barred_address_is_not_ticked(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        person = a_person(session, actor)
        session.add(Objection(office_id=event.office_id, email="takase@example.org"))
    page = sign_in().get(f"/events/{event.id}/guests/choose?q=takase").text
    assert f'value="{person.id}" disabled' in page and "wants no further invitations" in page


def test_who_is_perhaps_known_is_shown_before_they_are_added(database: Database, sign_in: SignIn) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        event = an_event(session, actor)
        a_person(session, actor)  # 高瀬 真理, takase@example.org
        a_guest(session, actor, event, "北村 絵美", kana="きたむら えみ", institution="Invented Institute")
        elsewhere = an_actor(session, "university_officer", "jp-univ")
        a_person(session, elsewhere, full_name="Zed Stranger", email="zed@example.org", kanji=None, kana=None)
    desk, here = sign_in(), f"/events/{event.id}/guests/new"
    known = desk.post(here, data={"name": "M. T.", "email": "takase@example.org"})
    assert known.status_code == 422 and "高瀬" in known.text and "in your records" in known.text
    listed = desk.post(here, data={"name": "Emi KITAMURA", "institution": "Invented Institute"})
    assert listed.status_code == 422 and "北村 絵美" in listed.text and "on the list already" in listed.text
    strange = desk.post(here, data={"name": "Zed Stranger", "email": "zed@example.org"})
    assert strange.status_code == 303  # whom only others know is never hinted at
    assert desk.post(here, data={"name": "M. T.", "email": "takase@example.org", "anyway": "true"}).status_code == 303
    assert "perhaps on the list already" in desk.get(f"/events/{event.id}/guests/choose?q=takase").text


def test_others_are_counted_by_address_and_before_their_letter_leaves(
    database: Database, sign_in: SignIn, worker: Worker
) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        a_guest(session, actor, event, "Ann Example")
        elsewhere = an_actor(session, "university_officer", "jp-univ")
        theirs = a_guest(session, elsewhere, an_event(session, elsewhere), "A. Example", email="ann@example.org")
        theirs.invited_at = now() - timedelta(days=20)
    desk = sign_in()
    assert "in the same week" not in desk.get(f"/events/{event.id}/letters").text
    with database.writing() as session:
        from crm.core.mail import Letter, post
        from crm.events.models import GuestLetter

        row = post(session, Letter("event_invitation", "ann@example.org", "Ann", "Come", "Come", "en"))
        row.due_at = now() + timedelta(days=5)
        session.add(GuestLetter(guest_id=theirs.id, letter_id=row.id, kind="event_invitation", digest="x"))
    assert "Another office invites 1 of them in the same week." in desk.get(f"/events/{event.id}/letters").text


def test_a_corrected_address_is_invited_again_by_one_press(database: Database, sign_in: SignIn, worker: Worker) -> None:
    with database.writing() as session:
        actor, event = ready(session)
        guest = a_guest(session, actor, event, "Ann Example")
    desk, here = sign_in(), f"/events/{event.id}/guests/{guest.id}"
    send(desk, event)
    worker.run_all()
    assert desk.post(f"{here}/invite-again").status_code == 409  # it has had it
    with database.writing() as session:
        session.exec(select(OutboxLetter)).one().state = LetterState.FAILED
    page = desk.get(here).text
    assert "The invitation came back." in page and "Proposed by" in page
    with database.writing() as session:
        session.get_one(Guest, guest.id).email = "ann.new@example.org"
    assert "Invite again at ann.new@example.org" in desk.get(here).text
    assert desk.post(f"{here}/invite-again").status_code == 303
    sent = {letter.to: letter.state for letter in letters(database)}
    assert sent == {"ann@example.org": LetterState.FAILED, "ann.new@example.org": LetterState.QUEUED}
    assert desk.post(f"{here}/invite-again").status_code == 409
