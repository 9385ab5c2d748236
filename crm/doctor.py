"""``crm doctor``: what is set, missing or unsafe, in plain words."""

from datetime import timedelta
from urllib.parse import urlsplit

import typer
from rich import print as say
from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from crm.accounts.models import JournalEntry, Membership, Office, User
from crm.accounts.passwords import DEMO_PASSWORD, password_fits
from crm.accounts.queries import in_term
from crm.core.columns import now
from crm.core.db import Database
from crm.core.paths import VENDOR
from crm.core.settings import Settings, read_settings
from crm.interactions.addresses import is_pattern
from crm.letters.mailbox import trouble_with
from crm.people.models import Holding
from crm.tasks.models import Task


def doctor() -> None:
    """Explain the settings; exit status 1 when something must not stay so in public."""
    settings = read_settings()
    say(f"Data: {settings.data_dir}\nAddress: {settings.base_url}\nMail: {(settings.smtp_url and 'by SMTP') or 'none'}")
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
    found += _mailbox(settings)
    if not (settings.operator and settings.contact):
        found.append(("missing", "CRM_OPERATOR and CRM_CONTACT are not set: the public pages name nobody responsible."))
    if not (VENDOR / "htmx.min.js").exists():
        found.append(("missing", "Browser assets are not installed: run `make install`."))
    database = Database(settings.database_url)
    with database.reading() as session:
        for user in session.exec(select(User).limit(20)):
            if user.password_hash and password_fits(user.password_hash, DEMO_PASSWORD):
                found.append(("unsafe", f"{user.email} has the demo password."))
        if urlsplit(settings.base_url).hostname not in ("localhost", "127.0.0.1"):
            found += [("unsafe", sentence) for sentence in _password_alone(session)]
        found += [("missing", sentence) for sentence in _ownerless(session)]
        if _unsealed(session):
            found.append(("missing", "The journal has not been sealed for two days: is the worker running?"))
    database.engine.dispose()
    return found


def _mailbox(settings: Settings) -> list[tuple[str, str]]:
    if not settings.imap_url:
        return [("missing", "CRM_IMAP_URL is not set: no mailbox is read, neither letters that came back nor mails.")]
    trouble, aside = trouble_with(settings.imap_url)
    found = [("missing", trouble)] if trouble else []
    if aside:
        found.append(("missing", f"{aside} mails were set aside in the mailbox (flagged there): please look at them."))
    if settings.filing_address and not is_pattern(settings.filing_address):
        found.append(("missing", "CRM_FILING_ADDRESS is no address with one asterisk, such as file+*@example.org."))
    elif not settings.filing_address:
        found.append(("missing", "CRM_FILING_ADDRESS is not set: nobody can send mails to a private address."))
    return found


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
    alone = select(col(Office.code)).where(exists(posts), ~col(Office.factor_required)).order_by(col(Office.code))
    codes = ", ".join(session.exec(alone))
    how = "see `crm require-second-factor`"
    return [f"No second factor is asked for in: {codes} ({how})."] if codes else []
