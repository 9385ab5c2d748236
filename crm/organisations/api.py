"""The directory for programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.models import Scope
from crm.accounts.permissions import Permission
from crm.accounts.programs import Program
from crm.core.api import ROOT, IfMatch, Limit, PageOut, Patch, answers, check_match, merged, versioned
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.paging import PER_PAGE
from crm.core.routing import Router
from crm.organisations.actions import change_organisation
from crm.organisations.browsing import Wanted, directory
from crm.organisations.forms import OrganisationForm
from crm.organisations.models import Organisation, OrganisationKind
from crm.organisations.shown import filled_form, names_of

router = Router(prefix=f"{ROOT}/organisations")
OrganisationProgram = Annotated[Actor, Depends(Program(Scope.ORGANISATIONS_READ, Permission.ORGANISATIONS_VIEW))]


OrganisationWriter = Annotated[Actor, Depends(Program(Scope.ORGANISATIONS_WRITE, Permission.ORGANISATIONS_EDIT))]


class OrganisationOut(BaseModel):
    """``other_names``: one a line."""

    id: UUID
    name: str
    name_en: str
    name_ja: str
    other_names: str
    kind: OrganisationKind
    ror: str | None
    city: str | None
    region: str | None
    country: str | None
    website: str | None


class OrganisationPatch(Patch, OrganisationForm):
    """What is left out stays, null empties what may be empty; the version goes into If-Match."""


class OrganisationLine(BaseModel):
    """``name`` in the language of the request, where it is known."""

    id: UUID
    name: str
    ror: str | None


@router.get("", name="organisations:api_list", responses=answers(401, 403, 422, 503))
def organisations(
    session: Sess, _program: OrganisationProgram, q: Annotated[str, Query(max_length=200)] = "",
    country: Annotated[list[str], Query()] = [], after: str | None = None,  # noqa: B006 (FastAPI copies it)
    limit: Limit = PER_PAGE,
) -> PageOut[OrganisationLine]:  # fmt: skip
    """By the beginning of any of their names' words, in any language."""
    page = directory(session, Wanted.read(q, country, []), after, limit)
    items = [OrganisationLine(id=one.id, name=one.title, ror=one.ror) for one in page.items]
    return PageOut[OrganisationLine](items=items, next=page.next)


@router.get("/{organisation_id}", response_model=OrganisationOut, name="organisations:api_one",
            responses={304: {"description": "Not modified"}, **answers(401, 403, 404, 422, 503)})  # fmt: skip
def organisation(request: Request, session: Sess, _program: OrganisationProgram, organisation_id: UUID) -> Response:
    return versioned(request, told(*_stored(session, organisation_id)))


@router.patch("/{organisation_id}", response_model=OrganisationOut, name="organisations:api_change",
              responses=answers(400, 401, 403, 404, 409, 412, 422, 428, 503))  # fmt: skip
def change(
    request: Request, session: Sess, program: OrganisationWriter, organisation_id: UUID, patch: OrganisationPatch,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    found, values = _stored(session, organisation_id)
    check_match(if_match, told(found, values))
    change_organisation(session, program, found, merged(OrganisationForm, values, patch))
    session.flush()
    return versioned(request, told(*_stored(session, organisation_id)))


def _stored(session: Session, organisation_id: UUID) -> tuple[Organisation, dict[str, Any]]:
    """With what the form would show of it."""
    found = session.get(Organisation, organisation_id)
    if found is None:
        raise Missing()
    return found, filled_form(found, names_of(session, organisation_id)).values


def told(found: Organisation, values: dict[str, Any]) -> OrganisationOut:
    names = ("id", "name", "kind", "ror", "city", "region", "country", "website")
    said = {name: values[name] for name in ("name_en", "name_ja", "other_names")}
    return OrganisationOut(**{name: getattr(found, name) for name in names}, **said)
