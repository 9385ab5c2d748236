"""受付: letting people in, with and without a network, and the numbers of the evening."""

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field
from sqlmodel import Session, col
from starlette.responses import JSONResponse, Response

from crm.accounts.access import Actor, EventEditor, Public
from crm.core.columns import now
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.paths import STATIC
from crm.core.routing import Router
from crm.core.templates import static_url
from crm.core.web import flash, page, redirect, url_builder
from crm.events.actions.receiving import Arrival, check_in, put_on_list, take_back, walk_in
from crm.events.arriving import DoorForm, WalkInForm
from crm.events.models import Event, Guest
from crm.events.queries.door import (
    beside,
    door_list,
    guests_of_honour,
    inside_by_guest,
    latest_arrivals,
    new_at_door,
    state_at_door,
    undone_by_guest,
)
from crm.events.queries.events import editable_event
from crm.events.queries.guests import companions_where, counts_of, find_guests, guest_of, inside_count

router = Router(prefix="/events")
MOST = 20
OVERLAP = timedelta(seconds=30)
"""A door may commit a little later than it says."""


class Said(BaseModel):
    """An arrival as a device tells it, or that it was a mistake."""

    guest: UUID
    place: int = Field(ge=0, le=20)
    at: datetime
    door: str = Field(default="", max_length=60)
    undone: bool = False
    name: str = Field(default="", max_length=300)
    """Of somebody who was not on the list; ``guest`` is then an id that the device has made."""
    institution: str = Field(default="", max_length=300)


class Sent(BaseModel):
    arrivals: list[Said] = Field(max_length=5000)
    since: datetime | None = None
    """By the server's clock, when the device was last told who is inside; all of them without it."""
    known: datetime | None = None
    """When it was last told who is on the list; asked only while nobody comes in, so that no guest waits for it."""


@router.get("/door/worker.js", name="events:door_worker")
def worker(_request: Request, _language: Public) -> Response:
    """The service worker that keeps the page of the door for when the network is gone."""
    headers = {"Service-Worker-Allowed": "/events/", "Cache-Control": "no-cache"}
    return Response((STATIC / "js" / "door-worker.js").read_bytes(), headers=headers, media_type="text/javascript")


@router.get("/{event_id}/door/app.webmanifest", name="events:door_manifest")
def manifest(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    """So that the desk can be put on the home screen of a phone."""
    event = editable_event(session, editor, event_id)
    address = url_builder(request)("events:door", event_id=event.id)
    told = {
        "name": _("Reception desk: %(event)s", event=event.name), "short_name": _("Reception desk"),
        "start_url": address, "scope": "/events/", "display": "standalone",
        "icons": [{"src": static_url("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }  # fmt: skip
    return JSONResponse(told, media_type="application/manifest+json")


@router.get("/{event_id}/door", name="events:door")
def door(request: Request, session: Sess, editor: EventEditor, event_id: UUID, q: str = "", at: str = "") -> Response:
    event = editable_event(session, editor, event_id)
    response = _page(request, session, event, q[:300], at[:60])
    response.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return response


def _page(
    request: Request, session: Session, event: Event, q: str, at: str, form: Form[WalkInForm] | None = None
) -> Response:
    found = find_guests(session, event, q, MOST) if q else []
    ids = [guest.id for guest in found]
    inside = inside_by_guest(session, event, ids=ids)
    companions = companions_where(session, col(Guest.id).in_(ids))
    return page(
        request, "events/door", status=422 if form and form.errors else 200, event=event, q=q, at=at,
        found=[(one, beside(one, companions.get(one.id, [])), inside.get(one.id, [])) for one in found],
        counts=counts_of(session, event), form=form or Form.of(WalkInForm, door=at), state_of=state_at_door,
    )  # fmt: skip


@router.post("/{event_id}/door", name="events:let_in")
def let_in(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[DoorForm], posted(DoorForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    guest = guest_of(session, event, form.data.guest)
    check_in(session, editor, event, [Arrival(guest.id, form.data.place, now(), form.data.door)])
    flash(request, _("%(name)s has come in.", name=guest.badge_name))
    return _back(request, event, form.data.q, form.data.door)


def _back(request: Request, event: Event, q: str, at: str) -> Response:
    address = url_builder(request)("events:door", event_id=event.id)
    return redirect(request, f"{address}?{_query(q, at)}")


def _query(q: str, at: str) -> str:
    return urlencode({name: value for name, value in (("q", q), ("at", at)) if value})


@router.post("/{event_id}/door/undo", name="events:let_out")
def undo(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[DoorForm], posted(DoorForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    guest = guest_of(session, event, form.data.guest)
    take_back(session, editor, event, [Arrival(guest.id, form.data.place, now(), form.data.door)])
    flash(request, _("It has been undone."))
    return _back(request, event, form.data.q, form.data.door)


@router.post("/{event_id}/door/walk-in", name="events:walk_in")
def walked_in(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[WalkInForm], posted(WalkInForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    guest = form.attempt(session, walk_in, editor, event)
    if guest is None:
        return _page(request, session, event, "", str(form.values.get("door") or ""), form)
    flash(request, _("%(name)s has come in.", name=guest.name))
    return _back(request, event, guest.name, form.data.door)


@router.get("/{event_id}/door/list", name="events:door_list")
def kept_list(_request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    """For the device: the guests who may come, until when it may keep them, how many are inside."""
    event = editable_event(session, editor, event_id)
    return JSONResponse(_told(session, editor, event))


def _told(session: Session, editor: Actor, event: Event) -> dict[str, object]:
    return {
        "event": str(event.id), "user": str(editor.user_id), "until": event.ends_at.isoformat(),
        "inside": inside_count(session, event), "guests": door_list(session, event), "as_of": _now(),
    }  # fmt: skip


@router.post("/{event_id}/door/sync", name="events:door_sync")
def sync(_request: Request, session: Sess, editor: EventEditor, event_id: UUID, sent: Sent) -> Response:
    """What a device has noted while it was alone; told twice, it counts once."""
    event = editable_event(session, editor, event_id)
    new = _note(session, editor, event, [one for one in sent.arrivals if one.at.tzinfo])
    since, known = _before(sent.since), _before(sent.known)
    there = {str(id): places for id, places in inside_by_guest(session, event, since=since).items()}
    gone = {str(id): places for id, places in undone_by_guest(session, event, since or event.created_at).items()}
    told: dict[str, object] = {"new": new, "inside": inside_count(session, event), "there": there, "gone": gone}
    if known and not sent.arrivals:
        told["guests"] = new_at_door(session, event, known)
    return JSONResponse({**told, "as_of": _now()})


def _before(moment: datetime | None) -> datetime | None:
    return moment - OVERLAP if moment and moment.tzinfo else None


def _note(session: Session, editor: Actor, event: Event, told: list[Said]) -> int:
    arrivals, mistakes = (
        [
            Arrival(one.guest, one.place, one.at, one.door, one.name.strip(), one.institution.strip())
            for one in told
            if one.undone is undone
        ]
        for undone in (False, True)
    )
    put_on_list(session, editor, event, arrivals)
    if mistakes:
        take_back(session, editor, event, mistakes)
    return check_in(session, editor, event, arrivals)


def _now() -> str:
    return now().isoformat()


@router.get("/{event_id}/live", name="events:live")
def live(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    """The numbers of the evening, guests of honour first."""
    event = editable_event(session, editor, event_id)
    return page(
        request, "events/live", event=event, counts=counts_of(session, event),
        honoured=guests_of_honour(session, event), arrivals=latest_arrivals(session, event),
    )  # fmt: skip
