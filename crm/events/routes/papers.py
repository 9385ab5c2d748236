"""Seats, order of precedence, and paper."""

from collections import defaultdict
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, col
from starlette.responses import Response

from crm.accounts.access import EventEditor, EventInviter
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.errors import Refused
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.events import documents
from crm.events.actions.inviting import CardsForm, PostedForm, check_may_invite, note_posted, note_printed
from crm.events.actions.seating import SeatForm, seat, set_desks, suggested_order
from crm.events.actions.sending import door_address, needs_decision
from crm.events.envelopes import envelopes
from crm.events.forms import DesksForm
from crm.events.models import Event, Guest
from crm.events.queries.desks import by_desk
from crm.events.queries.events import editable_event, own_event
from crm.events.queries.guests import companions_where, guest_of
from crm.events.queries.paper import cards_due, cards_printed

router = Router(prefix="/events")


def file_of(content: bytes, name: str, media_type: str = "application/pdf") -> Response:
    disposition = f"inline; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


@router.get("/{event_id}/seats", name="events:seats")
def seats(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    return _seats_page(request, session, event, Form(DesksForm, {"desks": "\n".join(event.desks)}))


def _seats_page(request: Request, session: Session, event: Event, form: Form[DesksForm]) -> Response:
    guests = documents.guests_for_paper(session, event, by="table")
    tables: dict[str, list[Guest]] = defaultdict(list)
    for guest in guests:
        tables[guest.seat_at or ""].append(guest)
    desks, elsewhere = by_desk(event.desks, guests)
    return page(
        request, "events/seats", status=422 if form.errors else 200, event=event, tables=sorted(tables.items()),
        order=suggested_order(guests), desks=desks, elsewhere=elsewhere, form=form,
    )  # fmt: skip


@router.post("/{event_id}/seats", name="events:seat")
def seat_guests(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[SeatForm], posted(SeatForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    number = form.attempt(session, seat, editor, event)
    if form.errors:
        flash(request, form.problems[0][1], "error")
    elif number:
        flash(request, _("The change has been saved."))
    return go(request, "events:seats", event_id=event_id)


@router.post("/{event_id}/desks", name="events:desks")
def desks(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[DesksForm], posted(DesksForm)],
) -> Response:  # fmt: skip
    """Which reception desk receives whom."""
    event = editable_event(session, editor, event_id)
    form.attempt(session, set_desks, editor, event)
    if form.errors:
        return _seats_page(request, session, event, form)
    flash(request, _("The change has been saved."))
    return go(request, "events:seats", event_id=event_id)


@router.get("/{event_id}/guests.pdf", name="events:list_pdf")
def list_pdf(_request: Request, session: Sess, editor: EventEditor, event_id: UUID, by: str = "name") -> Response:
    event = editable_event(session, editor, event_id)
    companions = companions_where(session, col(Guest.event_id) == event.id)
    data = documents.guest_list(event, documents.guests_for_paper(session, event, by=by), companions, by)
    return file_of(pdf("events/guest_list", data), "guests.pdf")


@router.get("/{event_id}/guards.pdf", name="events:guards_pdf")
def guards_pdf(_request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    data = documents.guard_list(session, editable_event(session, editor, event_id))
    return file_of(pdf("events/guards", data), "guards.pdf")


@router.get("/{event_id}/badges.pdf", name="events:badges_pdf")
def badges_pdf(_request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    guests = documents.guests_for_paper(session, event)
    data = documents.badges(event, guests, companions_where(session, col(Guest.event_id) == event.id))
    if not data["badges"]:
        raise Refused(_("Nobody has said yet that they come."))
    return file_of(pdf("events/badges", data), "badges.pdf")


@router.post("/{event_id}/cards.pdf", name="events:cards_pdf")
def cards_pdf(
    request: Request, session: Sess, sender: EventInviter, event_id: UUID,
    form: Annotated[Form[CardsForm], posted(CardsForm)],
) -> Response:  # fmt: skip
    """The invitation on paper for everybody without an address, or for one guest; each with a personal link."""
    event = own_event(session, sender, event_id)
    guests = documents.with_text(session, event, _on_paper(session, event, form.data.guest))
    if not guests:
        raise Refused(_("There is nobody without an address, or the text of the invitation has not been saved yet."))
    note_printed(session, sender, event, guests)
    base_url = settings_of(request).base_url
    addresses = [door_address(session, guest, event, base_url, sender) for guest in guests]
    return file_of(pdf("events/cards", documents.cards(session, event, guests, addresses)), "invitations.pdf")


def _on_paper(session: Session, event: Event, guest_id: UUID | None) -> list[Guest]:
    if guest_id is None:
        return [] if event.cancelled_at else cards_due(session, event, decided=needs_decision(session, event))
    guest = guest_of(session, event, guest_id)
    check_may_invite(session, event, guest)
    return [guest]


@router.get("/{event_id}/envelopes.pdf", name="events:envelopes_pdf")
def envelopes_pdf(_request: Request, session: Sess, sender: EventInviter, event_id: UUID) -> Response:
    """For the cards that are printed and not noted as sent."""
    event = own_event(session, sender, event_id)
    guests = cards_printed(session, event)
    if not guests:
        raise Refused(_("No card has been printed that is still to be sent."))
    return file_of(pdf("events/envelopes", envelopes(session, event, guests)), "envelopes.pdf")


@router.post("/{event_id}/posted", name="events:posted")
def posted_cards(
    request: Request, session: Sess, sender: EventInviter, event_id: UUID,
    form: Annotated[Form[PostedForm], posted(PostedForm)],
) -> Response:  # fmt: skip
    """The cards have gone by post."""
    event = own_event(session, sender, event_id)
    number = form.attempt(session, note_posted, sender, event)
    if number is None:
        flash(request, form.problems[0][1], "error")
    else:
        said = ngettext(
            "%(num)s guest is noted as invited by post.", "%(num)s guests are noted as invited by post.", number
        )
        flash(request, said)
    return _back_to(request, event, form)


def _back_to(request: Request, event: Event, form: Form[PostedForm]) -> Response:
    guest_id = form.values.get("guest")
    if guest_id and not form.errors.get("guest"):
        return go(request, "events:guest", event_id=event.id, guest_id=guest_id)
    return go(request, "events:letters", event_id=event.id)
