"""The outbox's pages."""

from sqlmodel import select
from starlette.testclient import TestClient

from crm.core.db import Database
from crm.core.mail import Letter, LetterState, OutboxLetter, post
from tests.conftest import SignIn
from tests.factories.accounts import an_office


def written(database: Database, office: str = "us-bos", kind: str = "listing_request") -> str:
    text = "Dear you,\n\nhttp://testserver/en/confirm/secret-of-the-letter"
    with database.writing() as session:
        letter = Letter(kind, "a@example.org", "Ada Invented", "Please", text, "en")
        return str(post(session, letter, office_id=an_office(session, office).id).id)


def test_without_a_mail_server_the_page_says_so_and_shows_the_letter_with_its_link(
    database: Database, sign_in: SignIn
) -> None:
    letter = written(database)
    browser: TestClient = sign_in()
    assert "No mail server is set up" in browser.get("/letters").text
    assert 'href="http://testserver/en/confirm/secret-of-the-letter"' in browser.get(f"/letters/{letter}").text


def test_letters_of_other_offices_and_links_to_accounts_do_not_show(database: Database, sign_in: SignIn) -> None:
    other, account = written(database, "uk"), written(database, kind="invitation")
    browser = sign_in()
    assert "Ada Invented" not in browser.get("/letters").text
    for letter in (other, account):
        assert browser.get(f"/letters/{letter}").status_code == 404
        assert browser.post(f"/letters/{letter}/stop").status_code == 404


def test_a_letter_is_stopped_and_put_back(database: Database, sign_in: SignIn) -> None:
    letter = written(database)
    browser = sign_in()
    states = []
    for act in ("stop", "retry"):
        assert browser.post(f"/letters/{letter}/{act}").status_code == 303
        with database.reading() as session:
            states.append(session.exec(select(OutboxLetter)).one().state)
    assert states == [LetterState.STOPPED, LetterState.QUEUED]
    assert browser.post(f"/letters/{letter}/retry").status_code == 409
