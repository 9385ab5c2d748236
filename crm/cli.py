"""The command line: run the program, keep it, and load things into it."""

import gc
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich import print as say

from crm.accounts.commands import add_user, require_provider, require_second_factor
from crm.accounts.commands import journal as journal_commands
from crm.app import job_handlers, schedules
from crm.backup import backup, move_files, restore
from crm.core.db import Database
from crm.core.i18n import set_language
from crm.core.settings import Settings, read_settings
from crm.core.work import Worker
from crm.demo.commands import demo, demo_sign_ins, load_demo
from crm.doctor import doctor
from crm.imports.commands import app as import_commands
from crm.listings.snapshots import write_missing_keys
from crm.migrations import migrate as migrate_database
from crm.organisations.commands import import_ror
from crm.people.commands import find
from crm.privacy.commands import erasures
from crm.reference import load_reference

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Meguri: one record for brain circulation.")
app.command("find")(find)
app.command("add-user")(add_user)
app.command("require-second-factor")(require_second_factor)
app.command("require-provider")(require_provider)
app.command("demo")(demo)
app.command("doctor")(doctor)
app.command("erasures")(erasures)
app.command("backup")(backup)
app.command("restore")(restore)
app.command("move-files")(move_files)
import_commands.command("ror")(import_ror)
app.add_typer(journal_commands, name="journal")
app.add_typer(import_commands, name="import", help="Read lists and directories.")


@app.callback()
def _start(context: typer.Context) -> None:
    """A new SQLite file is made on the way, so that any command works on a fresh installation."""
    gc.freeze()  # what was loaded stays: to look through it for every few thousand new rows costs a third of them
    set_language("en")
    settings = read_settings()
    database = Database(settings.database_url)
    if database.is_sqlite and context.invoked_subcommand not in ("migrate", "restore"):
        path = Path(database.engine.url.database or "")
        if not path.exists():
            _bring_up_to_date(settings)


@app.command()
def migrate() -> None:
    """Create the database or bring it and the reference data up to date."""
    settings = read_settings()
    _bring_up_to_date(settings)


def _bring_up_to_date(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate_database(settings.database_url)
    with Database(settings.database_url).writing() as session:
        load_reference(session)
        write_missing_keys(session)


@app.command()
def serve(
    processes: int = 1,
    with_worker: bool = True,
    first: Annotated[bool, typer.Option("--migrate", help="Bring the database up to date first.")] = False,
    demo_data: Annotated[bool, typer.Option("--demo", help="Load the demo into an empty database first.")] = False,
) -> None:
    """Serve the web pages and, beside them, the background worker."""
    settings = read_settings()
    _ = settings.secret_key
    if first:
        _bring_up_to_date(settings)
    if demo_data:
        load_demo(Database(settings.database_url), settings)
    beside = subprocess.Popen([sys.executable, "-m", "crm", "worker"]) if with_worker else None
    demo_sign_ins(settings)
    say(f"[bold]{settings.site_name}[/bold]: {settings.base_url}")
    # Without a handler of ours, the signal that uvicorn passes on would end us before the worker is told.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        uvicorn.run(
            "crm.app:create_app",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=processes,
            access_log=False,
            log_level="warning",
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=",".join(settings.trusted_proxies) or None,
        )
    finally:
        if beside:
            beside.terminate()
            beside.wait()


@app.command()
def worker(once: bool = typer.Option(False, help="Run what is due, then stop.")) -> None:
    """Run background work: imports, letters, what expires."""
    settings = read_settings()
    runner = Worker(Database(settings.database_url), job_handlers(), schedules())
    if once:
        runner.tick_schedules()
        say(f"{runner.run_all()} jobs run")
    else:
        runner.run_forever()
