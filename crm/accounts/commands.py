"""``crm add-user``: the first account of an installation, or one more without the web."""

from typing import Annotated

import typer
from rich import print as say
from sqlmodel import select

from crm.accounts.actions.reference import load_reference
from crm.accounts.forms import email_address
from crm.accounts.links import issue_link
from crm.accounts.models import LinkPurpose, Membership, Office, Role, User
from crm.core.columns import now
from crm.core.db import Database
from crm.core.settings import read_settings


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
        post = session.exec(select(Office).where(Office.code == office)).first()
        if post is None:
            say(f"[red]There is no office with the code {office}.[/red]")
            raise typer.Exit(1)
        user = User(email=email_address(email), name=name, language=language)
        session.add(user)
        session.flush()
        session.add(Membership(user_id=user.id, office_id=post.id, role=role, since=now().date()))
        token = issue_link(session, LinkPurpose.INVITATION, user.id, days=14)
    typer.echo(f"{settings.base_url}/welcome/{token}")
