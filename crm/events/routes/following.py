"""What becomes of a guest after the evening: a record, and the next thing to do."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import EventEditor, PeopleEditor
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, redirect, url_builder
from crm.events.actions.recording import give_record, likely_records
from crm.events.actions.reporting import set_outcome
from crm.events.following import next_step
from crm.events.forms import OutcomeForm, RecordForm
from crm.events.queries.events import editable_event
from crm.events.queries.guests import guest_of
from crm.people.queries.visible import is_visible

router = Router(prefix="/events")


@router.post("/{event_id}/guests/{guest_id}/outcome", name="events:outcome")
def outcome(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID,
    form: Annotated[Form[OutcomeForm], posted(OutcomeForm)],
) -> Response:  # fmt: skip
    """Kept, and on to the next step."""
    event = editable_event(session, editor, event_id)
    guest = guest_of(session, event, guest_id)
    form.attempt(session, set_outcome, editor, event, guest)
    known = guest.person_id is not None and is_visible(session, editor, guest.person_id)
    step = next_step(editor, event, guest) if known and not form.errors else None
    if step is None:
        flash(request, _("The change has been saved."))
        return go(request, "events:guest", event_id=event_id, guest_id=guest_id)
    flash(request, _("“%(outcome)s” is noted with the guest.", outcome=guest.outcome.label if guest.outcome else ""))
    return go(request, step[0], query=step[1])


@router.post("/{event_id}/guests/{guest_id}/record", name="events:give_record")
def give(
    request: Request, session: Sess, editor: EventEditor, _people: PeopleEditor, event_id: UUID, guest_id: UUID,
    form: Annotated[Form[RecordForm], posted(RecordForm)],
) -> Response:  # fmt: skip
    """At once, unless somebody like this is there already and nobody has said that they are another."""
    event = editable_event(session, editor, event_id)
    guest = guest_of(session, event, guest_id)
    back = url_builder(request)("events:guest", event_id=event_id, guest_id=guest_id)
    said = form.data
    if not said.person and not said.anew and likely_records(session, editor, guest):
        flash(request, _("Your records have somebody like this. Is it the same person?"), "warn")
        return redirect(request, f"{back}#record")
    form.attempt(session, give_record, editor, event, guest)
    for _field, problem in form.problems:
        flash(request, problem, "error")
    if not form.errors:
        flash(request, _("%(name)s has a record, with this event in its story.", name=guest.name))
    return redirect(request, back)
