from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import FileResponse, Response

from crm.accounts.access import Actor, PeopleEditor
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.routing import Router
from crm.core.web import go, page, settings_of
from crm.core.work import newest_job
from crm.people.actions.export import EXPORT, KEPT_DAYS, ask_for_export, folder_of, search_of
from crm.people.exporting import MANY, ExportForm, headings
from crm.people.models import ExportFormat
from crm.people.queries.exports import export_of
from crm.people.queries.search import Matching
from crm.people.queries.totals import totals_of

router = Router(prefix="/people/exports")


@router.get("/new", name="people:export")
def new(request: Request, session: Sess, editor: PeopleEditor) -> Response:
    """The address says which list, as the list's own does."""
    return shown(request, session, editor, Form.of(ExportForm, format="xlsx", query=request.url.query))


@router.post("", name="people:export_ask")
def ask(
    request: Request, session: Sess, editor: PeopleEditor, form: Annotated[Form[ExportForm], posted(ExportForm)]
) -> Response:
    export = form.attempt(session, ask_for_export, editor, folder_of(settings_of(request).data_dir))
    if export is None:
        return shown(request, session, editor, form, 422)
    return go(request, "people:export_show", export_id=export.id)


@router.get("/{export_id}", name="people:export_show")
def show(request: Request, session: Sess, editor: PeopleEditor, export_id: UUID) -> Response:
    export = export_of(session, editor, export_id)
    job = newest_job(session, EXPORT, str(export_id))
    return page(request, "people/export_ready", export=export, job=job, days=KEPT_DAYS)


@router.get("/{export_id}/file", name="people:export_file")
def file(request: Request, session: Sess, editor: PeopleEditor, export_id: UUID) -> Response:
    export = export_of(session, editor, export_id)
    path = folder_of(settings_of(request).data_dir) / str(export_id)
    if export.ready_at is None or export.forgotten_at or not path.is_file():
        raise Missing()
    return FileResponse(path, filename=f"meguri-{export.created_at:%Y-%m-%d}.{export.format.value}")


def shown(request: Request, session: Session, editor: Actor, form: Form[ExportForm], status: int = 200) -> Response:
    total = totals_of(session, Matching(session, editor, search_of(str(form.values.get("query") or ""))))
    return page(
        request, "people/export", status=status, form=form, total=total, columns=headings(), many=MANY,
        formats=ExportFormat.options(),
    )  # fmt: skip
