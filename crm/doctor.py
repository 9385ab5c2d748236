"""``crm doctor``: what is set, missing or unsafe, in plain words."""

from datetime import timedelta
from urllib.parse import urlsplit

import typer
from rich import print as say
from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from crm.accounts.models import JournalEntry, Membership, Office, User
from crm.accounts.passwords import DEMO_PASSWORD, password_fits
from crm.accounts.provider import BACK, described
from crm.accounts.queries import in_term
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Problem
from crm.core.files import STORES, Folder
from crm.core.paths import VENDOR
from crm.core.settings import Settings, read_settings
from crm.interactions.addresses import is_pattern
from crm.letters.mailbox import trouble_with
from crm.letters.tokens import lacking
from crm.people.models import Holding
from crm.tasks.models import Task


def doctor() -> None:
    """Explain the settings; exit status 1 when something must not stay so in public."""
    settings = read_settings()
    say(f"Data: {settings.data_dir}\nAddress: {settings.base_url}\nMail: {(settings.smtp_url and 'by SMTP') or 'none'}")
    say(_way_in(settings))
    faults = list(findings(settings))
    for severity, sentence in faults:
        say(f"[{'red' if severity == 'unsafe' else 'yellow'}]{severity}[/]: {sentence}")
    if any(severity == "unsafe" for severity, _ in faults):
        raise typer.Exit(1)
    say("[green]Nothing unsafe was found.[/green]")


def findings(settings: Settings) -> list[tuple[str, str]]:
    """Pairs of ``unsafe`` or ``missing`` and a sentence."""
    found: list[tuple[str, str]] = []
    if not settings.secure:
        found.append(("unsafe", "CRM_BASE_URL is plain HTTP: sign-in cookies can be read on the way."))
    if not settings.smtp_url:
        found.append(("missing", "CRM_SMTP_URL is not set: letters stay in the outbox."))
    found += [*_mailbox(settings), *_files(settings)]
    if not (settings.operator and settings.contact):
        found.append(("missing", "CRM_OPERATOR and CRM_CONTACT are not set: the public pages name nobody responsible."))
    if not (VENDOR / "htmx.min.js").exists():
        found.append(("missing", "Browser assets are not installed: run `make install`."))
    found += _about_provider(settings)
    database = Database(settings.database_url)
    with database.reading() as session:
        for user in session.exec(select(User).limit(20)):
            if user.password_hash and password_fits(user.password_hash, DEMO_PASSWORD):
                found.append(("unsafe", f"{user.email} has the demo password."))
        if urlsplit(settings.base_url).hostname not in ("localhost", "127.0.0.1"):
            found += [("unsafe", sentence) for sentence in _password_alone(session)]
        if settings.provider is None:
            found += [("unsafe", sentence) for sentence in _locked_out(session)]
        found += [("missing", sentence) for sentence in _ownerless(session)]
        if _unsealed(session):
            found.append(("missing", "The journal has not been sealed for two days: is the worker running?"))
    database.engine.dispose()
    return found


def _mailbox(settings: Settings) -> list[tuple[str, str]]:
    if not settings.imap_url:
        return [("missing", "CRM_IMAP_URL is not set: no mailbox is read, neither letters that came back nor mails.")]
    found = [("missing", f"{name} is not set: no token is given without it.") for name in _tokens_lack(settings)]
    trouble, aside = ("", 0) if found else trouble_with(settings.imap_url, settings.imap_tokens)
    if trouble:
        found.append(("missing", trouble))
    if settings.imap_tokens and urlsplit(settings.imap_tokens.url).scheme != "https":
        found.append(("unsafe", "CRM_IMAP_TOKEN_URL is plain HTTP: whoever is on the way can read the mailbox."))
    if aside:
        found.append(("missing", f"{aside} mails were set aside in the mailbox (flagged there): please look at them."))
    if settings.filing_address and not is_pattern(settings.filing_address):
        found.append(("missing", "CRM_FILING_ADDRESS is no address with one asterisk, such as file+*@example.org."))
    elif not settings.filing_address:
        found.append(("missing", "CRM_FILING_ADDRESS is not set: nobody can send mails to a private address."))
    return found


