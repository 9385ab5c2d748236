"""A badge at the reception desk: looked at, corrected, printed one by one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, col
from starlette.responses import Response

from crm.accounts.access import Actor, EventEditor
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.events import documents
from crm.events.actions.badges import correct_badge
from crm.events.arriving import BadgeForm
from crm.events.models import Event, Guest
from crm.events.queries.events import editable_event
from crm.events.queries.guests import companions_of, companions_where, guest_of
from crm.events.routes.papers import file_of
from crm.people.queries.visible import is_visible

router = Router(prefix="/events")


@router.get("/{event_id}/guests/{guest_id}/badge", name="events:badge")
def badge(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID, q: str = "", at: str = ""
) -> Response:
    event = editable_event(session, editor, event_id)
    return _page(request, session, editor, event, guest_of(session, event, guest_id), way={"q": q[:300], "at": at[:60]})


def _page(
    request: Request, session: Session, editor: Actor, event: Event, guest: Guest, *, way: dict[str, str],
    form: Form[BadgeForm] | None = None,
) -> Response:  # fmt: skip
    """The guest's, and one for each whom they bring."""
    said: list[dict[str, Any]] = [{**guest.on_badge, "place": 0}]
    said += [{"name": one.name, "place": one.place} for one in companions_of(session, guest)]
    forms = [Form(BadgeForm, {**each, **way}) for each in said]
    if form:
        forms = [form if str(each.values["place"]) == str(form.values.get("place") or 0) else each for each in forms]
    known = guest.person_id is not None and is_visible(session, editor, guest.person_id)
    return page(
        request, "events/badge", status=422 if form else 200, event=event, guest=guest, forms=forms, way=way,
        known=known and editor.may("tasks_edit"),
    )  # fmt: skip


@router.post("/{event_id}/guests/{guest_id}/badge", name="events:correct_badge")
def correct(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID,
    form: Annotated[Form[BadgeForm], posted(BadgeForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    guest = guest_of(session, event, guest_id)
    form.attempt(session, correct_badge, editor, event, guest)
    way = {name: str(form.values.get(name) or "") for name in ("q", "at")}
    if form.errors:
        return _page(request, session, editor, event, guest, way=way, form=form)
    where = {"event_id": event_id, "guest_id": guest_id}
    if form.data.then == "print":
        return go(request, "events:badge_pdf", **where, query={"place": form.data.place})
    flash(request, _("The badge has been corrected."))
    return go(request, "events:badge", **where, query=way)


@router.get("/{event_id}/guests/{guest_id}/badge.pdf", name="events:badge_pdf")
def badge_pdf(
    _request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID, place: int | None = None
) -> Response:
    """One badge on a sheet of its own size; without ``place`` also those of the guests whom they bring."""
    event = editable_event(session, editor, event_id)
    guest = guest_of(session, event, guest_id)
    made = documents.badges(event, [guest], companions_where(session, col(Guest.id) == guest.id))
    wanted = [one for one in made["badges"] if place in (None, one["place"])]
    if not wanted:
        raise Missing()
    return file_of(pdf("events/badges", {**made, "badges": wanted, "single": True}), "badge.pdf")
