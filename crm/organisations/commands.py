"""``crm import ror``: the world's research organisations from the registry's own file."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich import print as say

from crm.core.db import Database
from crm.core.errors import Refused
from crm.core.settings import read_settings
from crm.organisations.actions import Counts, store_entries
from crm.organisations.entries import OrganisationEntry
from crm.organisations.ror import read_ror

AT_ONCE = 400
PER_TRANSACTION = 10


def import_ror(
    file: Annotated[Path, typer.Argument(help="ROR data dump, schema version 2: .zip or .json")],
) -> None:
    """Add the organisations of a ROR data dump; known ones get what they lack."""
    database, counts = Database(read_settings().database_url), Counts()
    batches = _batches(read_ror(file))
    try:
        while some := list(islice(batches, PER_TRANSACTION)):
            with database.writing() as session:
                for batch in some:
                    store_entries(session, batch, counts)
                    session.expunge_all()
    except Refused as error:
        say(f"[red]{error}[/red]")
        raise typer.Exit(1) from None
    finally:
        database.engine.dispose()
    say(f"{counts.added} organisations added, {counts.filled} completed, {counts.unchanged} unchanged")


def _batches(entries: Iterable[OrganisationEntry]) -> Iterator[list[OrganisationEntry]]:
    remaining = iter(entries)
    while batch := list(islice(remaining, AT_ONCE)):
        yield batch