def _files(settings: Settings) -> list[tuple[str, str]]:
    if not settings.files_url:
        return []
    from crm.core.bucket import trouble_with as trouble_with_files  # noqa: PLC0415 (as in core.stores)

    left = sum(1 for kind in STORES for _ in Folder(settings.data_dir / kind).names())
    beside = f"{left} files lie in the data directory and not in the bucket: run `crm move-files`."
    return [*trouble_with_files(settings.files_url), *([("missing", beside)] if left else [])]


def _tokens_lack(settings: Settings) -> list[str]:
    return lacking(settings.imap_tokens) if settings.imap_tokens else []


def _unsealed(session: Session) -> bool:
    old = col(JournalEntry.created_at) < now() - timedelta(days=2)
    return bool(session.exec(select(exists().where(col(JournalEntry.sealed_on).is_(None), old))).one())


def _ownerless(session: Session) -> list[str]:
    """Promises of people who have left, and records of offices where nobody works any more."""
    posts = select(Membership.id).where(in_term())
    there = posts.where(Membership.user_id == Task.assignee_id, Membership.office_id == Task.office_id)
    promises = select(col(Office.code), func.count()).join(Task, col(Task.office_id) == col(Office.id))
    promises = promises.where(col(Task.done_at).is_(None), col(Task.assignee_id).is_not(None), ~exists(there))
    left = [
        f"{code}: {number} open follow-ups belong to somebody who has no post there now."
        for code, number in session.exec(promises.group_by(col(Office.code)).order_by(col(Office.code)))
    ]
    held = select(Holding.id).where(Holding.office_id == Office.id, col(Holding.until).is_(None))
    empty = select(col(Office.code)).where(exists(held), ~exists(posts.where(Membership.office_id == Office.id)))
    return [*left, *(f"{code} holds people, but nobody has a post there." for code in session.exec(empty))]


def _password_alone(session: Session) -> list[str]:
    """Offices in public whose members sign in with nothing but a password."""
    posts = select(Membership.id).where(in_term(), Membership.office_id == Office.id)
    asked = col(Office.factor_required) | col(Office.provider_required)
    alone = select(col(Office.code)).where(exists(posts), ~asked).order_by(col(Office.code))
    codes = ", ".join(session.exec(alone))
    how = "see `crm require-second-factor` and `crm require-provider`"
    return [f"No second factor and no provider is asked for in: {codes} ({how})."] if codes else []


def _locked_out(session: Session) -> list[str]:
    """Offices that ask for a provider which the settings do not name."""
    asking = select(col(Office.code)).where(col(Office.provider_required)).order_by(col(Office.code))
    codes = ", ".join(session.exec(asking))
    how = "set CRM_OIDC_ISSUER, or see `crm require-provider OFFICE --off`"
    return [f"Nobody gets in, for a provider is asked for and none is set, in: {codes} ({how})."] if codes else []


def _way_in(settings: Settings) -> str:
    provider = settings.provider
    if provider is None:
        return "Sign-in: password, code, passkey (a provider: set CRM_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET)"
    domains = ", ".join(provider.domains) or "any that it has verified"
    factors = ", ".join(provider.factors) or "nothing"
    return (
        f"Sign-in: password, code, passkey, and {provider.label} ({provider.issuer})\n"
        f"  redirect address to register there: {settings.base_url}{BACK}\n"
        f"  addresses at a first sign-in (CRM_OIDC_DOMAINS): {domains}\n"
        f"  amr or acr that count as a second factor (CRM_OIDC_FACTORS): {factors}"
    )


def _about_provider(settings: Settings) -> list[tuple[str, str]]:
    found, provider = [], settings.provider
    address = urlsplit(settings.base_url).hostname or ""
    if address != "127.0.0.1" and address.replace(".", "").isdigit():
        found.append(("missing", "CRM_BASE_URL names a number, not a host: passkeys cannot be used."))
    if provider is None:
        return found
    if urlsplit(provider.issuer).scheme != "https":
        found.append(("unsafe", "CRM_OIDC_ISSUER is plain HTTP: whoever is on the way can sign in as anybody."))
    if not (provider.client_id and provider.client_secret):
        found.append(("missing", "CRM_OIDC_CLIENT_ID or CRM_OIDC_CLIENT_SECRET is not set: the provider will refuse."))
    try:
        described(provider)
    except Problem:
        reason = "does not answer as OpenID Connect providers do, or calls itself otherwise"
        found.append(("missing", f"CRM_OIDC_ISSUER {reason}: {provider.issuer}"))
    return found
