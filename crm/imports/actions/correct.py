"""Reading a list again with what the user knows better: encoding, tables, heading rows, columns."""

from pathlib import Path
from typing import Any

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.errors import Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.work import enqueue
from crm.imports.actions.upload import READ
from crm.imports.fields import LABELS
from crm.imports.forms import ColumnsForm
from crm.imports.models import ImportFile, ImportState
from crm.imports.tables import answers, grid_choices, lists_of


def correct_reading(session: Session, actor: Actor, file: ImportFile, folder: Path, form: ColumnsForm) -> None:
    session.refresh(file, with_for_update=True)
    if file.state not in (ImportState.READY, ImportState.REFUSED):
        raise Refused(_l("This import is being worked on, or has been applied already."))
    if not (folder / str(file.id)).exists():
        raise Refused(_l("The file itself has been deleted, since it named somebody whose data were erased."))
    file.choices = _choices(file, form)
    file.state, file.refusal, file.counts = ImportState.UPLOADED, None, {}
    record(session, actor, "changed", file, {"choices": sorted(file.choices)})
    enqueue(session, READ, {"file": str(file.id), "folder": str(folder)}, key=str(file.id))
    session.flush()


def _choices(file: ImportFile, form: ColumnsForm) -> dict[str, Any]:
    """Columns were chosen for a table as it was shown: under another heading row they begin anew."""
    _check(file.guess, form)
    same_text = form.encoding in (None, file.guess.get("encoding"), file.choices.get("encoding"))
    choices: dict[str, Any] = {"encoding": form.encoding} if form.encoding else {}
    if form.read:
        choices["grids"] = sorted(set(form.read))
    tables = {}
    for answer in answers(file.guess, form):
        moved = answer.header not in (None, answer.header_shown)
        before = file.choices.get("tables", {}).get(str(answer.grids[0]), {})
        said: dict[str, Any] = {"header": answer.header} if moved or "header" in before else {}
        if answer.columns and same_text and not moved:
            indexes = (str(column["index"]) for column in answer.table["columns"])
            said["columns"] = dict(zip(indexes, answer.columns, strict=True))
        tables.update({str(grid): said for grid in answer.grids if said})
    return {**choices, "tables": tables} if tables else choices


def _check(guess: dict[str, Any], form: ColumnsForm) -> None:
    lists = lists_of(guess)
    number = sum(len(one.get("columns") or []) for one in lists)
    if form.columns and (len(form.columns) != number or any(name not in LABELS for name in form.columns)):
        raise WrongField("columns", _l("Please choose a field for every column."))
    if form.header and len(form.header) != len(lists):
        raise WrongField("header", _l("Please give the heading row of every table."))
    shown = {grid for grid, _name, _glance in grid_choices(guess)}
    if len(shown) > 1 and (not form.read or not shown.issuperset(form.read)):
        raise WrongField("read", _l("Please choose at least one sheet or table."))
