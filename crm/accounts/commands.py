"""``crm add-user``: the first account of an installation, or one more without the web. ``crm journal``: its seals."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich import print as say
from sqlmodel import Session, col, select

from crm.accounts.acting import command_line
from crm.accounts.actions.factors import set_required
from crm.accounts.actions.provider import require_provider as set_provider_required
from crm.accounts.actions.reference import load_reference
from crm.accounts.forms import email_address
from crm.accounts.links import issue_link
from crm.accounts.models import JournalSeal, LinkPurpose, Membership, Office, Role, User
from crm.accounts.queries.seals import verify_journal
from crm.accounts.sealing import seal_key
from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import read_settings

journal = typer.Typer(no_args_is_help=True, help="The journal and its daily seals.")


def add_user(
    email: str,
    name: Annotated[str, typer.Option(help="Name as shown to colleagues")],
    office: Annotated[str, typer.Option(help="Code of the office, such as us-bos")] = "meguri",
    role: Annotated[Role, typer.Option()] = Role.ADMINISTRATOR,
    language: str = "ja",
) -> None:
    """Add a user and print a one-time link for choosing a password."""
    settings = read_settings()
    with Database(settings.database_url).writing() as session:
        load_reference(session)
        post = _office_called(session, office)
        user = User(email=email_address(email), name=name, language=language)
        session.add(user)
        session.flush()
        session.add(Membership(user_id=user.id, office_id=post.id, role=role, since=now().date()))
        token = issue_link(session, LinkPurpose.INVITATION, user.id, days=14)
    typer.echo(f"{settings.base_url}/welcome/{token}")


def require_second_factor(
    office: Annotated[str, typer.Argument(help="Code of the office, such as us-bos")],
    off: Annotated[bool, typer.Option("--off", help="Ask for it no more")] = False,
) -> None:
    """Ask for a second factor of everybody who works in this office."""
    with Database(read_settings().database_url).writing() as session:
        found = _office_called(session, office)
        set_required(session, command_line(found), found.id, required=not off)


def require_provider(
    office: Annotated[str, typer.Argument(help="Code of the office, such as us-bos")],
    off: Annotated[bool, typer.Option("--off", help="Ask for it no more")] = False,
) -> None:
    """Ask everybody who works in this office to sign in through the provider (OpenID Connect)."""
    with Database(read_settings().database_url).writing() as session:
        found = _office_called(session, office)
        set_provider_required(session, command_line(found), found.id, required=not off)


def _office_called(session: Session, code: str) -> Office:
    found = session.exec(select(Office).where(Office.code == code)).first()
    if found is None:
        say(f"[red]There is no office with the code {code}.[/red]")
        raise typer.Exit(1)
    return found


@journal.command()
def seals() -> None:
    """Print day and seal of every sealed day: keep them where nobody who runs this installation can change them."""
    with Database(read_settings().database_url).reading() as session:
        for seal in session.exec(select(JournalSeal).order_by(col(JournalSeal.day))):
            typer.echo(f"{seal.day.isoformat()} {seal.digest}")


@journal.command()
def verify(
    kept: Annotated[Path | None, typer.Option(help="Seals kept outside, as `crm journal seals` printed them")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable")] = False,
) -> None:
    """Compare the journal with its seals; exit status 1 and the first broken day when they differ."""
    settings = read_settings()
    noted = _noted(kept) if kept else {}
    with Database(settings.database_url).reading() as session:
        verdict = verify_journal(session, seal_key(settings), noted)
    if as_json:
        typer.echo(json.dumps(verdict.plain()))
    elif verdict.broken:
        say(f"[red]The first broken day is {verdict.broken.isoformat()}.[/red] {verdict.reason}")
    else:
        say(f"[green]{verdict.days} days with {verdict.lines} lines are as they were sealed.[/green]")
        say(f"Lines whose detail was erased: {verdict.emptied}. Lines that wait for their seal: {verdict.waiting}.")
    if verdict.broken:
        raise typer.Exit(1)


def _noted(file: Path) -> dict[date, str]:
    try:
        pairs = [line.split() for line in file.read_text("utf-8").splitlines() if line.strip()]
        return {date.fromisoformat(day): digest for day, digest in pairs}
    except (OSError, ValueError) as fault:
        say(f"[red]{file} does not hold a day and its seal on each line.[/red]")
        raise typer.Exit(1) from fault
