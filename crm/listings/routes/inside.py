"""A mission's own pages: the list, one entry, the worklist, the panel on a person's page."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, ListingEditor, ListingProposer, ListingPublisher, ListingReader
from crm.accounts.reader import WEEK
from crm.approvals.queries import needs_approval
from crm.approvals.routes import draft_page
from crm.core.columns import now
from crm.core.contributions import Proposed
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.listings.actions.drafting import choose_fields, draft_listing
from crm.listings.actions.moves import own_listing
from crm.listings.actions.publishing import PUBLICATION, hide, publish, record_consent, withdraw
from crm.listings.fields import ListingField
from crm.listings.forms import FieldsForm, HeldConsentForm
from crm.listings.models import ListingState
from crm.listings.queries.answers import answers_of
from crm.listings.queries.lists import (
    ASKABLE,
    TONES,
    counts_of,
    lines,
    list_entries,
    listing_of,
    listings_about,
    moves_of,
    worklist_of,
)
from crm.listings.queries.preview import previews
from crm.listings.snapshots import snapshot_of, update_available
from crm.people.queries.visible import holding_of, visible_person
from crm.privacy.models import Channel
from crm.privacy.queries import receipts_of

router = Router(prefix="/listings")


@router.get("", name="listings:list")
def listing(
    request: Request,
    session: Sess,
    reader: ListingReader,
    state: Annotated[ListingState | None, Query()] = None,
    after: str | None = None,
    chosen: Literal["all", ""] = "",
) -> Response:
    """``chosen``: all boxes of this page are ticked."""
    rows, later = list_entries(session, reader, state, after)
    shown: dict[str, Any] = {"lines": rows, "later": later, "state": state, "counts": counts_of(session, reader)}
    return page(
        request, "listings/list", tones=TONES, selectable=[*ASKABLE, ListingState.AGREED], chosen=chosen, **shown
    )


@router.get("/worklist", name="listings:worklist")
def worklist(request: Request, session: Sess, reader: ListingReader) -> Response:
    return page(request, "listings/worklist", work=worklist_of(session, reader))


@router.get("/answers", name="listings:answers")
def answers(request: Request, session: Sess, reader: ListingReader) -> Response:
    labels = {state.value: state.label for state in ListingState}
    return page(request, "listings/answers", answers=answers_of(session, reader), labels=labels, days=WEEK.days)


@router.get("/of/{person_id}", name="listings:panel")
def panel(request: Request, session: Sess, reader: ListingReader, person_id: UUID) -> Response:
    person = visible_person(session, reader, person_id)
    entries = session.execute(listings_about(reader, person_id)).scalars().all()
    holds = holding_of(session, reader, person_id) is not None
    rows = lines(session, reader, [(entry, person) for entry in entries])
    return page(request, "listings/panel", person=person, lines=rows, holds=holds)


@router.post("/of/{person_id}", name="listings:draft")
def draft(request: Request, session: Sess, proposer: ListingProposer, person_id: UUID) -> Response:
    entry = draft_listing(session, proposer, visible_person(session, proposer, person_id))
    flash(request, _("The entry has been drafted. Nothing is public."))
    return go(request, "listings:detail", listing_id=entry.id)


@router.get("/{listing_id}", name="listings:detail")
def detail(request: Request, session: Sess, reader: ListingReader, listing_id: UUID) -> Response:
    return page(request, "listings/detail", **_shown(session, reader, listing_id))


def _shown(session: Session, reader: Actor, listing_id: UUID, form: Form[Any] | None = None) -> dict[str, Any]:
    entry, person = listing_of(session, reader, listing_id)
    snapshot = snapshot_of(session, entry)
    confirmed = snapshot.entry if snapshot and snapshot.entry else None
    return {
        "listing": entry,
        "person": person,
        "line": lines(session, reader, [(entry, person)])[0],
        "snapshot": snapshot,
        "previews": previews(session, entry, confirmed),
        "updates": update_available(session, entry) if snapshot and snapshot.entry else [],
        "moves": session.execute(moves_of(entry)).scalars().all(),
        "receipts": session.execute(receipts_of(reader.office_id, person.id)).scalars().all(),
        "states": ListingState,
        "field_options": ListingField.options(),
        "channels": [option for option in Channel.options() if option[0] != Channel.WEB],
        "fields_form": Form.of(FieldsForm, proposed=entry.fields),
        "form": form or Form.of(HeldConsentForm, fields=entry.fields, given_on=now().date().isoformat()),
    }


@router.post("/{listing_id}/fields", name="listings:fields")
def set_fields(
    request: Request,
    session: Sess,
    editor: ListingEditor,
    listing_id: UUID,
    form: Annotated[Form[FieldsForm], posted(FieldsForm)],
) -> Response:
    form.attempt(session, choose_fields, editor, own_listing(session, editor, listing_id))
    flash(request, _("The choice of fields has been saved."))
    return go(request, "listings:detail", listing_id=listing_id)


@router.post("/{listing_id}/consent", name="listings:record_consent")
def hold_consent(
    request: Request,
    session: Sess,
    editor: ListingEditor,
    listing_id: UUID,
    form: Annotated[Form[HeldConsentForm], posted(HeldConsentForm)],
) -> Response:
    form.attempt(session, record_consent, editor, own_listing(session, editor, listing_id))
    if form.errors:
        session.expire_all()
        return page(request, "listings/detail", status=422, **_shown(session, editor, listing_id, form))
    flash(request, _("The consent has been recorded. The entry may be published."))
    return go(request, "listings:detail", listing_id=listing_id)


@router.post("/{listing_id}/publish", name="listings:publish")
def make_public(request: Request, session: Sess, publisher: ListingPublisher, listing_id: UUID) -> Response:
    listing = own_listing(session, publisher, listing_id)
    if needs_approval(session, publisher.office_id, PUBLICATION):
        return draft_page(request, session, publisher, Proposed(PUBLICATION, [listing.id]))
    publish(session, publisher, listing)
    flash(request, _("The entry is public."))
    return go(request, "listings:detail", listing_id=listing_id)


@router.post("/{listing_id}/hide", name="listings:hide")
def make_hidden(request: Request, session: Sess, publisher: ListingPublisher, listing_id: UUID) -> Response:
    hide(session, publisher, own_listing(session, publisher, listing_id))
    flash(request, _("The entry is hidden."))
    return go(request, "listings:detail", listing_id=listing_id)


@router.post("/{listing_id}/withdraw", name="listings:withdraw")
def end(request: Request, session: Sess, editor: ListingEditor, listing_id: UUID) -> Response:
    withdraw(session, editor, own_listing(session, editor, listing_id))
    flash(request, _("The entry has been withdrawn from all public pages and files."))
    return go(request, "listings:detail", listing_id=listing_id)
