"""The invitation of one guest, once more: to an address that has not had it."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import EventInviter
from crm.core.db import Sess
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, settings_of
from crm.events.actions.inviting import invite_again
from crm.events.queries.events import own_event
from crm.events.queries.guests import guest_of

router = Router(prefix="/events")


@router.post("/{event_id}/guests/{guest_id}/invite-again", name="events:invite_again")
def again(request: Request, session: Sess, sender: EventInviter, event_id: UUID, guest_id: UUID) -> Response:
    event = own_event(session, sender, event_id)
    invite_again(session, sender, event, guest_of(session, event, guest_id), settings_of(request).base_url)
    flash(request, _("The invitation is in the outbox, to the new address."))
    return go(request, "events:guest", event_id=event_id, guest_id=guest_id)
