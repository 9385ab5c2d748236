"""Who was in the online room."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import EventEditor
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.events.actions.attending import note_joined, set_joined, value_of
from crm.events.arriving import JoinedForm, RoomForm
from crm.events.models import Event
from crm.events.queries.attending import guests_who_joined, joined_in
from crm.events.queries.events import editable_event
from crm.events.queries.guests import counts_of, guest_of
from crm.imports.reading.encodings import decode
from crm.imports.reading.errors import Unreadable

router = Router(prefix="/events")


@router.get("/{event_id}/online", name="events:online")
def online(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    return _page(request, session, editable_event(session, editor, event_id), Form(RoomForm))


def _page(request: Request, session: Session, event: Event, form: Form[Any], found: Any = None) -> Response:
    return page(
        request, "events/online", status=422 if form.errors else 200, event=event, form=form, found=found,
        counts=counts_of(session, event), value_of=value_of,
    )  # fmt: skip


@router.post("/{event_id}/online", name="events:read_online")
def read(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[RoomForm], posted(RoomForm)],
) -> Response:  # fmt: skip
    """The list is read and shown; nothing happens yet."""
    event = editable_event(session, editor, event_id)
    if form.errors:
        return _page(request, session, event, form)
    joined = joined_in(_text(form.data), event)
    if not joined:
        form.errors["text"] = _("No names or addresses were found. Please paste the list with its headings.")
    return _page(request, session, event, form, guests_who_joined(session, event, joined))


def _text(data: RoomForm) -> str:
    if data.file is None or not data.file.filename:
        return data.text
    try:
        return decode(data.file.file.read(2_000_000))[0].lstrip("\ufeff")
    except Unreadable:
        return ""


@router.post("/{event_id}/online/note", name="events:note_online")
def note(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[JoinedForm], posted(JoinedForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    number = form.attempt(session, note_joined, editor, event)
    if number is None:
        return _page(request, session, event, _problem(form))
    flash(request, ngettext("%(num)s guest was online.", "%(num)s guests were online.", number))
    return go(request, "events:online", event_id=event_id)


def _problem(form: Form[JoinedForm]) -> Form[RoomForm]:
    shown = Form(RoomForm)
    shown.errors["text"] = form.problems[0][1]
    return shown


@router.post("/{event_id}/guests/{guest_id}/online/{joined}", name="events:joined")
def one(request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID, joined: bool) -> Response:
    """One guest was there, or was not after all."""
    event = editable_event(session, editor, event_id)
    set_joined(session, editor, event, guest_of(session, event, guest_id), joined=joined)
    flash(request, _("The change has been saved."))
    return go(request, "events:guest", event_id=event_id, guest_id=guest_id)
