from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import ImportApplier, ImportReader
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.imports.actions.apply import ask_to_apply, count_to_do
from crm.imports.actions.decide import decide_rows
from crm.imports.forms import ApplyListForm, DecideForm
from crm.imports.models import Outcome
from crm.imports.queries.files import job_of, page_of_rows, visible_import
from crm.imports.queries.open_rows import count_open, people_of
from crm.imports.shown import (
    changes,
    notes_of,
    outcome_tone,
    place_of,
    read_as,
    refusal_of,
    steps_of,
    tabs_of,
    tone,
    why,
)

router = Router(prefix="/imports")


@router.get("/{import_id}", name="imports:preview")
def preview(
    request: Request, session: Sess, actor: ImportReader, import_id: UUID, outcome: str = "", after: str = ""
) -> Response:
    file = visible_import(session, actor, import_id)
    chosen = Outcome(outcome) if outcome in list(Outcome) else None
    rows = page_of_rows(session, file, chosen, after)
    return page(
        request, "imports/preview", file=file, job=job_of(session, file), rows=rows, chosen=chosen,
        people=people_of(session, actor, rows.items), to_do=count_to_do(session, file.id),
        open_rows=count_open(session, file), notes=notes_of(file), refusal=refusal_of(file), steps=steps_of(file),
        tabs=tabs_of(file), tone=tone, outcome_tone=outcome_tone, why=why, changes=changes, read_as=read_as,
        place_of=place_of, form=Form.of(ApplyListForm, meetings=True),
    )  # fmt: skip


@router.post("/{import_id}/decide", name="imports:decide")
def decide(
    request: Request,
    session: Sess,
    actor: ImportApplier,
    import_id: UUID,
    form: Annotated[Form[DecideForm], posted(DecideForm)],
) -> Response:
    file = visible_import(session, actor, import_id)
    form.attempt(session, decide_rows, actor, file)
    if form.errors:
        flash(request, next(iter(form.errors.values())), "error")
    here = {key: value for key in ("outcome", "after") if (value := form.values.get(key))}
    return go(request, "imports:preview", import_id=file.id, query=here)


@router.post("/{import_id}/apply", name="imports:apply")
def apply(
    request: Request,
    session: Sess,
    actor: ImportApplier,
    import_id: UUID,
    form: Annotated[Form[ApplyListForm], posted(ApplyListForm)],
) -> Response:
    file = visible_import(session, actor, import_id)
    session.refresh(file, with_for_update=True)
    ask_to_apply(session, actor, file, meetings=not form.errors and form.data.meetings)
    return go(request, "imports:preview", import_id=file.id)
