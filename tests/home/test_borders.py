"""A walk over every route, as every role of another office, among rows that could leak: none does."""

import re
from collections import defaultdict
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select
from sqlmodel import Session
from starlette.testclient import TestClient

from crm.accounts.models import Role
from crm.approvals.models import ApprovalRequest, ApprovalStep, StepRole
from crm.core.columns import now
from crm.core.db import Base, Database
from crm.core.mail import Letter, post
from crm.events.actions.guests import add_guests
from crm.events.actions.planning import add_host, add_item
from crm.events.forms import AddForm, HostForm, ItemForm
from crm.interactions.models import Attachment, IncomingMail, Interaction
from crm.introductions.actions import ask, propose
from crm.introductions.forms import IntroductionForm, ProposalForm
from crm.people.actions.relate import relate
from crm.people.models import Export, ExportFormat, Person
from crm.people.models.relations import Part
from crm.people.relating import RelationForm
from crm.privacy.actions.requests import note_request
from crm.privacy.forms import DeskForm
from crm.privacy.models import Channel, LegalHold, RequestKind, RetentionItem, RetentionProposal
from crm.tasks.models import HandOver
from tests.conftest import SignIn
from tests.factories.accounts import a_post, a_token
from tests.factories.events import an_event
from tests.factories.interactions import a_contact, a_task
from tests.factories.people import a_person

SECRET = "Zyxwvutia"
"""In every text of the office's rows, and nowhere else."""
TABLES = {
    "person_id": ["person"], "interaction_id": ["interaction"], "task_id": ["task"], "letter_id": ["outbox_letter"],
    "approval_id": ["approval_request"], "deputy_id": ["approval_deputy"],
    "file_id": ["attachment"], "mail_id": ["incoming_mail"],
    "import_id": ["import_file"], "request_id": ["rights_request"], "proposal_id": ["retention_proposal"],
    "introduction_id": ["introduction"], "export_id": ["people_export"], "hand_over_id": ["hand_over"],
    "event_id": ["event"], "guest_id": ["guest"], "host_id": ["event_host"], "item_id": ["programme_item"],
    "row_id": ["affiliation", "contact_point", "person_name"], "listing_id": ["listing"],
    "relation_id": ["relation"], "share_id": ["share"], "transfer_id": ["transfer"],
}  # fmt: skip
OTHERS = [role for role in Role if role is not Role.ADMINISTRATOR]
OUTSIDE = ("/{language", "/my-data", "/calendar", "/welcome", "/new-password", "/language", "/sign-out", "/me/")
"""Opened by a secret in the address, or the reader's own."""


@pytest.fixture
def ids(database: Database) -> dict[str, list[UUID]]:
    """Rows of every kind in Boston; table → ids."""
    with database.writing() as session:
        fill(session)
    found = defaultdict(list)
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if "id" in table.c:
                found[table.name] = list(session.execute(select(table.c.id)).scalars())
    return found


def fill(session: Session) -> None:
    boston = a_post(session, "attache").actor
    words: dict[str, Any] = {"kanji": f"{SECRET} 真理", "kana": None, "latin": SECRET, "note": SECRET}
    person = a_person(session, boston, full_name=f"{SECRET} Mari", institution=f"{SECRET} Institute", **words)
    other = a_person(session, boston, full_name=f"Ono {SECRET}", email="ono@example.org", **words)
    for careful in (False, True):
        a_contact(session, boston, person, text=SECRET, careful=careful, audience="office")
    a_task(session, boston, person, title=SECRET)
    relate(session, boston, person, RelationForm(other=other.id, part=Part.STUDENT, note=SECRET))
    asked = ask(session, boston, IntroductionForm(asker=SECRET, question=SECRET, asked_on=boston.today))
    propose(session, boston, asked, ProposalForm(person_id=person.id))
    letter = Letter("listing_request", "x@example.org", SECRET, SECRET, SECRET, "en")
    post(session, letter, office_id=boston.office_id, person_id=person.id)
    form = DeskForm(
        kind=RequestKind.DISCLOSURE, channel=Channel.PAPER, requester=SECRET, received_on=boston.today, words=SECRET
    )
    note_request(session, boston, form)
    add_rows_of_the_desk(session, boston, person)


