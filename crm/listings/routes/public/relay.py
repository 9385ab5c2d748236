"""Writing to a listed person: a form, a letter to check the sender, then the message leaves."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Public
from crm.accounts.links import find_link
from crm.accounts.models import LinkPurpose
from crm.core.columns import now
from crm.core.db import Sess, database_of
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.rates import count_against
from crm.core.web import go, page, settings_of, url_builder
from crm.listings.actions.relay import deliver, keep_message, message_of, takes_messages
from crm.listings.forms import MessageForm
from crm.listings.models import Snapshot
from crm.listings.public import queries
from crm.listings.public.entries import Entry
from crm.listings.routes.public.people import words
from crm.listings.routes.public.tongue import public_router

router = public_router()
FROM_ONE_PLACE, TO_ONE_PERSON = 5, 20
"""Messages an hour, messages a day."""


def _writable(session: Session, slug: str) -> Snapshot:
    found = queries.snapshots_by_slugs(session, now(), [slug])
    if not found or not takes_messages(session, found[0]):
        raise Missing()
    return found[0]


def _shown(request: Request, session: Session, snapshot: Snapshot, status: int = 200, **context: Any) -> Response:
    entry = Entry(snapshot, words(session))
    return page(request, "listings/public_message", status=status, entry=entry, **context)


@router.get("/map/{slug}/message", name="listings:message")
def write(request: Request, session: Sess, _language: Public, slug: str, sent: bool = False) -> Response:
    return _shown(request, session, _writable(session, slug), form=Form(MessageForm), sent=sent)


@router.post("/map/{slug}/message", name="listings:message_kept")
def written(
    request: Request, language: Public, slug: str, form: Annotated[Form[MessageForm], posted(MessageForm)]
) -> Response:
    """Counts first, in transactions of their own; then writes."""
    database = database_of(request)
    if not form.errors:
        client = request.client.host if request.client else "-"
        count_against(database, "message", client, most=FROM_ONE_PLACE, per=timedelta(hours=1))
        count_against(database, "message_to", slug, most=TO_ONE_PERSON, per=timedelta(days=1))
    begins = settings_of(request).base_url + url_builder(request)("listings:message_check", language=language, token="")
    with database.writing() as session:
        snapshot = _writable(session, slug)
        form.attempt(session, keep_message, snapshot, begins, language)
        if form.errors:
            return _shown(request, session, snapshot, 422, form=form, sent=False)
    return go(request, "listings:message", language=language, slug=slug, query={"sent": "true"})


@router.get("/message/{token}", name="listings:message_check")
def check(request: Request, session: Sess, _language: Public, token: str, sent: bool = False) -> Response:
    """Looking sends nothing: programs that check mail open every link."""
    message = None if sent else message_of(session, find_link(session, LinkPurpose.RELAY, token))
    return page(request, "listings/public_message_check", message=message, token=token)


@router.post("/message/{token}", name="listings:message_sent")
def send(request: Request, session: Sess, language: Public, token: str) -> Response:
    deliver(session, find_link(session, LinkPurpose.RELAY, token))
    return go(request, "listings:message_check", language=language, token=token, query={"sent": "true"})
