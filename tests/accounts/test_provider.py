"""Signing in through a provider that really runs: who comes in, who does not, and what a forger may try."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from crm.accounts.models import JournalEntry, ProviderLink, User, UserSession
from crm.accounts.passwords import hash_password
from crm.core.columns import now
from crm.core.db import Database
from crm.core.outside import NoAnswer, fetch_json
from crm.core.settings import Provider, Settings
from crm.doctor import findings
from tests.conftest import SignIn, free_port, make_app
from tests.factories.accounts import a_post, an_office
from tests.factories.authenticator import Key
from tests.factories.provider import CLIENT, SECRET, TestProvider, a_provider

BACK = "/sign-in/provider/back"


@pytest.fixture(scope="module")
def running() -> Iterator[TestProvider]:
    with a_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: TestProvider, user: User) -> TestProvider:
    running.person = {"sub": "0001", "email": user.email, "email_verified": True}
    running.spoilt, running.in_token = {}, True
    return running


def configured(settings: Settings, issuer: str, **more: Any) -> Settings:
    values = {"label": "The ministry", "domains": (), "factors": (), "pages": (), **more}
    return replace(settings, provider=Provider(issuer, CLIENT, SECRET, **values))


@pytest.fixture
def app(settings: Settings, database: Database, running: TestProvider) -> FastAPI:
    return make_app(configured(settings, running.url), database)


@pytest.fixture
def user(database: Database) -> User:
    with database.writing() as session:
        return a_post(session, "attache").user


def begin(client: TestClient) -> dict[str, str]:
    """Sent to the provider; what the browser is given for it."""
    sent = client.post("/sign-in/provider", data={"next": "/me"})
    assert sent.status_code == 303, sent.text
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    return {"address": sent.headers["location"], **asked}


def agree(asked: dict[str, str], go: str = "yes") -> str:
    """What the provider answers, as the path to which the browser comes back."""
    there = httpx2.post(asked["address"], data={"go": go}, follow_redirects=False)
    assert there.status_code == 302, there.text
    back = urlsplit(there.headers["location"])
    return f"{back.path}?{back.query}"


def come(client: TestClient) -> Any:
    return client.get(agree(begin(client)))


def opened(response: Any) -> bool:
    return (response.status_code, response.headers.get("location")) == (303, "/me")


@pytest.mark.both
def test_an_invited_user_comes_in_and_is_known_from_then_on(
    client: TestClient, provider: TestProvider, user: User, database: Database
) -> None:
    assert "Sign in with The ministry" in client.get("/sign-in").text
    asked = begin(client)
    assert (asked["code_challenge_method"], asked["scope"], asked["response_type"]) == ("S256", "openid email", "code")
    assert asked["redirect_uri"] == "http://testserver" + BACK
    assert opened(client.get(agree(asked)))
    assert client.get("/me").status_code == 200
    client.post("/sign-out")
    assert client.get("/me").status_code == 303
    provider.person |= {"email": "new-name@example.org", "email_verified": False}
    assert opened(come(client))
    with database.reading() as session:
        [link] = session.exec(select(ProviderLink)).all()
        sessions = session.exec(select(UserSession)).all()
        verbs = [line.verb for line in session.exec(select(JournalEntry))]
    assert (link.user_id, link.issuer, link.subject) == (user.id, provider.url, "0001")
    assert [each.by_provider for each in sessions] == [True, True]
    assert verbs.count("linked") == 1


def test_the_address_may_stand_beside_the_token(client: TestClient, provider: TestProvider) -> None:
    provider.in_token = False
    assert opened(come(client))


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ({"email": "nobody@example.org"}, "nobody@example.org has no account here"),
        ({"email_verified": False}, "has not verified your e-mail address"),
        ({"email_verified": "true"}, "has not verified your e-mail address"),
        ({"email": ""}, "has not verified your e-mail address"),
    ],
)
def test_nobody_else_comes_in_and_no_account_is_made(
    client: TestClient, provider: TestProvider, database: Database, person: dict[str, Any], words: str
) -> None:
    provider.person |= person
    refused = come(client)
    assert refused.status_code == 403
    assert words in refused.text
    assert client.get("/me").status_code == 303
    with database.reading() as session:
        assert len(session.exec(select(User)).all()) == 1
        assert session.exec(select(ProviderLink)).all() == []


def test_an_address_that_somebody_else_has_now_opens_nothing(client: TestClient, provider: TestProvider) -> None:
    assert opened(come(client))
    provider.person["sub"] = "0002"
    refused = come(client)
    assert refused.status_code == 403
    assert "belongs to somebody else" in refused.text


def test_an_administrator_separates(
    client: TestClient, provider: TestProvider, sign_in: SignIn, database: Database
) -> None:
    assert opened(come(client))
    page = sign_in("administrator", "us-bos").get("/accounts").text
    found = re.search(r'action="(/accounts/[0-9a-f-]+/unlink)"', page)
    assert found
    assert sign_in("administrator", "jp-univ").post(found[1]).status_code == 403
    assert sign_in("administrator", "us-bos").post(found[1]).status_code == 303
    provider.person["sub"] = "0002"
    assert opened(come(client))


def test_a_closed_account_stays_closed(
    client: TestClient, provider: TestProvider, user: User, database: Database
) -> None:
    assert opened(come(client))
    client.post("/sign-out")
    with database.writing() as session:
        session.get_one(User, user.id).closed_at = now()
    assert come(client).status_code == 403


def test_only_addresses_of_its_own_domains(
    client: TestClient, provider: TestProvider, app: FastAPI, settings: Settings
) -> None:
    app.state.settings = configured(settings, provider.url, domains=("mofa.example",))
    refused = come(client)
    assert "does not speak for addresses of example.org" in refused.text
    app.state.settings = configured(settings, provider.url, domains=("example.org",))
    assert opened(come(client))


def test_whoever_cancels_is_told_so(client: TestClient, provider: TestProvider) -> None:
    refused = client.get(agree(begin(client), "no"))
    assert refused.status_code == 403
    assert "You have cancelled the sign-in" in refused.text


@pytest.mark.both
def test_a_state_that_was_tampered_with(client: TestClient, provider: TestProvider, open_client: Any) -> None:
    """And an answer that another browser brings, or the same one twice."""
    back = agree(begin(client))
    assert client.get(re.sub("state=[^&]+", "state=forged", back)).status_code == 403
    assert client.get(back).status_code == 422
    asked = begin(client)
    back = agree(asked)
    assert open_client().get(back).status_code == 422
    assert opened(client.get(back))
    assert client.get(back).status_code == 422


def test_a_code_of_another_sign_in(client: TestClient, provider: TestProvider, open_client: Any) -> None:
    """The code of the attacker's own sign-in, slipped into the victim's: PKCE and nonce are against it."""
    stolen = parse_qs(urlsplit(agree(begin(open_client()))).query)["code"][0]
    back = agree(begin(client))
    assert client.get(re.sub("code=[^&]+", f"code={stolen}", back)).status_code == 403
    assert client.get("/me").status_code == 303


@pytest.mark.parametrize(
    "spoilt",
    [
        {"nonce": "another"},
        {"aud": "another-program"},
        {"aud": ["meguri", "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1_700_000_000},
        {"iat": 4_000_000_000, "exp": 4_000_004_000},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"sub": ""},
        {"sub": ["0001"]},
    ],
    ids=str,
)
def test_a_token_that_is_not_right(client: TestClient, provider: TestProvider, spoilt: dict[str, Any]) -> None:
    provider.spoilt = spoilt
    refused = come(client)
    assert refused.status_code == 403
    assert "could not be accepted" in refused.text
    assert client.get("/me").status_code == 303


def test_another_issuer_in_the_answer(client: TestClient, provider: TestProvider) -> None:
    """RFC 9207: the mix-up of two providers."""
    assert client.get(agree(begin(client)) + "&iss=https://evil.example").status_code == 403


def test_keys_that_the_provider_has_changed(client: TestClient, provider: TestProvider) -> None:
    assert opened(come(client))
    before = provider.questions
    assert opened(come(client))
    assert provider.questions == before
    provider.turn_keys()
    assert opened(come(client))
    assert provider.questions == before + 1


def test_a_key_that_the_provider_does_not_show(client: TestClient, provider: TestProvider) -> None:
    honest, back = provider.key, agree(begin(client))
    provider.turn_keys()
    forged, provider.key = provider.key, honest
    assert opened(client.get(back))
    shown = dict(honest.as_dict(private=False))
    forged.as_dict = lambda **_: shown
    provider.key = forged
    assert come(client).status_code == 403
    provider.key = honest


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_provider_that_is_down(settings: Settings, database: Database, user: User, moment: str) -> None:
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
    with a_provider() as gone:
        gone.person = {"sub": "0001", "email": user.email, "email_verified": True}
        app = make_app(
            configured(settings, gone.url if moment == "after" else f"http://127.0.0.1:{free_port()}"), database
        )
        with TestClient(app, follow_redirects=False, headers=headers) as client:
            back = agree(begin(client)) if moment == "after" else ""
    with TestClient(app, follow_redirects=False, headers=headers, cookies=client.cookies) as later:
        answer = later.get(back) if back else later.post("/sign-in/provider")
    assert answer.status_code == 502
    assert "does not answer" in answer.text


def test_a_second_factor_of_ones_own_is_asked_for(
    client: TestClient, provider: TestProvider, user: User, database: Database, app: FastAPI, settings: Settings
) -> None:
    """Unless the provider has seen one, and the setting says that this counts."""
    with database.writing() as session:
        session.get_one(User, user.id).password_hash = hash_password("a long enough sentence")
        an_office(session).factor_required = True
    provider.person["amr"] = ["pwd", "mfa"]
    assert opened(come(client))
    assert client.get("/me").headers["location"] == "/me/second-factor"
    key = Key()
    made = client.post("/me/passkeys", data={"name": "Laptop", "password": "a long enough sentence"}).text
    options = re.search(r'data-passkey-new="([^"]+)"', made)
    assert options
    client.post("/me/passkeys/confirm", data={"credential": key.make(json.loads(html.unescape(options[1])))})
    client.post("/sign-out")
    assert come(client).headers["location"] == "/sign-in/code?next=%2Fme"
    assert client.get("/me").status_code == 303
    asked = client.post("/sign-in/passkey/options", data={"second": "true"}).json()
    given = {"credential": key.sign(asked), "next": "/me", "second": "true"}
    assert opened(client.post("/sign-in/passkey", data=given))
    client.post("/sign-out")
    app.state.settings = configured(settings, provider.url, factors=("mfa",))
    assert opened(come(client))
    with database.reading() as session:
        last = session.exec(select(UserSession).order_by(UserSession.id.desc())).first()  # type: ignore[attr-defined]
    assert last is not None
    assert (last.by_provider, last.vouched) == (True, True)


def test_the_providers_word_opens_an_office_that_asks_for_a_factor(
    client: TestClient, provider: TestProvider, database: Database, app: FastAPI, settings: Settings
) -> None:
    with database.writing() as session:
        an_office(session).factor_required = True
    app.state.settings = configured(settings, provider.url, factors=("https://refeds.org/profile/mfa",))
    provider.person["acr"] = "https://refeds.org/profile/sfa"
    come(client)
    assert client.get("/me").headers["location"] == "/me/second-factor"
    client.post("/sign-out")
    provider.person["acr"] = "https://refeds.org/profile/mfa"
    come(client)
    assert client.get("/me").status_code == 200


@pytest.mark.both
def test_an_office_asks_for_the_provider(
    client: TestClient, provider: TestProvider, sign_in: SignIn, user: User, database: Database, open_client: Any
) -> None:
    with database.writing() as session:
        office = str(an_office(session).id)
        admin = a_post(session, "administrator").user
        session.get_one(User, user.id).password_hash = hash_password("a long enough sentence")
    ask = {"office_id": office, "required": "true"}
    sign_in("administrator").post("/accounts/require-provider", data=ask)
    with database.reading() as session:
        assert not an_office(session).provider_required
    chief = open_client()
    provider.person = {"sub": "0009", "email": admin.email, "email_verified": True}
    assert opened(come(chief))
    assert "The ministry" in chief.get("/accounts").text
    assert chief.post("/accounts/require-provider", data=ask).status_code == 303
    client.post("/sign-in", data={"email": user.email, "password": "a long enough sentence"})
    assert client.get("/people").headers["location"] == "/me/provider"
    assert client.post("/people", data={"full_name": "Ono Ken"}).status_code == 403
    assert "Sign in with The ministry" in client.get("/me/provider").text
    provider.person = {"sub": "0001", "email": user.email, "email_verified": True}
    assert opened(come(client))
    assert client.get("/people").status_code == 200


def test_without_a_provider_there_is_no_door(settings: Settings, database: Database, sign_in: SignIn) -> None:
    headers = {"sec-fetch-site": "same-origin", "accept-language": "en"}
    with TestClient(make_app(settings, database), follow_redirects=False, headers=headers) as client:
        assert "/sign-in/provider" not in client.get("/sign-in").text
        assert client.post("/sign-in/provider").status_code == 404
        assert "form-action 'self';" in client.get("/sign-in").headers["content-security-policy"]


def test_forms_may_be_passed_on_to_the_provider_alone(client: TestClient, provider: TestProvider) -> None:
    policy = client.get("/sign-in").headers["content-security-policy"]
    assert f"form-action 'self' {provider.url};" in policy


@pytest.mark.parametrize("named", ["http://other.example/keys", "https://127.0.0.1/keys", "https://[::1]/keys", "ftp:"])
def test_what_a_service_names_elsewhere_is_public_and_secure(named: str) -> None:
    with pytest.raises(NoAnswer):
        fetch_json(named, named_by="https://provider.example")


def test_the_doctor_explains_and_warns(
    settings: Settings, database: Database, provider: TestProvider, user: User
) -> None:
    public = replace(configured(settings, provider.url), base_url="https://meguri.example.org")

    def said(these: Settings) -> str:
        return " ".join(sentence for _severity, sentence in findings(these))

    assert "CRM_OIDC_ISSUER is plain HTTP" in said(public)
    assert "does not answer" not in said(public)
    assert "does not answer" in said(configured(settings, f"http://127.0.0.1:{free_port()}"))
    assert "No second factor and no provider is asked for in: us-bos" in said(public)
    with database.writing() as session:
        an_office(session).provider_required = True
    assert "us-bos" not in said(public)
    assert "Nobody gets in" in said(settings)
    assert "us-bos" in said(settings)
