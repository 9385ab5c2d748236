"""Letters to listed people: what will happen first, then the letters; a personal link to hand over."""

from collections import Counter
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, LetterSender, ListingEditor
from crm.accounts.forms import AddressForm
from crm.accounts.models import Office
from crm.approvals.routes import draft_page
from crm.core.columns import now
from crm.core.contributions import Proposed
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import LANGUAGES, ngettext
from crm.core.i18n import gettext as _
from crm.core.mail import Letter
from crm.core.qr import qr_path
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.listings import letters
from crm.listings.actions.contacts import add_address
from crm.listings.actions.moves import own_listing
from crm.listings.actions.requests import (
    CONSENT_LETTERS,
    LINK_DAYS,
    REMINDERS,
    Asked,
    make_link,
    remind,
    request_consent,
    wants_approval,
)
from crm.listings.forms import SelectionForm
from crm.listings.models import Listing
from crm.listings.queries.asking import addressee_of, ask_kind, may_be_reminded
from crm.listings.queries.lists import listings_of

router = Router(prefix="/listings")
Kind = Literal["request", "remind"]


@router.get("/letters/check", name="listings:preview")
def preview(
    request: Request,
    session: Sess,
    sender: LetterSender,
    ids: Annotated[list[UUID] | None, Query()] = None,
    kind: Kind = "request",
) -> Response:
    """What would happen; nothing happens yet."""
    return page(request, "listings/preview", kind=kind, **_plan(session, sender, ids or [], kind))


def _plan(session: Session, sender: Actor, ids: list[UUID], kind: Kind) -> dict[str, Any]:
    rows = [row for row in session.execute(listings_of(sender)) if row[0].id in set(ids)]
    fitting = [row for row in rows if (ask_kind(row[0]) if kind == "request" else may_be_reminded(row[0]))]
    addressees = [(row[0], row[1], addressee_of(session, row[0])) for row in fitting]
    written = [found for found in addressees if found[2].email]
    return {
        "samples": _samples(session, sender, written, kind),
        "written": written,
        "unreachable": [found for found in addressees if not found[2].email],
        "skipped": len(rows) - len(fitting),
        "by_language": Counter(found[2].language for found in written),
    }


def _samples(session: Session, sender: Actor, written: list[Any], kind: Kind) -> list[tuple[str, Letter]]:
    """(name of the language, letter): the first of each language, with dots for the link."""
    office, until = session.get_one(Office, sender.office_id), (now() + timedelta(days=LINK_DAYS)).date()
    firsts: dict[str, Letter] = {}
    for listing, _person, to in written:
        ask_first = letters.request if ask_kind(listing) == "request" else letters.reconfirmation
        wording = letters.reminder if kind == "remind" else ask_first
        firsts.setdefault(to.language, wording(to, office, "https://…", until))
    return [(LANGUAGES[language], letter) for language, letter in firsts.items()]


@router.post("/letters", name="listings:ask")
def ask(
    request: Request, session: Sess, sender: LetterSender, form: Annotated[Form[SelectionForm], posted(SelectionForm)]
) -> Response:
    reminding = form.values.get("kind") == "remind"
    kind, act = (REMINDERS, remind) if reminding else (CONSENT_LETTERS, request_consent)
    if not form.errors and wants_approval(session, sender, kind, form.data.ids):
        return draft_page(request, session, sender, Proposed(kind, form.data.ids))
    base_url = settings_of(request).base_url
    asked = form.attempt(session, lambda s, a, data: act(s, a, base_url, data.ids), sender)
    _tell(request, asked or Asked())
    return go(request, "listings:list")


def _tell(request: Request, asked: Asked) -> None:
    if asked.letters:
        said = ngettext("%(num)s letter is in the outbox.", "%(num)s letters are in the outbox.", asked.letters)
        flash(request, said)
    if lost := len(asked.without_address):
        text = ngettext("%(num)s person has no address; see the worklist.", "%(num)s people have no address.", lost)
        flash(request, text, "warn")
    if not asked.letters and not asked.without_address:
        flash(request, _("Nobody was to be asked: no letter was written."), "warn")


@router.post("/{listing_id}/link", name="listings:link")
def personal_link(request: Request, session: Sess, sender: LetterSender, listing_id: UUID) -> Response:
    """The secret is shown once, here; only its hash is kept."""
    listing: Listing = own_listing(session, sender, listing_id)
    address = make_link(session, sender, settings_of(request).base_url, listing)
    letter = _on_paper(session, listing, address)
    path, side = qr_path(address)
    return page(
        request,
        "listings/link",
        listing=listing,
        address=address,
        letter=letter,
        qr=path,
        side=side,
        days=LINK_DAYS,
    )


def _on_paper(session: Session, listing: Listing, address: str) -> Letter:
    """What the mail would have said, in the person's language."""
    office = session.get_one(Office, listing.office_id)
    until = (now() + timedelta(days=LINK_DAYS)).date()
    wording = letters.request if listing.confirmed_at is None else letters.reconfirmation
    return wording(addressee_of(session, listing), office, address, until)


@router.post("/{listing_id}/address", name="listings:address")
def new_address(
    request: Request,
    session: Sess,
    editor: ListingEditor,
    listing_id: UUID,
    form: Annotated[Form[AddressForm], posted(AddressForm)],
) -> Response:
    form.attempt(session, add_address, editor, own_listing(session, editor, listing_id))
    flash(request, *((form.problems[0][1], "error") if form.errors else (_("The address has been added."), "ok")))
    return go(request, "listings:worklist")
