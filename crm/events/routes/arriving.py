"""The link of a poster: it names no language, so that whoever follows it is met in their own."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from babel import negotiate_locale
from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from crm.accounts.access import Public
from crm.core.db import Sess
from crm.core.i18n import GUEST_LANGUAGES, SOURCE_LANGUAGE
from crm.core.routing import Router
from crm.core.web import url_builder
from crm.events.models import Event
from crm.events.queries.events import public_event

router = Router(prefix="/events")


@router.get("/{event_id}/open", name="events:open")
def arrive(
    request: Request, session: Sess, _language: Public, event_id: UUID,
    source: Annotated[str, Query(max_length=60)] = "", interest: bool = False,
) -> Response:  # fmt: skip
    """``interest``: to the form for people who are interested in Japan."""
    event = public_event(session, event_id)
    language = language_among(event, request.headers.get("accept-language", ""))
    name = "events:interest" if interest and event.takes_interest else "events:public"
    address = url_builder(request)(name, language=language, event_id=event_id)
    query = f"?{urlencode({'source': source})}" if source else ""
    headers = {"Vary": "Accept-Language", "Cache-Control": "no-store"}
    return RedirectResponse(f"{address}{query}", 303, headers)


def language_among(event: Event, accepted: str) -> str:
    """What the browser likes best of what the event speaks; else English, else the event's first."""
    spoken = [code for code in event.languages if code in GUEST_LANGUAGES] or [SOURCE_LANGUAGE]
    wished = sorted((_wish(part) for part in accepted.split(",")), key=lambda wish: -wish[1])
    found = negotiate_locale([code for code, weight in wished if code and weight > 0], spoken, sep="-")
    return found or (SOURCE_LANGUAGE if SOURCE_LANGUAGE in spoken else spoken[0])


def _wish(part: str) -> tuple[str, float]:
    """``de-AT;q=0.8``."""
    code, _semicolon, weight = part.strip().partition(";q=")
    try:
        return code, float(weight or 1)
    except ValueError:
        return "", 0.0
