"""A post, a way to reach the person, a further name: each on a small page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import PeopleEditor
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import Lazy, current_language
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.places import countries
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.actions.beside import remove, row_beside, save_contact, save_name, save_post
from crm.people.beside import BesideForm, ContactForm, NameForm, PostForm
from crm.people.models import Affiliation, ContactKind, ContactPoint, ContactState, NameKind, Person, PersonName
from crm.people.queries.visible import visible_person

router = Router(prefix="/people/{person_id}")


@dataclass(frozen=True)
class Kind:
    """``template``: its fields; ``name``: what its routes are called after."""

    name: str
    model: Any
    form: type[BesideForm]
    save: Callable[..., None]
    new: Lazy
    change: Lazy


POST = Kind("post", Affiliation, PostForm, save_post, _l("Add a post"), _l("Change a post"))
CONTACT = Kind("contact", ContactPoint, ContactForm, save_contact, _l("Add an address"), _l("Change an address"))
NAME = Kind("name", PersonName, NameForm, save_name, _l("Add a name"), _l("Change a name"))


def shown(request: Request, kind: Kind, person: Person, row: Any, form: Form[Any], status: int = 200) -> Response:
    form.values["version"] = str(person.version)
    return page(
        request, "people/beside", status=status, kind=kind, person=person, row=row, form=form,
        countries=countries(current_language()), contact_kinds=ContactKind.options(), states=ContactState.options(),
        name_kinds=[(each.value, str(each.label)) for each in NameKind if each is not NameKind.WRITTEN],
    )  # fmt: skip


def tried(request: Request, kind: Kind, person: Person, row: Any, form: Form[Any]) -> Response:
    """The record after a change, or the form again with what is wrong."""
    if form.errors:
        return shown(request, kind, person, row, form, 422)
    flash(request, _("The change has been saved."))
    return go(request, "people:detail", person_id=person.id)


Leaving = Annotated[Form[BesideForm], posted(BesideForm)]


def add_routes(kind: Kind) -> None:
    typed = Annotated[Form[Any], posted(kind.form)]

    def new(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID) -> Response:
        empty = Form.of(kind.form, kind.form.model_construct())
        return shown(request, kind, visible_person(session, editor, person_id), None, empty)

    def add(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID, form: typed) -> Response:
        person = visible_person(session, editor, person_id)
        form.attempt(session, kind.save, editor, person, None)
        return tried(request, kind, person, None, form)

    def edit(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID, row_id: UUID) -> Response:
        person = visible_person(session, editor, person_id)
        row = row_beside(session, editor, person, kind.model, row_id)
        stored = {name: getattr(row, name) for name in kind.form.model_fields if name != "version"}
        return shown(request, kind, person, row, Form.of(kind.form, kind.form.model_construct(**stored)))

    def change(
        request: Request, session: Sess, editor: PeopleEditor, person_id: UUID, row_id: UUID, form: typed
    ) -> Response:
        person = visible_person(session, editor, person_id)
        row = row_beside(session, editor, person, kind.model, row_id)
        form.attempt(session, kind.save, editor, person, row)
        return tried(request, kind, person, row, form)

    def take_away(
        request: Request, session: Sess, editor: PeopleEditor, person_id: UUID, row_id: UUID, form: Leaving
    ) -> Response:
        person = visible_person(session, editor, person_id)
        remove(session, editor, person, row_beside(session, editor, person, kind.model, row_id), form.data)
        flash(request, _("It has been removed."))
        return go(request, "people:detail", person_id=person_id)

    base = f"/{kind.name}s"
    router.add_api_route(f"{base}/new", new, methods=["GET"], name=f"people:{kind.name}_new")
    router.add_api_route(base, add, methods=["POST"], name=f"people:{kind.name}_add")
    router.add_api_route(f"{base}/{{row_id}}", edit, methods=["GET"], name=f"people:{kind.name}")
    router.add_api_route(f"{base}/{{row_id}}", change, methods=["POST"], name=f"people:{kind.name}_change")
    router.add_api_route(f"{base}/{{row_id}}/remove", take_away, methods=["POST"], name=f"people:{kind.name}_remove")


for each in (POST, CONTACT, NAME):
    add_routes(each)
