"""The directory for programs."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from crm.accounts.access import Actor
from crm.accounts.models import Scope
from crm.accounts.permissions import Permission
from crm.accounts.programs import Program
from crm.core.api import ROOT, PageOut, answers, versioned
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.routing import Router
from crm.organisations.browsing import Wanted, directory
from crm.organisations.models import Organisation, OrganisationKind

router = Router(prefix=f"{ROOT}/organisations")
OrganisationProgram = Annotated[Actor, Depends(Program(Scope.ORGANISATIONS_READ, Permission.ORGANISATIONS_VIEW))]


class OrganisationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    kind: OrganisationKind
    ror: str | None
    city: str | None
    region: str | None
    country: str | None
    website: str | None


class OrganisationLine(BaseModel):
    """``name`` in the language of the request, where it is known."""

    id: UUID
    name: str
    ror: str | None


@router.get("", name="organisations:api_list", responses=answers(401, 403, 422, 503))
def organisations(
    session: Sess, _program: OrganisationProgram, q: Annotated[str, Query(max_length=200)] = "",
    country: Annotated[list[str], Query()] = [], after: str | None = None,  # noqa: B006 (FastAPI copies it)
) -> PageOut[OrganisationLine]:  # fmt: skip
    """By the beginning of any of their names' words, in any language."""
    page = directory(session, Wanted.read(q, country, []), after)
    items = [OrganisationLine(id=one.id, name=one.title, ror=one.ror) for one in page.items]
    return PageOut[OrganisationLine](items=items, next=page.next)


@router.get("/{organisation_id}", response_model=OrganisationOut, name="organisations:api_one",
            responses={304: {"description": "Not modified"}, **answers(401, 403, 404, 422, 503)})  # fmt: skip
def organisation(request: Request, session: Sess, _program: OrganisationProgram, organisation_id: UUID) -> Response:
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise Missing()
    return versioned(request, OrganisationOut.model_validate(found))
