"""Proposals: the public form of a mission, and the mission's look at what came in."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session, select
from starlette.responses import Response

from crm.accounts.access import Actor, ListingEditor, ListingProposer, ListingReader, Public
from crm.accounts.models import Office
from crm.accounts.permissions import Permission
from crm.core.db import Sess, database_of
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.i18n import LANGUAGES, current_language
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
from crm.listings.forms import AcceptForm, NominationForm, NominationSearch, ProposalForm
from crm.listings.models import Nomination
from crm.listings.queries.nominations import entry_from, list_nominations
from crm.listings.routes.public.tongue import public_router
from crm.people.queries.alike import people_alike
from crm.privacy.models import Purpose
from crm.privacy.texts import sentence

public = public_router()
router = Router(prefix="/listings")
MOST_AN_HOUR = 5


def mission_of(session: Session, code: str) -> Office:
    office = session.exec(select(Office).where(Office.code == code)).first()
    if office is None or not office.kind.is_mission:
        raise Missing()
    return office


def _context(session: Session, code: str, language: str) -> dict[str, Any]:
    office = mission_of(session, code)
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


@router.get("/nominations", name="listings:nominations")
def listing(
    request: Request, session: Sess, reader: ListingReader, wanted: Annotated[NominationSearch, Query()]
) -> Response:  # fmt: skip
    rows, following = list_nominations(session, reader, wanted)
    return page(request, "listings/nominations", nominations=rows, wanted=wanted, following=following)


@router.get("/nominations/{nomination_id}", name="listings:nomination")
def look(request: Request, session: Sess, reader: ListingReader, nomination_id: UUID) -> Response:
    nomination = own_nomination(session, reader, nomination_id)
    return _one(request, session, reader, nomination, Form.of(AcceptForm, tag=nomination.likely_tag))


def _one(
    request: Request, session: Session, reader: Actor, nomination: Nomination, form: Form[AcceptForm]
) -> Response:  # fmt: skip
    is_open = nomination.state == "open" and reader.may(Permission.LISTINGS_EDIT)
    alike = people_alike(session, reader, entry_from(nomination)) if is_open else []
    sentences = [sentence(Purpose(each), current_language()) for each in nomination.agreed.get("purposes", [])]
    return page(
        request, "listings/nomination", status=422 if form.errors else 200, nomination=nomination, form=form,
        alike=alike, sentences=sentences, tongues=LANGUAGES,
    )  # fmt: skip


@router.post("/nominations/{nomination_id}/approve", name="listings:approve")
def accept(
    request: Request, session: Sess, editor: ListingEditor, nomination_id: UUID,
    form: Annotated[Form[AcceptForm], posted(AcceptForm)],
) -> Response:  # fmt: skip
    nomination = own_nomination(session, editor, nomination_id)
    if form.errors:
        return _one(request, session, editor, nomination, form)
    person, entry = approve(session, editor, nomination, form.data)
    if entry is None:
        flash(request, _("The entry is part of this record now, with the consents that came with it."))
        return go(request, "people:detail", person_id=person.id)
    flash(request, _("The person has been added, with a drafted entry. Consent has not been asked for yet."))
    return go(request, "listings:detail", listing_id=entry.id)


@router.post("/nominations/{nomination_id}/decline", name="listings:turn_down")
def refuse(request: Request, session: Sess, editor: ListingEditor, nomination_id: UUID) -> Response:
    turn_down(session, editor, own_nomination(session, editor, nomination_id))
    flash(request, _("It has been put aside and its contents deleted."))
    return go(request, "listings:worklist")
