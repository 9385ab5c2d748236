from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import PeopleEditor
from crm.core.db import Sess
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.core.work import newest_job
from crm.people.actions.scan import SCAN, ask_for_scan, keep_apart
from crm.people.queries.duplicates import duplicate_count, likely_duplicates
from crm.people.queries.questions import questions_to

router = Router(prefix="/people/duplicates")


@router.get("", name="people:duplicates")
def duplicates(request: Request, session: Sess, editor: PeopleEditor) -> Response:
    job = newest_job(session, SCAN, str(editor.office_id))
    pairs, total = likely_duplicates(session, editor), duplicate_count(session, editor)
    return page(
        request, "people/duplicates", pairs=pairs, total=total, job=job, running=job is not None and job.is_open,
        asked=questions_to(session, editor),
    )  # fmt: skip


@router.post("/scan", name="people:scan")
def scan(request: Request, session: Sess, editor: PeopleEditor) -> Response:
    ask_for_scan(session, editor)
    return go(request, "people:duplicates")


@router.post("/{pair_id}/apart", name="people:keep_apart")
def apart(request: Request, session: Sess, editor: PeopleEditor, pair_id: UUID) -> Response:
    keep_apart(session, editor, pair_id)
    flash(request, _("Noted: they are two people."))
    return go(request, "people:duplicates")
