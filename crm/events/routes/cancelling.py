"""Cancelling an event: what it means is shown first; the letter that tells of it comes next."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import EventEditor
from crm.core.db import Sess
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.events.actions import cancelling
from crm.events.models import LetterKind
from crm.events.queries.events import own_event
from crm.events.queries.guests import counts_of
from crm.events.queries.sending import mailing_of, plan_of, waiting_count

router = Router(prefix="/events")


@router.get("/{event_id}/cancel", name="events:cancel_page")
def ask(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = own_event(session, editor, event_id)
    plan = plan_of(session, event, mailing_of(session, event, LetterKind.CANCELLATION))
    return page(
        request, "events/cancel", event=event, counts=counts_of(session, event), waiting=waiting_count(session, event),
        told=plan.letters, by_hand=plan.unreachable,
    )  # fmt: skip


@router.post("/{event_id}/cancel", name="events:cancel")
def cancel(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    cancelling.cancel_event(session, editor, own_event(session, editor, event_id))
    flash(request, _("The event is cancelled; the personal pages say so, and no letter leaves any more."), "warn")
    if editor.may("events_invite"):
        return go(request, "events:letters", event_id=event_id, query={"kind": LetterKind.CANCELLATION.value})
    return go(request, "events:detail", event_id=event_id)


@router.post("/{event_id}/reopen", name="events:reopen")
def reopen(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    cancelling.reopen_event(session, editor, own_event(session, editor, event_id))
    return go(request, "events:detail", event_id=event_id)
