from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import ImportApplier, ImportReader
from crm.core.db import Sess
from crm.core.i18n import ngettext
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.imports.actions.report import report
from crm.imports.actions.undo import built_on, made_people, undo_import
from crm.imports.models import ImportState
from crm.imports.queries.files import rows_of, visible_import

router = Router(prefix="/imports")


@router.get("/{import_id}/report", name="imports:report")
def download(session: Sess, actor: ImportReader, import_id: UUID) -> Response:
    file = visible_import(session, actor, import_id)
    name = f"import-{file.created_at:%Y-%m-%d}-{str(file.id)[-6:]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(report(session.execute(rows_of(file)).scalars()), media_type="text/csv", headers=headers)


@router.get("/{import_id}/undo", name="imports:undo")
def undo_page(request: Request, session: Sess, actor: ImportApplier, import_id: UUID) -> Response:
    file = visible_import(session, actor, import_id)
    people = made_people(session, file)
    possible = file.state is ImportState.APPLIED
    reasons = built_on(session, file, people) if possible else []
    return page(request, "imports/undo", file=file, people=len(people), possible=possible, reasons=reasons)


@router.post("/{import_id}/undo", name="imports:take_back")
def undo(request: Request, session: Sess, actor: ImportApplier, import_id: UUID) -> Response:
    file = visible_import(session, actor, import_id)
    number = undo_import(session, actor, file)
    sentence = ngettext(
        "The import has been undone: %(num)s person was removed.",
        "The import has been undone: %(num)s people were removed.",
        number,
    )
    flash(request, sentence)
    return go(request, "imports:preview", import_id=file.id)
