"""Reading a list again with what the user knows better: encoding, table, heading row, columns."""

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
    """Columns were chosen for the table as it was shown: another table or heading row begins anew."""
    guess = file.guess
    choices: dict[str, Any] = {"encoding": form.encoding} if form.encoding else {}
    if form.grid is not None and (form.grid != guess.get("grid") or "grid" in file.choices):
        choices["grid"] = form.grid
    shown = (guess.get("header") or [0])[0]
    if form.header is not None and (form.header != shown or "header" in file.choices):
        choices["header"] = form.header
    moved = form.grid not in (None, guess.get("grid")) or form.header not in (None, shown)
    if form.columns and not moved and form.encoding in (None, guess.get("encoding"), file.choices.get("encoding")):
        choices["columns"] = _columns(guess.get("columns") or [], form.columns)
    return choices


def _columns(guessed: list[dict[str, Any]], chosen: list[str]) -> dict[str, str]:
    if len(guessed) != len(chosen) or any(name not in LABELS for name in chosen):
        raise WrongField("columns", _l("Please choose a field for every column."))
    return {str(column["index"]): name for column, name in zip(guessed, chosen, strict=True)}
