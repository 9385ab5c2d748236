"""Who has opened what is to be handled with care."""

from collections.abc import Sequence

from fastapi import Request
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import AccessToken
from crm.core.db import database_of
from crm.interactions.models import Interaction

OPENED = "opened"
READ_LIST = "read_careful"


def note_opening(request: Request, reader: Actor, contact: Interaction, file: str = "") -> None:
    """In a transaction of its own: a request that reads writes nothing else."""
    if contact.careful:
        with database_of(request).writing() as session:
            write_opening(session, reader, contact, file)


def write_opening(session: Session, reader: Actor, contact: Interaction, file: str = "") -> None:
    """In the transaction of a request that writes anyway."""
    if contact.careful:
        record(session, reader, OPENED, contact, {"name": file} if file else None)


def note_list(request: Request, reader: Actor, token: AccessToken, contacts: Sequence[Interaction]) -> None:
    """One line for a list that a program reads: through which token, how many, and which."""
    careful = [contact.id for contact in contacts if contact.careful]
    if careful:
        with database_of(request).writing() as session:
            record(session, reader, READ_LIST, token, {"rows": len(careful), "contacts": careful})