def add_rows_of_the_desk(session: Session, boston: Any, person: Person) -> None:
    proposal = RetentionProposal(office_id=boston.office_id, kind="lead", made_on=now().date(), before=now().date())
    session.add(proposal)
    session.flush()
    [contact, *_] = session.execute(select(Interaction)).scalars()
    facts: dict[str, Any] = {"media_type": "text/plain", "size": 1, "digest": "", "added_by": boston.user_id}
    rows = [
        Attachment(interaction_id=contact.id, name=f"{SECRET}.txt", **facts),
        IncomingMail(office_id=boston.office_id, user_id=boston.user_id, subject=SECRET, text=SECRET),
        RetentionItem(proposal_id=proposal.id, subject_id=person.id),
        LegalHold(office_id=boston.office_id, person_id=person.id, reason=SECRET),
        HandOver(office_id=boston.office_id, from_id=boston.user_id, to_id=boston.user_id, note=SECRET),
        Export(office_id=boston.office_id, user_id=boston.user_id, format=ExportFormat.CSV, reason=SECRET),
    ]
    session.add_all(rows)
    paper = ApprovalRequest(
        office_id=boston.office_id, year=2026, number=1, act="publication", title=SECRET, reason=SECRET,
        drafter_id=boston.user_id,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    add_event_of_the_office(session, boston, person)
    session.add(ApprovalStep(request_id=paper.id, place=0, role=StepRole.DECIDES, user_id=boston.user_id))
    session.flush()


def add_event_of_the_office(session: Session, boston: Any, person: Person) -> None:
    texts = {"en": SECRET, "ja": SECRET}
    event = an_event(session, boston, title=texts, place=texts)
    add_host(session, boston, event, HostForm(name=texts))
    add_item(session, boston, event, ItemForm(title=texts))
    add_guests(session, boston, event, AddForm(ids=[person.id]))


def addresses(app: FastAPI, method: str, ids: dict[str, list[UUID]]) -> list[str]:
    """Every inside route of this method, with the ids of every row that its parameters can name."""
    found = []
    for route in app.routes:
        if not isinstance(route, APIRoute) or method not in (route.methods or ()) or route.path.startswith(OUTSIDE):
            continue
        paths = [route.path]
        for name in re.findall(r"{(\w+)}", route.path):
            rows = [id for table in TABLES.get(name, ()) for id in ids[table]]
            paths = [path.replace(f"{{{name}}}", str(id)) for path in paths for id in rows]
        found += paths
    return found


def test_the_rows_could_leak(app: FastAPI, sign_in: SignIn, ids: dict[str, list[UUID]]) -> None:
    """Boston itself reads them on many pages; else the walk below would show nothing."""
    own = sign_in()
    shown = [path for path in addresses(app, "GET", ids) if SECRET in own.get(path).text]
    assert len(shown) > 40
    for table in (
        "event",
        "guest",
        "rights_request",
        "introduction",
        "interaction",
        "task",
        "hand_over",
        "outbox_letter",
    ):
        assert any(str(id) in path for path in shown for id in ids[table]), table


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_of_another_office_reads_them(
    app: FastAPI, sign_in: SignIn, ids: dict[str, list[UUID]], role: Role
) -> None:
    stranger = sign_in(role.value, "jp-univ")
    asked = addresses(app, "GET", ids)
    assert len(asked) > 100
    assert [path for path in asked if SECRET in stranger.get(path).text] == []
    # Looked for by the beginning of the word, which the page says back.
    assert [path for path in asked if SECRET in stranger.get(path, params={"q": SECRET[:5]}).text] == []


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_of_another_office_changes_them(
    app: FastAPI, sign_in: SignIn, ids: dict[str, list[UUID]], role: Role, database: Database
) -> None:
    stranger = sign_in(role.value, "jp-univ")
    before = everything(database)
    said: dict[str, int] = {}
    for path in addresses(app, "POST", ids):
        if re.search(r"[0-9a-f]{8}-", path):  # of a row that is not theirs
            answer = stranger.post(path, data={"version": "1", "reason": "x", "note": "x"})
            said[path] = answer.status_code
            assert SECRET not in answer.text, path
    assert len(said) > 50
    # A form that is not right may lead back to its page; what counts is that nothing has changed.
    assert {path: status for path, status in said.items() if status not in (303, 400, 403, 404, 409, 422)} == {}
    assert everything(database) == before


def everything(database: Database) -> dict[str, list[Any]]:
    """All rows of all tables, those apart that any request writes."""
    apart = ("user_session", "user_account", "membership", "rate_count")
    with database.reading() as session:
        return {
            table.name: sorted(map(str, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in apart
        }


def test_no_program_of_another_office_reads_them(
    app: FastAPI, client: TestClient, database: Database, ids: dict[str, list[UUID]]
) -> None:
    with database.writing() as session:
        secret = a_token(session, a_post(session, "officer", "jp-univ"))
    headers = {"Authorization": f"Bearer {secret}"}
    asked = [path for path in addresses(app, "GET", ids) if path.startswith("/api/")]
    assert len(asked) > 8
    assert [path for path in asked if SECRET in client.get(path, headers=headers).text] == []
