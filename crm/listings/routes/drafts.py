"""Entries for everybody whom an import brought, in one step."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import ListingProposer
from crm.core.db import Sess
from crm.core.i18n import ngettext
from crm.core.routing import Router
from crm.core.web import flash, go
from crm.listings.actions.drafting import draft_for_import

router = Router(prefix="/listings")


@router.post("/from-import/{file_id}", name="listings:draft_import")
def draft_import(request: Request, session: Sess, proposer: ListingProposer, file_id: UUID) -> Response:
    number = draft_for_import(session, proposer, file_id)
    flash(request, ngettext("%(num)s entry is drafted.", "%(num)s entries are drafted.", number))
    return go(request, "listings:list", query={"state": "draft"})
