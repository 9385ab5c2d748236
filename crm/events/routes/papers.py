"""Seats, order of precedence, paper, and the report."""

from collections import defaultdict
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Request
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.responses import Response

from crm.accounts.access import EventEditor, EventInviter, EventReader
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.errors import Refused
from crm.core.forms import Form, posted
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.events import documents
from crm.events.actions.reporting import feedback_on, report_of, write_report
from crm.events.actions.seating import SeatForm, seat, set_desks, suggested_order
from crm.events.actions.sending import door_address, occasion_of
from crm.events.forms import DesksForm, ReportForm, boxes_of
from crm.events.models import Event, EventReport, Guest
from crm.events.queries.desks import by_desk
from crm.events.queries.events import editable_event, event_of, own_event
from crm.events.queries.guests import companions_where, counts_of
from crm.events.routes.planning import languages_of

router = Router(prefix="/events")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXTS = ("attendance", "summary", "feedback", "next_steps")


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
    data = documents.guest_list(event, documents.guests_for_paper(session, event, by=by), by)
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


@router.get("/{event_id}/report", name="events:report")
def report(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    stored = report_of(session, event)
    boxes = boxes_of(**{name: getattr(stored, name) for name in _TEXTS}) if stored else {}
    form = Form(ReportForm, {**boxes, "version": stored.version if stored else None})
    return _report_page(request, session, event, form, languages_of(session, editor, event))


def _report_page(
    request: Request, session: Session, event: Event, form: Form[ReportForm], spoken: dict[str, str]
) -> Response:
    counts, heard = counts_of(session, event), feedback_on(session, event)
    return page(
        request, "events/report", status=422 if form.errors else 200, event=event, form=form, counts=counts,
        spoken=[(code, spoken[code]) for code in event.languages], counted=documents.attendance(counts),
        heard=heard, average=round(sum(one.rating for one in heard) / len(heard), 1) if heard else 0,
    )  # fmt: skip


@router.post("/{event_id}/report", name="events:write_report")
def write(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[ReportForm], posted(ReportForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, write_report, editor, event)
    if form.errors:
        return _report_page(request, session, event, form, languages_of(session, editor, event))
    flash(request, _("The report has been saved."))
    return go(request, "events:report", event_id=event_id)


def _parts(session: Session, event: Event, language: str) -> dict[str, object]:
    stored = report_of(session, event) or EventReport(event_id=event.id)
    language = language if language in event.languages else current_language()
    heard = documents.survey_lines(session, event, language)
    return documents.report_parts(occasion_of(session, event), stored, counts_of(session, event), language, heard)


@router.get("/{event_id}/report.pdf", name="events:report_pdf")
def report_pdf(_request: Request, session: Sess, reader: EventReader, event_id: UUID, language: str = "") -> Response:
    event = event_of(session, reader, event_id)
    return file_of(pdf("events/report", _parts(session, event, language)), "report.pdf")


@router.get("/{event_id}/report.docx", name="events:report_docx")
def report_docx(_request: Request, session: Sess, reader: EventReader, event_id: UUID, language: str = "") -> Response:
    event = event_of(session, reader, event_id)
    return file_of(documents.report_docx(_parts(session, event, language)), "report.docx", _WORD)
