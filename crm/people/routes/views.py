from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleReader
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, page, redirect, url_builder
from crm.people.actions.views import query_of, remove_view, save_view
from crm.people.forms import PersonSearch, ViewForm
from crm.people.queries.views import views_of

router = Router(prefix="/people/views")


@router.get("", name="people:views")
def views(request: Request, session: Sess, reader: PeopleReader, wanted: Annotated[PersonSearch, Query()]) -> Response:
    """With the question of the list that one comes from, to be saved."""
    return _page(request, session, reader, Form.of(ViewForm, query=query_of(wanted)))


@router.post("", name="people:view_save")
def save(
    request: Request, session: Sess, reader: PeopleReader, form: Annotated[Form[ViewForm], posted(ViewForm)]
) -> Response:
    view = form.attempt(session, save_view, reader)
    if view is None:
        return _page(request, session, reader, form)
    flash(request, _("The view has been saved."))
    return redirect(request, url_builder(request)("people:list") + f"?{view.query}")


@router.post("/{view_id}/remove", name="people:view_remove")
def remove(request: Request, session: Sess, reader: PeopleReader, view_id: UUID) -> Response:
    remove_view(session, reader, view_id)
    flash(request, _("It has been removed."))
    return redirect(request, url_builder(request)("people:views"))


def _page(request: Request, session: Session, reader: Actor, form: Form[ViewForm]) -> Response:
    status = 422 if form.errors else 200
    return page(request, "people/views", status=status, form=form, views=views_of(session, reader))
