"""Doing something to many: what the list shows, chosen and looked at first; and taking it back."""

from itertools import islice
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleEditor, PeopleReader
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.actions.export import search_of
from crm.people.actions.tagging import tag_people, undo_tagging
from crm.people.actions.views import query_of
from crm.people.forms import BulkForm, PersonSearch
from crm.people.models import Tag, Tagging
from crm.people.queries.exports import people_in_order
from crm.people.queries.tags import bulk_change_of, tags_of, tags_on
from crm.people.queries.visible import visible_person

router = Router(prefix="/people")
MOST = 500


@router.get("/bulk", name="people:bulk")
def choose(request: Request, session: Sess, editor: PeopleEditor, wanted: Annotated[PersonSearch, Query()]) -> Response:
    """The people of the list, all of them chosen; nothing happens yet."""
    return _page(request, session, editor, Form.of(BulkForm, kind=Tagging.ADD.value, query=query_of(wanted)))


def _page(request: Request, session: Session, editor: Actor, form: Form[BulkForm]) -> Response:
    found = people_in_order(session, editor, search_of(str(form.values.get("query") or "")))
    people = list(islice((one for some in found for one in some), MOST + 1))
    chosen = {str(id) for id in form.values.get("ids") or []} if form.errors else None
    return page(
        request, "people/bulk", status=422 if form.errors else 200, form=form, people=people[:MOST], chosen=chosen,
        more=len(people) > MOST, most=MOST, kinds=Tagging.options(),
        tags=[tag.name for tag in tags_of(session, editor)],
    )  # fmt: skip


@router.post("/bulk", name="people:bulk_do")
def change(
    request: Request, session: Sess, editor: PeopleEditor, form: Annotated[Form[BulkForm], posted(BulkForm)]
) -> Response:
    done = form.attempt(session, tag_people, editor)
    if done is None:
        return _page(request, session, editor, form)
    return go(request, "people:bulk_done", change_id=done.id)


@router.get("/bulk/{change_id}", name="people:bulk_done")
def show(request: Request, session: Sess, editor: PeopleEditor, change_id: UUID) -> Response:
    done = bulk_change_of(session, editor, change_id)
    return page(request, "people/bulk_done", done=done, tag=session.get_one(Tag, done.tag_id), kinds=Tagging)


@router.post("/bulk/{change_id}/undo", name="people:bulk_undo")
def undo(request: Request, session: Sess, editor: PeopleEditor, change_id: UUID) -> Response:
    undo_tagging(session, editor, change_id)
    flash(request, _("It has been undone."))
    return go(request, "people:bulk_done", change_id=change_id)


@router.get("/{person_id}/tags", name="people:tags")
def panel(request: Request, session: Sess, reader: PeopleReader, person_id: UUID) -> Response:
    person = visible_person(session, reader, person_id)
    every = [tag.name for tag in tags_of(session, reader)]
    return page(request, "people/tags", person=person, tags=tags_on(session, reader, person_id), every=every)


@router.post("/{person_id}/tags", name="people:tag")
def tag_one(
    request: Request, session: Sess, editor: PeopleEditor, person_id: UUID,
    form: Annotated[Form[BulkForm], posted(BulkForm)],
) -> Response:  # fmt: skip
    form.attempt(session, tag_people, editor)
    if form.errors:
        flash(request, form.problems[0][1], "error")
    return go(request, "people:detail", person_id=person_id)
