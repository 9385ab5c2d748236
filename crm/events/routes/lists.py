"""Lists that are taken out: the guest list as a spreadsheet, and what the caterer and the venue need to know."""

from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from crm.accounts.access import EventEditor
from crm.accounts.journal import record
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.routing import Router
from crm.core.web import page
from crm.events.documents import careful_note, needs_list
from crm.events.exporting import MEDIA_TYPES, as_file, guest_table, needs_table
from crm.events.forms import GuestFile
from crm.events.models.guests import called
from crm.events.queries.events import editable_event
from crm.events.queries.needs import careful, deleted_by, needs_of

router = Router(prefix="/events")


def taken_out(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(content, media_type=MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)


@router.post("/{event_id}/guests/table", name="events:guest_table")
def table(
    _request: Request, session: Sess, editor: EventEditor, event_id: UUID, wanted: Annotated[GuestFile, Query()]
) -> Response:
    """What the list's address asks for. Posted, for it is written down who took it out."""
    event = editable_event(session, editor, event_id)
    rows = guest_table(session, editor, event, wanted)
    record(session, editor, "exported", event, {"guests": "", "format": wanted.kind, "rows": len(rows[1])})
    return taken_out(as_file(wanted.kind, rows), f"guests.{wanted.kind}")


@router.get("/{event_id}/needs", name="events:needs")
def needs(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    asked = needs_of(session, event)
    note = careful_note(event) if careful(asked) else ""
    return page(request, "events/needs", event=event, asked=asked, note_text=note, called=called)


@router.post("/{event_id}/needs", name="events:needs_file")
def needs_file(
    _request: Request, session: Sess, editor: EventEditor, event_id: UUID, kind: Literal["pdf", "csv", "xlsx"] = "pdf"
) -> Response:
    """Its name says until when it may be kept."""
    event = editable_event(session, editor, event_id)
    asked = needs_of(session, event)
    record(session, editor, "exported", event, {"needs": "", "format": kind})
    content = (
        pdf("events/needs", needs_list(event, asked)) if kind == "pdf" else as_file(kind, needs_table(event, asked))
    )
    kept = f"-delete-by-{deleted_by(event)}" if careful(asked) else ""
    return taken_out(content, f"needs{kept}.{kind}")
