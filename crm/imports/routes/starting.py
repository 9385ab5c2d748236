from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, ImportApplier, ImportReader
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.imports.actions.correct import correct_reading
from crm.imports.actions.upload import folder_of, upload_list
from crm.imports.fields import LABELS
from crm.imports.forms import ColumnsForm, UploadForm
from crm.imports.models import ImportFile
from crm.imports.queries.files import list_imports, visible_import
from crm.imports.shown import encodings, languages, notes_of, refusal_of, steps_of, tone
from crm.imports.tables import grid_choices, grids_read, tables_of

router = Router(prefix="/imports")


@router.get("", name="imports:list")
def listing(request: Request, session: Sess, actor: ImportReader, after: str = "") -> Response:
    return page(request, "imports/list", imports=list_imports(session, actor, after), tone=tone)


@router.get("/new", name="imports:new")
def upload_page(request: Request, _actor: ImportApplier) -> Response:
    return page(request, "imports/new", form=Form.of(UploadForm), tongues=languages(), steps=steps_of(None))


@router.post("", name="imports:upload")
def upload(
    request: Request, session: Sess, actor: ImportApplier, form: Annotated[Form[UploadForm], posted(UploadForm)]
) -> Response:
    file = form.attempt(session, _upload, actor, request)
    if file is None:
        context = {"form": form, "tongues": languages(), "steps": steps_of(None)}
        return page(request, "imports/new", status=422, **context)
    return go(request, "imports:preview", import_id=file.id)


def _upload(session: Session, actor: Actor, request: Request, form: UploadForm) -> ImportFile:
    folder = folder_of(settings_of(request).data_dir)
    with form.file.file as sent:
        data = sent.read()
    return upload_list(session, actor, folder, form.file.filename or "", data, form.language)


@router.get("/{import_id}/columns", name="imports:columns")
def columns_page(request: Request, session: Sess, actor: ImportApplier, import_id: UUID) -> Response:
    file = visible_import(session, actor, import_id)
    form = Form.of(ColumnsForm, encoding=file.choices.get("encoding"), read=grids_read(file.guess))
    return page(request, "imports/columns", form=form, **_shown(file, form))


@router.post("/{import_id}/columns", name="imports:correct")
def correct(
    request: Request,
    session: Sess,
    actor: ImportApplier,
    import_id: UUID,
    form: Annotated[Form[ColumnsForm], posted(ColumnsForm)],
) -> Response:
    file = visible_import(session, actor, import_id)
    form.attempt(session, correct_reading, actor, file, folder_of(settings_of(request).data_dir))
    if form.errors:
        session.refresh(file)
        return page(request, "imports/columns", status=422, form=form, **_shown(file, form))
    flash(request, _("The list is read again."))
    return go(request, "imports:preview", import_id=file.id)


def _shown(file: ImportFile, form: Form[ColumnsForm]) -> dict[str, Any]:
    return {
        "file": file,
        "guess": file.guess,
        "fields": [(name, str(label)) for name, label in LABELS.items()],
        "encodings": encodings(),
        "grids": grid_choices(file.guess),
        "tables": tables_of(file.guess, form.values),
        "notes": notes_of(file),
        "refusal": refusal_of(file),
        "steps": steps_of(file, here="columns"),
    }
