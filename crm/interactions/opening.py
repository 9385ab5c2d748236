"""Who has opened what is to be handled with care."""

from fastapi import Request

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.db import database_of
from crm.interactions.models import Interaction

OPENED = "opened"


def note_opening(request: Request, reader: Actor, contact: Interaction, file: str = "") -> None:
    """In a transaction of its own: a request that reads writes nothing else."""
    if contact.careful:
        with database_of(request).writing() as session:
            record(session, reader, OPENED, contact, {"name": file} if file else None)
