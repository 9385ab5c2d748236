"""Publishing many entries at once: first what would become public, then it does."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from crm.accounts.access import ListingPublisher
from crm.approvals.queries import needs_approval
from crm.approvals.routes import draft_page
from crm.core.contributions import Proposed
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.listings.actions.publishing import PUBLICATION, publish_all
from crm.listings.forms import SelectionForm
from crm.listings.models import ListingState
from crm.listings.queries.lists import listings_of

router = Router(prefix="/listings")


@router.get("/publish/check", name="listings:publish_check")
def check(
    request: Request, session: Sess, publisher: ListingPublisher, ids: Annotated[list[UUID] | None, Query()] = None
) -> Response:
    """What would become public; nothing does yet."""
    chosen = set(ids or [])
    rows = [(listing, person) for listing, person in session.execute(listings_of(publisher)) if listing.id in chosen]
    ready = [row for row in rows if row[0].state is ListingState.AGREED]
    return page(request, "listings/publish", ready=ready, others=[row for row in rows if row not in ready])


@router.post("/publish", name="listings:publish_all")
def publish_chosen(
    request: Request,
    session: Sess,
    publisher: ListingPublisher,
    form: Annotated[Form[SelectionForm], posted(SelectionForm)],
) -> Response:
    ids = form.data.ids if not form.errors else []
    if ids and needs_approval(session, publisher.office_id, PUBLICATION):
        return draft_page(request, session, publisher, Proposed(PUBLICATION, ids))
    done, refused = publish_all(session, publisher, ids)
    flash(request, ngettext("%(num)s entry is public.", "%(num)s entries are public.", done), "ok" if done else "warn")
    for name, why in refused:
        flash(request, _("%(name)s: %(reason)s", name=name, reason=why), "warn")
    return go(request, "listings:list", query={"state": "agreed"} if refused else None)
