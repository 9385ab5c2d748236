"""Proposals: the public form of a mission, and the mission's look at what came in."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, select
from starlette.responses import Response

from crm.accounts.access import Actor, ListingEditor, ListingProposer, ListingReader, Public
from crm.accounts.models import Office
from crm.core.db import Sess, database_of
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.places import countries
from crm.core.rates import count_against
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.listings.actions.moves import office_settings
from crm.listings.actions.nominations import (
    approve,
    nominate,
    own_nomination,
    proposals_of,
    propose,
    turn_down,
)
from crm.listings.forms import NominationForm, ProposalForm
from crm.listings.routes.public.tongue import public_router

public = public_router()
router = Router(prefix="/listings")
MOST_AN_HOUR = 5


def _mission(session: Session, code: str) -> Office:
    office = session.exec(select(Office).where(Office.code == code)).first()
    if office is None or not office.kind.is_mission:
        raise Missing()
    return office


def _context(session: Session, code: str, language: str) -> dict[str, Any]:
    office = _mission(session, code)
    is_open = office_settings(session, office.id).nominations
    return {"office": office, "is_open": is_open, "countries": countries(language)}


@public.get("/nominate/{office}", name="listings:nominate")
def nomination_page(
    request: Request, session: Sess, language: Public, office: str, sent: bool = False, by_self: bool = True
) -> Response:
    context = _context(session, office, language)
    form = Form.of(NominationForm, country=context["office"].country, by_self=by_self)
    return page(request, "listings/nominate", form=form, sent=sent, **context)


@public.post("/nominate/{office}", name="listings:nominated")
def nominated(
    request: Request,
    language: Public,
    office: str,
    form: Annotated[Form[NominationForm], posted(NominationForm)],
) -> Response:
    """Counts first, in a transaction of its own; then writes."""
    database = database_of(request)
    if not form.errors:
        client = request.client.host if request.client else "-"
        count_against(database, "nominate", client, most=MOST_AN_HOUR, per=timedelta(hours=1))
    with database.writing() as session:
        context = _context(session, office, language)
        form.attempt(session, nominate, context["office"])
    if form.errors:
        return page(request, "listings/nominate", status=422, form=form, sent=False, **context)
    return go(request, "listings:nominate", language=language, office=office, query={"sent": "true"})


@router.get("/propose", name="listings:propose")
def proposal_page(request: Request, session: Sess, proposer: ListingProposer) -> Response:
    return _proposals(request, session, proposer, Form(ProposalForm))


@router.post("/propose", name="listings:proposed")
def proposed(
    request: Request,
    session: Sess,
    proposer: ListingProposer,
    form: Annotated[Form[ProposalForm], posted(ProposalForm)],
) -> Response:
    form.attempt(session, propose, proposer)
    if form.errors:
        return _proposals(request, session, proposer, form, 422)
    flash(request, _("The proposal is on the worklist of your office."))
    return go(request, "listings:propose")


def _proposals(
    request: Request, session: Session, proposer: Actor, form: Form[ProposalForm], status: int = 200
) -> Response:
    return page(
        request,
        "listings/propose",
        status=status,
        form=form,
        countries=countries(current_language()),
        proposals=proposals_of(session, proposer),
    )


@router.get("/nominations/{nomination_id}", name="listings:nomination")
def look(request: Request, session: Sess, reader: ListingReader, nomination_id: UUID) -> Response:
    return page(request, "listings/nomination", nomination=own_nomination(session, reader, nomination_id))


@router.post("/nominations/{nomination_id}/approve", name="listings:approve")
def accept(request: Request, session: Sess, editor: ListingEditor, nomination_id: UUID) -> Response:
    entry = approve(session, editor, own_nomination(session, editor, nomination_id))
    flash(request, _("The person has been added, with a drafted entry. Consent has not been asked for yet."))
    return go(request, "listings:detail", listing_id=entry.id)


@router.post("/nominations/{nomination_id}/decline", name="listings:turn_down")
def refuse(request: Request, session: Sess, editor: ListingEditor, nomination_id: UUID) -> Response:
    turn_down(session, editor, own_nomination(session, editor, nomination_id))
    flash(request, _("The proposal has been put aside and its contents deleted."))
    return go(request, "listings:worklist")
