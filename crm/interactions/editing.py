"""The form of a contact: what it begins with, and the page that shows it."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.accounts.queries import colleagues, offices_beside
from crm.core.forms import Form, values_of
from crm.core.web import page
from crm.interactions.forms import InteractionForm
from crm.interactions.models import Audience, Interaction, InteractionKind
from crm.interactions.picking import Chosen, chosen_people
from crm.interactions.queries import Whole
from crm.interactions.queries.files import mail_of, people_of_mail


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


def stored_values(whole: Whole) -> dict[str, Any]:
    """The contact as the form has it."""
    stored = whole.line.interaction
    names = ("kind", "day", "place", "text", "audience", "careful", "version")
    values = {name: getattr(stored, name) for name in names}
    values |= {"people": [str(person.id) for person in whole.line.people], "staff": [str(id) for id, _ in whole.staff]}
    return {**values, "offices": [str(office.id) for office in whole.readers]}


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
    mail = mail_of(session, editor, UUID(str(form.values["mail"]))) if form.values.get("mail") else None
    picked: dict[str, Any] = {name: form.values.get(name) or [] for name in ("people", "new_people")}
    who = chosen_people(session, editor, Chosen.of({**picked, "who": form.values.get("who") or ""}))
    return page(
        request, "interactions/edit", status=status, form=form, stored=stored, who=who,
        kinds=InteractionKind.options(), audiences=Audience.options(), colleagues=colleagues(session, editor),
        offices=offices_beside(session, editor), conflict=bool(stored and form.errors.get("")), mail=mail,
        unknown=people_of_mail(session, editor, mail)[1] if mail else [],
    )  # fmt: skip
