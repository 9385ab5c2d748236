import pytest
from sqlmodel import select

from crm.accounts.actions.reference import load_reference
from crm.accounts.models import Membership, Office, User
from crm.core.db import Database
from crm.core.mail import OutboxLetter
from tests.conftest import SignIn


@pytest.fixture(autouse=True)
def offices(database: Database) -> None:
    with database.writing() as session:
        load_reference(session)


def office_id(database: Database, code: str) -> str:
    with database.reading() as session:
        return str(session.exec(select(Office.id).where(Office.code == code)).one())


def invitation(database: Database, **changes: str) -> dict[str, str]:
    return {
        "email": "new@example.org",
        "name": "新任 者",
        "office_id": office_id(database, "us-sf"),
        "role": "attache",
        "language": "ja",
        "since": "2026-04-01",
        **changes,
    }


def test_an_invited_colleague_chooses_a_password_and_signs_in(sign_in: SignIn, database: Database) -> None:
    administrator = sign_in("administrator", "meguri")
    page = administrator.post("/accounts", data=invitation(database))
    assert page.status_code == 200
    with database.reading() as session:
        letter = session.exec(select(OutboxLetter)).one()
        assert letter.language == "ja"
        address = next(word for word in letter.text.split() if "/welcome/" in word)
    assert address in page.text
    path = address.removeprefix("http://testserver")
    password = {"password": "春はあけぼのやうやう白く", "repeated": "春はあけぼのやうやう白く"}
    assert administrator.post(path, data=password).status_code == 303
    signed = administrator.post("/sign-in", data={"email": "new@example.org", "password": password["password"]})
    assert signed.status_code == 303


def test_an_unfinished_invitation_keeps_what_was_typed(sign_in: SignIn, database: Database) -> None:
    answer = sign_in("administrator", "meguri").post("/accounts", data=invitation(database, email="no address"))
    assert answer.status_code == 422
    assert 'value="no address"' in answer.text
    assert "Please give an e-mail address such as name@example.org." in answer.text
    assert "新任 者" in answer.text


def test_an_administrator_of_one_office_cannot_add_users_to_another(sign_in: SignIn, database: Database) -> None:
    answer = sign_in("administrator", "us-bos").post("/accounts", data=invitation(database))
    assert answer.status_code == 403
    with database.reading() as session:
        assert session.exec(select(User).where(User.email == "new@example.org")).first() is None


def test_members_of_other_offices_are_not_listed(sign_in: SignIn, database: Database) -> None:
    sign_in("attache", "us-sf")
    own = sign_in("administrator", "us-bos").get("/accounts").text
    everything = sign_in("administrator", "meguri").get("/accounts").text
    assert "Consulate-General of Japan in San Francisco" in everything
    assert "Consulate-General of Japan in San Francisco" not in own


def test_only_administrators_see_accounts(sign_in: SignIn) -> None:
    assert sign_in("attache").get("/accounts").status_code == 403
    assert sign_in("hq_reader", "mofa").get("/accounts").status_code == 403


def test_a_term_cannot_end_before_it_begins(sign_in: SignIn, database: Database) -> None:
    administrator = sign_in("administrator", "us-bos")
    with database.reading() as session:
        membership = session.exec(select(Membership)).first()
        assert membership is not None
    administrator.post(f"/accounts/{membership.id}/term", data={"until": "1999-01-01"})
    with database.reading() as session:
        assert session.get_one(Membership, membership.id).until is None
