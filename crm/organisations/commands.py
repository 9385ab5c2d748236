"""What operators do with organisations from the command line."""

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich import print as say

from crm.core.db import Database
from crm.core.settings import read_settings
from crm.organisations.actions import store_organisations
from crm.organisations.entries import read_ror

_PER_TRANSACTION = 4_000


def import_ror(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="ROR dump, schema 2: .zip or .json")],
) -> None:
    """Read the directory of research organisations; reading it again changes only what differs."""
    database, number = Database(read_settings().database_url), 0
    entries = read_ror(file)
    while batch := list(islice(entries, _PER_TRANSACTION)):
        with database.writing() as session:
            number += store_organisations(session, batch)
    say(f"{number} organisations read")
