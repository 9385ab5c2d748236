"""What to do with a row that may be a known person."""

from sqlalchemy import update
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.errors import Missing, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.imports.forms import DecideForm
from crm.imports.models import Decision, ImportFile, ImportRow, ImportState, Outcome


def decide_rows(session: Session, actor: Actor, file: ImportFile, form: DecideForm) -> None:
    session.refresh(file, with_for_update=True)
    if file.state not in (ImportState.READY, ImportState.APPLIED):
        raise Refused(_l("This import is being worked on."))
    if form.row_id:
        decide_row(_row(session, file, form), form.decision)
    else:
        _decide_open(session, file, form.decision)
    session.flush()
    record(session, actor, "decided", file, {"row": form.row_id, "decision": form.decision})


def decide_row(row: ImportRow, decision: Decision) -> None:
    if row.person_id:
        raise Refused(_l("This row has been applied already."))
    if row.outcome is Outcome.UNREADABLE:
        raise Refused(_l("A row that could not be read cannot be applied."))
    if decision in (Decision.ADD, Decision.LINK) and row.outcome is not Outcome.PERHAPS:
        raise Refused(_l("Only a row that is perhaps known needs this decision."))
    row.decision = decision


def _row(session: Session, file: ImportFile, form: DecideForm) -> ImportRow:
    row = session.get(ImportRow, form.row_id, with_for_update=True)
    if row is None or row.file_id != file.id:
        raise Missing()
    return row


def _decide_open(session: Session, file: ImportFile, decision: Decision) -> None:
    session.execute(
        update(ImportRow)
        .where(
            col(ImportRow.file_id) == file.id,
            col(ImportRow.outcome) == Outcome.PERHAPS,
            col(ImportRow.decision) == Decision.OPEN,
            col(ImportRow.person_id).is_(None),
        )
        .values(decision=decision)
        .execution_options(synchronize_session=False)
    )
