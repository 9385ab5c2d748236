"""Background work of the room, as the worker calls it."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from crm.core.db import Database
from crm.core.work import JobRun
from crm.imports.actions.apply import apply_list
from crm.imports.actions.beside import MetRule
from crm.imports.actions.read import read_list


def run_read(database: Database, job: JobRun) -> None:
    read_list(database, UUID(job.payload["file"]), Path(job.payload["folder"]), job.progress)


def run_apply(rules: Sequence[MetRule], database: Database, job: JobRun) -> None:
    user, meetings = job.payload.get("user"), job.payload.get("meetings")
    wanted = rules if meetings else ()
    apply_list(database, UUID(job.payload["file"]), UUID(user) if user else None, job.progress, wanted)
