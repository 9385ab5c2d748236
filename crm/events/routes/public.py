"""Events that anybody may see, and signing up for those that are open."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, col
from starlette.responses import Response

from crm.accounts.access import Public
from crm.core.columns import now
from crm.core.db import Sess, database_of
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.rates import count_against
from crm.core.web import flash, go, page, settings_of
from crm.events.actions.answering import register
from crm.events.actions.sending import door_address, occasion_of, post_to, was_written_to
from crm.events.forms import RegisterForm
from crm.events.letters import calendar_entry, registered
from crm.events.models import Admission, Event, Mode
from crm.events.queries.events import public_event, public_events
from crm.events.routes.deciding import replies_of
from crm.events.routes.door import CALENDAR
from crm.events.structured import event_data
from crm.listings.public.kept import Kept, answer_of
from crm.listings.routes.public.tongue import guest_router

router = guest_router()
MOST_AN_HOUR = 30
"""From one address: a laboratory signs up together."""
LATELY = timedelta(hours=1)


@router.get("/events", name="events:public_list")
def listing(request: Request, session: Sess, _language: Public) -> Response:
    coming = public_events().where(col(Event.ends_at) > now()).order_by(col(Event.starts_at))
    past = public_events().where(col(Event.ends_at) <= now()).order_by(col(Event.starts_at).desc()).limit(20)
    return page(request, "events/public_list", coming=session.execute(coming).all(), past=session.execute(past).all())


@router.get("/events/{event_id}", name="events:public")
def show(request: Request, session: Sess, language: Public, event_id: UUID, source: str = "") -> Response:
    """Kept until the event changes, begins or ends; how many have registered is no part of it."""
    event = public_event(session, event_id)
    form = Form.of(RegisterForm, source=source[:60])
    version = f"{event.id} {event.version} {event.takes_answers} {event.is_over}"
    return answer_of(request, version, _kept(request), lambda _: _page(request, session, language, event, form))


def _kept(request: Request) -> Kept:
    state = request.app.state
    if not hasattr(state, "events_kept"):
        state.events_kept = Kept()
    kept: Kept = state.events_kept
    return kept


def _page(request: Request, session: Session, language: str, event: Event, form: Form[RegisterForm]) -> Response:
    occasion = occasion_of(session, event)
    said, address = occasion.values(language), f"{settings_of(request).base_url}/{language}/events/{event.id}"
    is_open = event.admission is Admission.REGISTRATION and event.takes_answers
    form.values.setdefault("reply", "online" if event.mode is Mode.ONLINE else "in_person")
    return page(
        request, "events/public", status=422 if form.errors else 200, event=event, occasion=occasion,
        said=said, form=form, is_open=is_open, replies=_choices(event), shared=_shared(event, said, address),
        structured=event_data(occasion, language, address),
    )  # fmt: skip


def _shared(event: Event, said: dict[str, str], address: str) -> dict[str, str]:
    """For messengers; the picture has another address when the event has changed, for they keep it."""
    line = " · ".join(filter(None, [said["when"], said["venue"], said["host"]]))
    return {"address": address, "picture": f"{address}/share.png?v={event.version}", "line": line}


def _choices(event: Event) -> list[tuple[str, str]]:
    """One registers to come; nobody registers a no or a substitute."""
    return [each for each in replies_of(event) if each[0] in ("in_person", "online")]


@router.post("/events/{event_id}", name="events:register")
def sign_up(
    request: Request, session: Sess, language: Public, event_id: UUID,
    form: Annotated[Form[RegisterForm], posted(RegisterForm)],
) -> Response:  # fmt: skip
    if not form.errors:
        client = request.client.host if request.client else "-"
        count_against(database_of(request), "register", client, most=MOST_AN_HOUR, per=timedelta(hours=1))
    event = public_event(session, event_id)
    guest = form.attempt(session, lambda s, data: register(s, event, data))
    if guest is None:
        return _page(request, session, language, event, form)
    if not was_written_to(session, guest, LATELY):
        address = door_address(session, guest, event, settings_of(request).base_url)
        post_to(session, guest, event, registered(guest, occasion_of(session, event), address))
    # The same words for an address that is registered already: nobody learns who comes.
    flash(request, _("Thank you. We have sent a letter to %(email)s with your personal link.", email=guest.email))
    return go(request, "events:public", language=language, event_id=event_id)


@router.get("/events/{event_id}/event.ics", name="events:public_calendar")
def calendar(_request: Request, session: Sess, language: Public, event_id: UUID) -> Response:
    text: Any = calendar_entry(occasion_of(session, public_event(session, event_id)), language)
    headers = {"Content-Disposition": 'attachment; filename="event.ics"'}
    return Response(text, media_type=CALENDAR, headers=headers)
