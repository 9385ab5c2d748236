"""The mailbox opened by a token: a real IMAP server asks the service that gave it whose it is."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from crm.core.contributions import MailTaker
from crm.core.db import Database
from crm.core.settings import Settings, read_settings
from crm.doctor import findings
from crm.letters import mailbox as under_test
from crm.letters.mailbox import collect, trouble_with
from crm.letters.tokens import forget_token, token_for
from tests.conftest import free_port
from tests.factories.mail_tokens import CLIENT, REFRESH, SCOPE, SECRET, TokenService, a_token_service
from tests.letters.test_mailbox import Keeper, a_mail
from tests.mailboxes import Mailbox, Server


@pytest.fixture
def service(imap_server: Server, mailbox: Mailbox) -> Iterator[TokenService]:
    with a_token_service(imap_server.tokens) as running:
        running.user = mailbox.user
        yield running
        for refresh in (REFRESH, ""):
            forget_token(running.source(refresh_token=refresh))


@pytest.fixture
def here(settings: Settings, mailbox: Mailbox, service: TokenService) -> Settings:
    url = f"imaps://{mailbox.user}@localhost:{mailbox.port}/"
    return replace(settings, imap_url=url, imap_tokens=service.source())


@pytest.mark.parametrize("mechanism", ["OAUTHBEARER", "XOAUTH2"])
@pytest.mark.parametrize("grant", ["refresh_token", "client_credentials"])
def test_mails_are_taken_with_one_token_until_it_ends(
    mailbox: Mailbox, service: TokenService, here: Settings, database: Database, monkeypatch: Any, mechanism: str,
    grant: str,
) -> None:  # fmt: skip
    if mechanism == "XOAUTH2":
        connected = under_test._connected

        def older(scheme: str, host: str, port: int) -> Any:
            box = connected(scheme, host, port)
            box.client.capabilities = tuple(each for each in box.client.capabilities if each != "AUTH=OAUTHBEARER")
            return box

        monkeypatch.setattr(under_test, "_connected", older)
    here = replace(here, imap_tokens=service.source(refresh_token=REFRESH if grant == "refresh_token" else ""))
    keeper = Keeper()
    for turn in range(2):
        mailbox.put(a_mail(f"turn {turn}", "for us"))
        assert collect([MailTaker(1, keeper.take)], database, here) == 1
    assert [form["grant_type"] for form in service.asked] == [grant]
    assert trouble_with(here.imap_url, here.imap_tokens) == ("", 0)


def test_a_token_that_has_ended_is_renewed_with_the_newest_refresh_token(service: TokenService) -> None:
    service.seconds, service.turns, service.refresh = "30", True, "secret-that-turns"
    source = service.source(refresh_token=service.refresh)
    first, second = token_for(source), token_for(source)
    assert first != second and len(service.asked) == 2
    assert service.asked[0]["refresh_token"] == source.refresh_token != service.asked[1]["refresh_token"]


def test_a_token_that_the_mailbox_refuses_is_fetched_anew(
    mailbox: Mailbox, service: TokenService, here: Settings, database: Database
) -> None:
    mailbox.put(a_mail("Hello", "for us"))
    service.user = "somebody-else"
    assert "refuses the token (OAUTHBEARER)" in trouble_with(here.imap_url, here.imap_tokens)[0]
    service.user = mailbox.user
    assert collect([MailTaker(1, Keeper().take)], database, here) == 1
    assert len(service.asked) == 2


def test_what_is_wrong_is_said_without_a_secret(
    service: TokenService, here: Settings, database: Database, caplog: Any, capsys: Any
) -> None:
    wrong = service.source(client_secret="secret-that-is-wrong")
    gone = replace(service.source(), url=f"http://127.0.0.1:{free_port()}/token")
    said = []
    with caplog.at_level(logging.DEBUG):
        for tokens, why in ((wrong, "refuses us"), (gone, "does not answer")):
            assert collect([], database, replace(here, imap_tokens=tokens)) == 0
            said.append(trouble_with(here.imap_url, tokens)[0])
            assert why in said[-1]
        service.user = "somebody-else"
        said.append(trouble_with(here.imap_url, here.imap_tokens)[0])
    told = "".join(said) + caplog.text + "".join(capsys.readouterr()) + repr(here)
    assert "secret-" not in told
    assert not any(token in told for token in service.given)


def test_doctor_names_the_settings_that_are_missing(here: Settings, database: Database) -> None:
    environ = {"CRM_IMAP_TOKEN_URL": "https://login.example.org/token", "CRM_IMAP_CLIENT_ID": CLIENT}
    lacking = read_settings(environ).imap_tokens

    def said(tokens: Any) -> str:
        return " ".join(sentence for _severity, sentence in findings(replace(here, imap_tokens=tokens)))

    assert "CRM_IMAP_CLIENT_SECRET is not set" in said(lacking) and "CRM_IMAP_SCOPE is not set" in said(lacking)
    assert "CRM_IMAP_CLIENT_ID" not in said(lacking)
    full = read_settings({**environ, "CRM_IMAP_CLIENT_SECRET": SECRET, "CRM_IMAP_SCOPE": SCOPE}).imap_tokens
    assert full and (full.client_secret, full.scope, full.refresh_token) == (SECRET, SCOPE, "")
    assert "CRM_IMAP_TOKEN_URL is plain HTTP" in said(here.imap_tokens)
    assert "is not set: no token" not in said(here.imap_tokens)
