from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleEditor, PeopleReader
from crm.accounts.queries import offices_beside
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.actions.share import share_person, withdraw_share
from crm.people.models import Facet, Person
from crm.people.queries.shares import shares_given, shares_received
from crm.people.queries.transfers import offers_by, offers_to
from crm.people.queries.visible import visible_person
from crm.people.sharing import ShareForm, likely_end

router = Router(prefix="/people")


@router.get("/shares", name="people:shares")
def shares(request: Request, session: Sess, reader: PeopleReader) -> Response:
    given, received = shares_given(session, reader), shares_received(session, reader)
    to_us, by_us = offers_to(session, reader), offers_by(session, reader)
    return page(request, "people/shares", given=given, received=received, to_us=to_us, by_us=by_us)


@router.get("/{person_id}/share", name="people:share")
def share(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID) -> Response:
    person = visible_person(session, editor, person_id)
    form = Form.of(ShareForm, until=likely_end(editor.today).isoformat(), facet=Facet.PERSON.value)
    return _page(request, session, editor, person, form)


@router.post("/{person_id}/share", name="people:share_give")
def give(
    request: Request, session: Sess, editor: PeopleEditor, person_id: UUID,
    form: Annotated[Form[ShareForm], posted(ShareForm)],
) -> Response:  # fmt: skip
    person = visible_person(session, editor, person_id)
    form.attempt(session, share_person, editor, person)
    if form.errors:
        return _page(request, session, editor, person, form)
    flash(request, _("It has been shared."))
    return go(request, "people:detail", person_id=person_id)


@router.post("/shares/{share_id}/withdraw", name="people:share_withdraw")
def withdraw(request: Request, session: Sess, editor: PeopleEditor, share_id: UUID) -> Response:
    withdraw_share(session, editor, share_id)
    flash(request, _("The share has been withdrawn. The other office sees nothing by it any more."))
    return go(request, "people:shares")


def _page(request: Request, session: Session, editor: Actor, person: Person, form: Form[ShareForm]) -> Response:
    return page(
        request, "people/share", status=422 if form.errors else 200, person=person, form=form,
        offices=offices_beside(session, editor), facets=Facet.options(),
    )  # fmt: skip
