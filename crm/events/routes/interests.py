"""Interested in Japan, at an event: the form of the host's office, which says through which event and link one came."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Public
from crm.accounts.models import Office
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.web import go
from crm.events.queries.events import public_event
from crm.listings.actions.interests import InterestDoor
from crm.listings.forms import InterestForm
from crm.listings.routes.interests import count, first_form, show_form, take_in
from crm.listings.routes.public.tongue import public_router

router = public_router()


def _door(session: Session, language: str, event_id: UUID) -> InterestDoor:
    event = public_event(session, event_id)
    office = session.get_one(Office, event.office_id)
    return InterestDoor(office, language, event.takes_interest, event.id, event.title)


@router.get("/events/{event_id}/interest", name="events:interest")
def interest_page(
    request: Request, session: Sess, language: Public, event_id: UUID, source: str = "", sent: bool = False
) -> Response:  # fmt: skip
    door = _door(session, language, event_id)
    return show_form(request, door, first_form(door, source), sent)


@router.post("/events/{event_id}/interest", name="events:interested")
def interested(
    request: Request, session: Sess, language: Public, event_id: UUID,
    form: Annotated[Form[InterestForm], posted(InterestForm)],
) -> Response:  # fmt: skip
    count(request, form)
    door = _door(session, language, event_id)
    if not take_in(request, session, door, form):
        return show_form(request, door, form)
    return go(request, "events:interest", language=language, event_id=event_id, query={"sent": "true"})
