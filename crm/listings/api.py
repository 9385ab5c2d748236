"""A mission's entries on the PI map, for programs; what is public is open to everybody elsewhere."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from crm.accounts.access import Actor
from crm.accounts.models import Scope
from crm.accounts.permissions import Permission
from crm.accounts.programs import Program
from crm.core.api import ROOT, IfMatch, Limit, PageOut, answers, check_match, versioned
from crm.core.db import Sess
from crm.core.paging import PER_PAGE
from crm.core.routing import Router
from crm.listings.actions.drafting import choose_fields
from crm.listings.actions.moves import own_listing
from crm.listings.fields import ListingField
from crm.listings.forms import FieldsForm
from crm.listings.models import Listing, ListingState
from crm.listings.queries.lists import list_entries, listing_of

router = Router(prefix=f"{ROOT}/listings")
ListingProgram = Annotated[Actor, Depends(Program(Scope.LISTINGS_READ, Permission.LISTINGS_VIEW))]


ListingWriter = Annotated[Actor, Depends(Program(Scope.LISTINGS_WRITE, Permission.LISTINGS_EDIT))]


class ListingPatch(BaseModel):
    """Which parts the entry is to show; what the person has agreed to is theirs."""

    fields: list[ListingField]


class ListingOut(BaseModel):
    id: UUID
    version: int
    person_id: UUID
    state: ListingState
    fields: list[str]
    confirmed_at: datetime | None
    confirm_by: datetime | None
    published_at: datetime | None


def told(listing: Listing) -> ListingOut:
    return ListingOut(**{name: getattr(listing, name) for name in ListingOut.model_fields})


@router.get("", name="listings:api_list", responses=answers(401, 403, 422, 503))
def listings(
    session: Sess,
    program: ListingProgram,
    state: ListingState | None = None,
    after: str | None = None,
    limit: Limit = PER_PAGE,
) -> PageOut[ListingOut]:
    lines, following = list_entries(session, program, state, after, limit)
    return PageOut[ListingOut](items=[told(line.listing) for line in lines], next=following)


@router.get("/{listing_id}", response_model=ListingOut, name="listings:api_one",
            responses={304: {"description": "Not modified"}, **answers(401, 403, 404, 422, 503)})  # fmt: skip
def listing(request: Request, session: Sess, program: ListingProgram, listing_id: UUID) -> Response:
    found, _person = listing_of(session, program, listing_id)
    return versioned(request, told(found))


@router.patch("/{listing_id}", response_model=ListingOut, name="listings:api_change",
              responses=answers(400, 401, 403, 404, 409, 412, 422, 428, 503))  # fmt: skip
def change(
    request: Request, session: Sess, program: ListingWriter, listing_id: UUID, patch: ListingPatch,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    found = own_listing(session, program, listing_id)
    check_match(if_match, told(found))
    choose_fields(session, program, found, FieldsForm(proposed=patch.fields))
    session.flush()
    return versioned(request, told(found))
