"""``crm import``: read a list without the web."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlmodel import select

from crm.accounts.acting import command_line
from crm.accounts.models import Office
from crm.core.db import Database
from crm.core.settings import Settings, read_settings
from crm.imports.actions.apply import apply_list, ask_to_apply, count_to_do
from crm.imports.actions.read import batches, store_rows
from crm.imports.actions.upload import MOST_MEGABYTES, folder_of, keep_list
from crm.imports.answers import answer, matched_row, stored_row
from crm.imports.matching import Matcher
from crm.imports.models import ImportFile, ImportState
from crm.imports.models import Outcome as RowOutcome
from crm.imports.queries.files import rows_of
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.sandbox import Choices, Outcome, read_file

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _imports() -> None:
    """Read lists and directories."""


@app.command("pi-list")
def pi_list(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, XLSX, XLS, ODS, HTML, PDF or vCard")],
    office: Annotated[str, typer.Option(help="Code of the office whose list this is, such as us-bos")],
    language: Annotated[str | None, typer.Option(help="Language of the headings: ja, en, de, fr")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; write nothing")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print every row as JSON")] = False,
) -> None:
    """Read a mission's list of researchers. Rows that may be known people wait for the web page."""
    if not path.is_file():
        refuse(f"There is no file {path}.")
    if path.stat().st_size > MOST_MEGABYTES * 1024 * 1024:
        refuse(str(Unreadable("too_large", limit=MOST_MEGABYTES)))
    settings = read_settings()
    database = Database(settings.database_url)
    try:
        source = Source(path, language, office, whole=as_json)
        result = run(database, settings, source, dry_run)
    except Unreadable as refused:
        refuse(str(refused))
    finally:
        database.engine.dispose()
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else summary(result, dry_run))


@dataclass(frozen=True)
class Source:
    """``whole``: every row is to be printed."""

    path: Path
    language: str | None
    office: str
    whole: bool


def run(database: Database, settings: Settings, source: Source, dry_run: bool) -> dict[str, Any]:
    with database.reading() as session:
        office = session.exec(select(Office).where(Office.code == source.office)).first()
    if office is None:
        refuse(f"There is no office with the code {source.office}.")
    with read_file(source.path, source.path.name, Choices(language=source.language)) as reading:
        if dry_run:
            return preview(database, office, source, reading)
        return load(database, settings, office, source, reading)


def preview(database: Database, office: Office, source: Source, reading: Outcome) -> dict[str, Any]:
    matcher = Matcher(command_line(office))
    with database.reading() as session:
        rows = (matched_row(one) for entries in batches(reading) for one in matcher.match(session, entries))
        return answer(reading.file, reading.encoding, rows, source.whole)


def load(database: Database, settings: Settings, office: Office, source: Source, reading: Outcome) -> dict[str, Any]:
    """The same actions as behind the pages, one after the other."""
    actor = command_line(office)
    with database.writing() as session:
        data = source.path.read_bytes()
        folder = folder_of(settings.data_dir)
        file = keep_list(session, actor, folder, source.path.name, data, source.language or "")
        file.state = ImportState.READING
    store_rows(database, file.id, reading, _quiet)
    with database.writing() as session:
        waiting = count_to_do(session, file.id)
        if waiting:
            ask_to_apply(session, actor, session.get_one(ImportFile, file.id), background=False)
    if waiting:
        apply_list(database, file.id, None, _quiet)
    with database.reading() as session:
        file = session.get_one(ImportFile, file.id)
        shown = rows_of(file, None if source.whole else RowOutcome.UNREADABLE).execution_options(yield_per=1_000)
        rows = [stored_row(row) for row in session.execute(shown).scalars()]
        return {"file": reading.file, "encoding": reading.encoding, "rows": rows, "counts": file.counts}


def _quiet(done: int, total: int) -> None:
    """Nobody watches a progress bar here."""


def summary(result: dict[str, Any], dry_run: bool) -> str:
    counts = ", ".join(f"{number} {outcome}" for outcome, number in result["counts"].items())
    troubled = [f"  row {row['row']}: {row['reason']}" for row in result["rows"] if row["outcome"] == "unreadable"]
    return "\n".join([f"{result['file']}: {counts}{' (nothing was written)' if dry_run else ''}", *troubled])


def refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
