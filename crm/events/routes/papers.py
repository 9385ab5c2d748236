"""Seats, order of precedence, and paper."""

from collections import defaultdict
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.responses import Response

from crm.accounts.access import EventEditor, EventInviter
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.errors import Refused
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.events import documents
from crm.events.actions.seating import SeatForm, seat, set_desks, suggested_order
from crm.events.actions.sending import door_address
from crm.events.forms import DesksForm
from crm.events.models import Event, Guest
from crm.events.queries.desks import by_desk
from crm.events.queries.events import editable_event, own_event
from crm.events.queries.guests import companions_where

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
    beside = companions_where(session, col(Guest.event_id) == event.id)
    data = documents.guest_list(event, documents.guests_for_paper(session, event, by=by), beside, by)
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
def cards_pdf(request: Request, session: Sess, sender: EventInviter, event_id: UUID) -> Response:
    """The invitation on paper for everybody without an address; each with a personal link made for it."""
    event = own_event(session, sender, event_id)
    unreached = col(Guest.email).is_(None) & col(Guest.assistant).is_(None) & col(Guest.reply).is_(None)
    without = select(Guest).where(col(Guest.event_id) == event.id, unreached).order_by(col(Guest.sort_key))
    guests = session.execute(without).scalars().all()
    base_url = settings_of(request).base_url
    addresses = [door_address(session, guest, event, base_url, sender) for guest in guests]
    data = documents.cards(session, event, guests, addresses)
    if not data["cards"]:
        raise Refused(_("There is nobody without an address, or the text of the invitation has not been saved yet."))
    return file_of(pdf("events/cards", data), "invitations.pdf")
