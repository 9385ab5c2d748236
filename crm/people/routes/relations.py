from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleEditor, PeopleReader
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.actions.relate import end_relation, relate
from crm.people.models.relations import Part
from crm.people.queries.relations import network_of, relation_of, relations_of
from crm.people.queries.search import suggest_people
from crm.people.queries.visible import known_person, visible_person
from crm.people.relating import HIGH, WIDE, RelationForm

router = Router(prefix="/people/{person_id}/relations")


@router.get("", name="people:relations")
def relations(request: Request, session: Sess, reader: PeopleReader, person_id: UUID) -> Response:
    person, holding = known_person(session, reader, person_id)
    related = relations_of(session, reader, person_id)
    network = network_of(session, reader, related) if len(related) > 1 else None
    size = {"wide": WIDE, "high": HIGH}
    return page(
        request, "people/relations", person=person, holding=holding, related=related, network=network, size=size
    )


@router.get("/new", name="people:relation_new")
def new(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID, q: str = "") -> Response:
    return _form_page(request, session, editor, person_id, Form.of(RelationForm, q=q))


@router.post("", name="people:relation_add")
def add(
    request: Request, session: Sess, editor: PeopleEditor, person_id: UUID,
    form: Annotated[Form[RelationForm], posted(RelationForm)],
) -> Response:  # fmt: skip
    person = visible_person(session, editor, person_id)
    form.attempt(session, relate, editor, person)
    if form.errors:
        return _form_page(request, session, editor, person_id, form)
    flash(request, _("The relation has been noted."))
    return go(request, "people:relations", person_id=person_id)


@router.post("/{relation_id}/remove", name="people:relation_remove")
def remove(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID, relation_id: UUID) -> Response:
    visible_person(session, editor, person_id)
    end_relation(session, editor, relation_of(session, editor, person_id, relation_id))
    flash(request, _("It has been removed."))
    return go(request, "people:relations", person_id=person_id)


def _form_page(
    request: Request, session: Session, editor: Actor, person_id: UUID, form: Form[RelationForm]
) -> Response:
    person = visible_person(session, editor, person_id)
    q = str(form.values.get("q") or "")
    found = [one for one in suggest_people(session, editor, q) if one.id != person_id] if q else []
    people = [(one.id, one.kanji or one.full_name, one.institution or "") for one in found]
    status = 422 if form.errors else 200
    return page(
        request, "people/relation", status=status, person=person, form=form, people=people, parts=Part.options(), q=q
    )
