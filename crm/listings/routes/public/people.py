from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Public
from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.i18n import lazy_gettext as _l
from crm.core.web import page, settings_of
from crm.listings.actions.relay import takes_messages
from crm.listings.public import queries
from crm.listings.public.entries import Entry, Words
from crm.listings.public.errors import Gone
from crm.listings.public.ordering import in_order
from crm.listings.public.structured import person_data
from crm.listings.routes.public.tongue import public_router

router = public_router()
Ids = Annotated[Sequence[str], Query()]
_LONGEST_SHORTLIST = 100


def words(session: Session) -> Words:
    return Words(queries.offices(session), queries.public_terms(session))


def entries_of(session: Session, office: Office, order: str) -> list[Entry]:
    """The mission's public entries, in that order."""
    known = words(session)
    return in_order([Entry(found, known) for found in queries.snapshots_of_mission(session, now(), office)], order)


@router.get("/map/{slug}", name="listings:person")
def show_person(request: Request, session: Sess, _language: Public, slug: str) -> Response:
    found = queries.snapshots_by_slugs(session, now(), [slug])
    if not found:
        if queries.was_public(session, slug):
            raise Gone(_l("This entry has been withdrawn or is no longer confirmed."))
        raise Missing()
    entry = Entry(found[0], words(session))
    data = person_data(entry) if entry.snapshot.search_engines else None
    response = page(
        request,
        "listings/public_person",
        entry=entry,
        data=data,
        base_url=settings_of(request).base_url,
        writable=takes_messages(session, found[0]),
    )
    response.headers["Cache-Control"] = "no-cache"
    if data is None:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@router.get("/shortlist", name="listings:shortlist")
def show_shortlist(request: Request, session: Sess, _language: Public, ids: Ids = ()) -> Response:
    """``ids``: slugs, each alone or with commas between, so that the address is the list."""
    slugs = [slug for slug in dict.fromkeys(",".join(ids).replace("\0", "").split(",")) if slug][:_LONGEST_SHORTLIST]
    entries = [Entry(found, words(session)) for found in queries.snapshots_by_slugs(session, now(), slugs)]
    return page(
        request,
        "listings/public_shortlist",
        entries=entries,
        missing=len(slugs) - len(entries),
        address=settings_of(request).base_url + request.url.path + "?ids=" + ",".join(entry.slug for entry in entries),
    )
