from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, InteractionEditor, InteractionReader
from crm.accounts.models import Office
from crm.accounts.queries import colleagues, offices_beside
from crm.core.db import Sess
from crm.core.forms import Form, posted, values_of
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.interactions.actions import change_interaction, log_interaction, remove_interaction
from crm.interactions.forms import InteractionForm, InteractionSearch
from crm.interactions.models import Audience, Interaction, InteractionKind
from crm.interactions.picking import Chosen, chosen_people
from crm.interactions.plain import plain_text
from crm.interactions.queries import interaction_of, list_interactions, whole_interaction

router = Router(prefix="/interactions")
Typed = Annotated[Form[InteractionForm], posted(InteractionForm)]


@router.get("", name="interactions:list")
def listing(
    request: Request, session: Sess, reader: InteractionReader, wanted: Annotated[InteractionSearch, Query()]
) -> Response:
    lines, later = list_interactions(session, reader, wanted)
    return page(request, "interactions/list", lines=lines, later=later, wanted=wanted, kinds=InteractionKind.options())


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
    return page(request, "interactions/detail", whole=whole, plain=plain_text(whole))


@router.get("/{interaction_id}/edit", name="interactions:edit")
def edit(request: Request, session: Sess, editor: InteractionEditor, interaction_id: UUID) -> Response:
    whole = whole_interaction(session, editor, interaction_id)
    stored = whole.line.interaction
    names = ("kind", "day", "place", "text", "audience", "careful", "version")
    values = {name: getattr(stored, name) for name in names}
    values |= {"people": [str(person.id) for person in whole.line.people], "staff": [str(id) for id, _ in whole.staff]}
    values |= {"offices": [str(office.id) for office in whole.readers], "assignee": str(editor.user_id)}
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


def likely(session: Session, editor: Actor) -> dict[str, Any]:
    """What a new contact begins with: today, here, by the one who logs it."""
    return {
        "kind": InteractionKind.MET.value,
        "day": editor.today.isoformat(),
        "place": session.get_one(Office, editor.office_id).city,
        "audience": Audience.OFFICE.value,
        "staff": [str(editor.user_id)],
        "assignee": str(editor.user_id),
        "key": str(uuid4()),
    }


def begun(request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """The form with what the address says of it."""
    return {**values, **values_of(request.query_params, InteractionForm)}


def shown(
    request: Request,
    session: Session,
    editor: Actor,
    form: Form[InteractionForm],
    stored: Interaction | None = None,
    status: int = 200,
) -> Response:
    for field in ("people", "new_people"):
        if field in form.errors:
            form.errors.setdefault("who", form.errors.pop(field))
    if stored:
        form.values["version"] = str(stored.version)
    picked: dict[str, Any] = {name: form.values.get(name) or [] for name in ("people", "new_people")}
    who = chosen_people(session, editor, Chosen.of({**picked, "who": form.values.get("who") or ""}))
    return page(
        request, "interactions/edit", status=status, form=form, stored=stored, who=who,
        kinds=InteractionKind.options(), audiences=Audience.options(), colleagues=colleagues(session, editor),
        offices=offices_beside(session, editor), conflict=bool(stored and form.errors.get("")),
    )  # fmt: skip
