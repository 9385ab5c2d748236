from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from crm.accounts.access import InteractionEditor, InteractionReader
from crm.core.db import Sess
from crm.core.forms import Form, posted, values_of
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.interactions.actions import change_interaction, log_interaction, remove_interaction
from crm.interactions.editing import begun, likely, shown, stored_values
from crm.interactions.files import ACCEPT
from crm.interactions.forms import InteractionForm, InteractionSearch
from crm.interactions.models import InteractionKind
from crm.interactions.opening import note_opening
from crm.interactions.picking import Chosen, chosen_people
from crm.interactions.plain import plain_text
from crm.interactions.queries import interaction_of, whole_interaction
from crm.interactions.queries.files import files_of
from crm.interactions.queries.listing import LOOKED_THROUGH, list_interactions

router = Router(prefix="/interactions")
Typed = Annotated[Form[InteractionForm], posted(InteractionForm)]


@router.get("", name="interactions:list")
def listing(request: Request, session: Sess, reader: InteractionReader) -> Response:
    form = Form(InteractionSearch, values_of(request.query_params, InteractionSearch)).validate()
    wanted = InteractionSearch() if form.errors else form.data
    return page(
        request,
        "interactions/list",
        status=422 if form.errors else 200,
        form=form,
        wanted=wanted,
        listed=list_interactions(session, reader, wanted),
        kinds=InteractionKind.options(),
        looked_through=LOOKED_THROUGH,
    )


@router.get("/new", name="interactions:new")
def new(request: Request, session: Sess, editor: InteractionEditor) -> Response:
    """Also where the form goes without scripts, to look somebody up: whatever was typed comes back."""
    return shown(request, session, editor, Form(InteractionForm, begun(request, likely(session, editor))))


@router.get("/who", name="interactions:who")
def who(request: Request, session: Sess, editor: InteractionEditor, wanted: Annotated[Chosen, Query()]) -> Response:
    """Whom the words find, below those who are chosen already."""
    return page(request, "interactions/who", who=chosen_people(session, editor, wanted))


@router.post("", name="interactions:add")
def add(request: Request, session: Sess, editor: InteractionEditor, form: Typed) -> Response:
    logged = form.attempt(session, log_interaction, editor)
    if logged is None:
        return shown(request, session, editor, form, status=422)
    flash(request, _("The contact has been logged."))
    return go(request, "interactions:detail", interaction_id=logged.id)


@router.get("/{interaction_id}", name="interactions:detail")
def detail(request: Request, session: Sess, reader: InteractionReader, interaction_id: UUID) -> Response:
    whole = whole_interaction(session, reader, interaction_id)
    note_opening(request, reader, whole.line.interaction)
    return page(
        request,
        "interactions/detail",
        whole=whole,
        plain=plain_text(whole),
        files=files_of(session, interaction_id),
        accept=ACCEPT,
    )


@router.get("/{interaction_id}/edit", name="interactions:edit")
def edit(request: Request, session: Sess, editor: InteractionEditor, interaction_id: UUID) -> Response:
    whole = whole_interaction(session, editor, interaction_id)
    stored = whole.line.interaction
    note_opening(request, editor, stored)
    values = {**stored_values(whole), "assignee": str(editor.user_id)}
    return shown(request, session, editor, Form(InteractionForm, begun(request, values)), stored)


@router.post("/{interaction_id}", name="interactions:change")
def change(request: Request, session: Sess, editor: InteractionEditor, interaction_id: UUID, form: Typed) -> Response:
    stored = interaction_of(session, editor, interaction_id).interaction
    form.attempt(session, change_interaction, editor, stored)
    if form.errors:
        return shown(request, session, editor, form, stored, 422)
    flash(request, _("The change has been saved."))
    return go(request, "interactions:detail", interaction_id=interaction_id)


@router.post("/{interaction_id}/remove", name="interactions:remove")
def remove(request: Request, session: Sess, editor: InteractionEditor, interaction_id: UUID) -> Response:
    remove_interaction(session, editor, interaction_of(session, editor, interaction_id).interaction)
    flash(request, _("The contact has been removed."))
    return go(request, "interactions:list")
