"""``crm erasures``: what to keep beside the backups."""

import typer

from crm.core.db import Database
from crm.core.settings import read_settings
from crm.privacy.replaying import erasures as all_erasures


def erasures() -> None:
    """Print every erasure, one a line: keep them beside the backups, for `crm restore FILE --erasures`."""
    with Database(read_settings().database_url).reading() as session:
        for one in all_erasures(session):
            typer.echo(one.line())
