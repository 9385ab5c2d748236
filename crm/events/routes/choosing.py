"""Putting everybody on the guest list whom a choice has found, after a look at how many these are."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, EventEditor
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import ngettext
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.events.actions.guests import add_everybody
from crm.events.forms import EverybodyForm
from crm.events.models import Event, Reserve
from crm.events.queries.choosing import found_by
from crm.events.queries.events import editable_event

router = Router(prefix="/events")


@router.get("/{event_id}/guests/everybody", name="events:everybody")
def everybody(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    """The address says who was found, as that of the choice does."""
    event = editable_event(session, editor, event_id)
    form = Form.of(EverybodyForm, query=request.url.query, reserve=Reserve.A.value)
    return _page(request, session, editor, event, form)


def _page(
    request: Request, session: Session, editor: Actor, event: Event, form: Form[EverybodyForm]
) -> Response:  # fmt: skip
    found = found_by(session, editor, event, str(form.values.get("query") or ""))
    return page(
        request, "events/everybody", status=422 if form.errors else 200, event=event, form=form, found=found,
        reserves=Reserve.options(),
    )  # fmt: skip


@router.post("/{event_id}/guests/everybody", name="events:add_everybody")
def add(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[EverybodyForm], posted(EverybodyForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    added = form.attempt(session, add_everybody, editor, event)
    if added is None:
        return _page(request, session, editor, event, form)
    flash(request, ngettext("%(num)s guest has been added.", "%(num)s guests have been added.", added.number))
    return go(request, "events:guests", event_id=event_id)
