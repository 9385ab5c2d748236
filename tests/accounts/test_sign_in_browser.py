"""A real browser with an authenticator of its own, and with a provider that really runs."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import CDPSession, Page, expect
from sqlmodel import select

from crm.accounts.models import Passkey, User
from crm.accounts.passwords import hash_password
from crm.core.security import Guard, policy
from crm.core.settings import Provider
from tests.browsing import Enter, Site, picture
from tests.factories.accounts import a_post, an_office
from tests.factories.provider import CLIENT, SECRET, TestProvider, a_provider

pytestmark = pytest.mark.browser
PASSWORD = "a long enough sentence"


@pytest.fixture
def user(site: Site) -> User:
    """Passkeys know names, no numbers: so the site is called by its name here."""
    site.app.state.settings = replace(site.app.state.settings, base_url=site.url.replace("127.0.0.1", "localhost"))
    with site.database.writing() as session:
        user = a_post(session, "attache").user
        user.password_hash = hash_password(PASSWORD)
        return user


@pytest.fixture
def page(user: User, site: Site, new_page: Callable[..., Page]) -> Page:
    return new_page(base_url=site.url.replace("127.0.0.1", "localhost"))


def authenticator(page: Page, **more: bool) -> tuple[CDPSession, str]:
    """A device in the browser that holds passkeys and verifies its user."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True, **more,
    }  # fmt: skip
    return wire, wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in(page: Page, user: User) -> None:
    page.goto("/sign-in?next=/me")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def register(page: Page, check: Callable[[Page], None]) -> None:
    page.goto("/me/second-factor")
    page.get_by_role("link", name="Add a passkey").click()
    check(page)
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_label("Present password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_passkey_from_the_first_to_the_last_day(
    page: Page, user: User, site: Site, check_page: Callable[[Page], None]
) -> None:
    wire, device = authenticator(page)
    sign_in(page, user)
    register(page, check_page)
    sign_out(page)
    page.goto("/sign-in?next=/me/second-factor")
    check_page(page)
    picture(page, "sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("row", name="Office laptop")).not_to_contain_text("Not used yet")
    check_page(page)
    picture(page, "second-factor")
    [kept] = wire.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    with site.database.reading() as session:
        assert session.exec(select(Passkey)).one().sign_count == kept["signCount"] > 0
    sign_out(page)
    sign_in(page, user)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    picture(page, "code")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    page.goto("/me/second-factor")
    page.get_by_role("link", name="Remove…").click()
    check_page(page)
    picture(page, "remove")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("The passkey has been removed.")).to_be_visible()
    sign_out(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey is not known here.")).to_be_visible()


def test_a_device_that_does_not_know_its_user_or_has_no_passkey(page: Page, user: User, site: Site) -> None:
    wire, device = authenticator(page)
    sign_in(page, user)
    register(page, lambda _page: None)
    sign_out(page)
    wire.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").get_by_text("Nothing was sent.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_focused()


def test_without_javascript_password_and_code_are_there(user: User, site: Site, new_page: Callable[..., Page]) -> None:
    plain = new_page(java_script_enabled=False)
    plain.goto("/sign-in")
    expect(plain.get_by_role("button", name="Sign in with a passkey")).not_to_be_visible()
    sign_in(plain, user)
    plain.goto("/me/passkeys/new")
    plain.get_by_label("Name").fill("Laptop")
    plain.get_by_label("Present password").fill(PASSWORD)
    plain.get_by_role("button", name="Go on").click()
    expect(plain.get_by_text("This browser cannot make passkeys.")).to_be_visible()
    expect(plain.get_by_role("button", name="Make the passkey")).not_to_be_visible()


@pytest.fixture
def provider(user: User, site: Site) -> Iterator[TestProvider]:
    """Under another name than the site: what goes there crosses the border between sites."""
    with a_provider() as running:
        running.person = {"sub": "0001", "email": user.email, "email_verified": True}
        chosen = Provider(running.url, CLIENT, SECRET, label="The ministry", domains=(), factors=(), pages=())
        settings = replace(site.app.state.settings, provider=chosen)
        site.app.state.settings = settings
        guard = site.app.middleware_stack
        while not isinstance(guard, Guard):
            guard = guard.app  # type: ignore[union-attr]
        guard.policy = policy(settings)
        yield running


def test_through_the_provider_and_back(page: Page, provider: TestProvider, check_page: Callable[[Page], None]) -> None:
    page.goto("/people")
    check_page(page)
    picture(page, "sign-in-provider")
    page.get_by_role("button", name="Sign in with The ministry").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("You have cancelled the sign-in")).to_be_visible()
    picture(page, "cancelled")
    page.goto("/sign-in?next=/people")
    page.get_by_role("button", name="Sign in with The ministry").click()
    expect(page).to_have_title("The ministry")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/people")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/me")
    page.get_by_role("button", name="Sign out").first.click()
    provider.person = {"sub": "0002", "email": "nobody@example.org", "email_verified": True}
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with The ministry").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("nobody@example.org has no account here.")).to_be_visible()


def test_the_page_of_an_office_that_asks_for_the_provider(
    site: Site, provider: TestProvider, enter: Enter, check_page: Callable[[Page], None]
) -> None:
    inside = enter("attache")
    with site.database.writing() as session:
        an_office(session).provider_required = True
    inside.goto("/people")
    inside.wait_for_url("**/me/provider")
    check_page(inside)
    picture(inside, "provider-needed")
    chief = enter("administrator", "meguri")
    chief.goto("/accounts")
    check_page(chief)
    picture(chief, "accounts")
