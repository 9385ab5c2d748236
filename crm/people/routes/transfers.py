from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import PeopleEditor
from crm.accounts.queries import offices_beside
from crm.core.db import Sess
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
    form, offices = Form.of(OfferForm), offices_beside(session, editor)
    return page(request, "people/transfer", person=person, form=form, offices=offices)


@router.post("/{person_id}/transfer", name="people:transfer_offer")
def offered(
    request: Request, session: Sess, editor: PeopleEditor, person_id: UUID,
    form: Annotated[Form[OfferForm], posted(OfferForm)],
) -> Response:  # fmt: skip
    person = visible_person(session, editor, person_id)
    form.attempt(session, offer, editor, person)
    if form.errors:
        offices = offices_beside(session, editor)
        return page(request, "people/transfer", status=422, person=person, form=form, offices=offices)
    flash(request, _("The record has been offered. It stays with you until the other office accepts."))
    return go(request, "people:shares")


@router.post("/transfers/{transfer_id}/accept", name="people:transfer_accept")
def accept(request: Request, session: Sess, editor: PeopleEditor, transfer_id: UUID) -> Response:
    done = answer(session, editor, transfer_id, request.app.state.transfer_rules, accepted=True)
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
