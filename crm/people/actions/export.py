"""Taking a list out: asked for by a person, written by the worker, kept for a week."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select, update
from sqlmodel import Session, col
from starlette.datastructures import QueryParams

from crm.accounts.access import Actor
from crm.accounts.acting import actor_now
from crm.accounts.journal import record
from crm.accounts.permissions import Permission
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Missing, WrongField
from crm.core.forms import values_of
from crm.core.i18n import current_language, speaking
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import read_settings
from crm.core.work import JobRun, enqueue
from crm.people.exporting import MANY, ExportForm, write
from crm.people.forms import PersonSearch
from crm.people.models import Export
from crm.people.queries.exports import people_in_order
from crm.people.queries.known import Known
from crm.people.queries.search import Matching
from crm.people.queries.totals import totals_of

EXPORT, FORGET = "people:export", "people:forget_exports"
KEPT_DAYS = 7


def search_of(query: str) -> PersonSearch:
    """Missing for an address that no list has."""
    try:
        return PersonSearch.model_validate(values_of(QueryParams(query), PersonSearch))
    except ValidationError as fault:
        raise Missing() from fault


def folder_of(data_dir: Path) -> Path:
    return data_dir / "exports"


def ask_for_export(session: Session, actor: Actor, folder: Path, data: ExportForm) -> Export:
    """WrongField without a reason for many people. What is taken out, and why, stands in the journal."""
    wanted = search_of(data.query)
    total = totals_of(session, Matching(session, actor, wanted)).total
    if total > MANY and not data.reason:
        raise WrongField("reason", _l("For more than %(number)s people please say what the list is for.", number=MANY))
    export = Export(
        office_id=actor.office_id, user_id=actor.user_id, format=data.format, reason=data.reason,
        wanted=wanted.model_dump(mode="json", exclude={"after"}), language=current_language(),
    )  # fmt: skip
    session.add(export)
    session.flush()
    record(session, actor, "exported", export, {"format": data.format, "people": total, "reason": data.reason})
    enqueue(session, EXPORT, {"export": str(export.id), "folder": str(folder)}, key=str(export.id))
    return export


def run_export(database: Database, job: JobRun) -> None:
    """Writes beside the place and moves there: half a file is never downloaded."""
    path = Path(job.payload["folder"]) / job.payload["export"]
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    with database.reading() as session:
        export = session.get_one(Export, UUID(job.payload["export"]))
        actor = actor_now(session, export.office_id, export.user_id)
        if actor is None or not actor.may(Permission.PEOPLE_EDIT):
            return
        wanted = PersonSearch.model_validate(export.wanted)
        total = totals_of(session, Matching(session, actor, wanted)).total
        with speaking(export.language):
            people = _counted(job, total, people_in_order(session, actor, wanted))
            rows = write(half, export.format, people)
    half.replace(path)
    with database.writing() as session:
        done = session.get_one(Export, export.id)
        done.rows, done.ready_at = rows, now()


def _counted(job: JobRun, total: int, people: Iterator[list[Known]]) -> Iterator[Known]:
    done = 0
    for some in people:
        yield from some
        done += len(some)
        job.progress(done, max(done, total))


def forget_exports(database: Database, _job: JobRun) -> None:
    forget_files(database, folder_of(read_settings().data_dir))


def forget_files(database: Database, folder: Path) -> None:
    """The rows stay, as the journal does: only the files go, also those that an erasure has just called back."""
    with database.writing() as session:
        old = col(Export.forgotten_at).is_(None) & (col(Export.created_at) < now() - timedelta(days=KEPT_DAYS))
        session.execute(update(Export).where(old).values(forgotten_at=now()))
    with database.reading() as session:
        lately = col(Export.forgotten_at) > now() - timedelta(days=KEPT_DAYS)
        gone = session.execute(select(col(Export.id)).where(lately)).scalars().all()
    for id in gone:
        (folder / str(id)).unlink(missing_ok=True)
