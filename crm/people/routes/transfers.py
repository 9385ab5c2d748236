from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleEditor
from crm.accounts.queries import offices_beside
from crm.core.db import Sess
from crm.core.errors import Refused
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.actions.transfer import answer, offer, take_back
from crm.people.queries.visible import visible_person
from crm.people.sharing import OfferForm

router = Router(prefix="/people")


@router.get("/{person_id}/transfer", name="people:transfer")
def transfer(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID) -> Response:
    person = visible_person(session, editor, person_id)
    first, offices = _first(request, session, editor, person_id), offices_beside(session, editor)
    return page(request, "people/transfer", person=person, form=Form.of(OfferForm), offices=offices, first=first)


@router.post("/{person_id}/transfer", name="people:transfer_offer")
def offered(
    request: Request, session: Sess, editor: PeopleEditor, person_id: UUID,
    form: Annotated[Form[OfferForm], posted(OfferForm)],
) -> Response:  # fmt: skip
    person = visible_person(session, editor, person_id)
    form.attempt(session, offer, editor, person, request.app.state.transfer_checks)
    if form.errors:
        offices = offices_beside(session, editor)
        return page(request, "people/transfer", status=422, person=person, form=form, offices=offices, first="")
    flash(request, _("The record has been offered. It stays with you until the other office accepts."))
    return go(request, "people:shares")


@router.post("/transfers/{transfer_id}/accept", name="people:transfer_accept")
def accept(request: Request, session: Sess, editor: PeopleEditor, transfer_id: UUID) -> Response:
    try:
        with session.begin_nested():
            done = answer(session, editor, transfer_id, request.app.state.transfer_rules, accepted=True)
    except Refused as refused:
        flash(request, str(refused), "error")
        return go(request, "people:shares")
    flash(request, _("The record is your office's now, with its history. The person is told."))
    return go(request, "people:detail", person_id=done.person_id)


@router.post("/transfers/{transfer_id}/decline", name="people:transfer_decline")
def decline(request: Request, session: Sess, editor: PeopleEditor, transfer_id: UUID) -> Response:
    answer(session, editor, transfer_id, (), accepted=False)
    flash(request, _("You have declined. The record stays where it is."))
    return go(request, "people:shares")


@router.post("/transfers/{transfer_id}/take-back", name="people:transfer_take_back")
def back(request: Request, session: Sess, editor: PeopleEditor, transfer_id: UUID) -> Response:
    take_back(session, editor, transfer_id)
    flash(request, _("The offer has been taken back."))
    return go(request, "people:shares")


def _first(request: Request, session: Session, editor: Actor, person_id: UUID) -> str:
    """What must be settled before the record can be offered; empty where nothing must."""
    try:
        for check in request.app.state.transfer_checks:
            check(session, person_id, editor.office_id)
    except Refused as refused:
        return str(refused)
    return ""
