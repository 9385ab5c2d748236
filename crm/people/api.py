"""People for programs: the same queries, forms and actions as on the pages."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.models import Scope
from crm.accounts.permissions import Permission
from crm.accounts.programs import IdempotencyKey, Program, once
from crm.core.api import ROOT, IfMatch, Limited, PageOut, Patch, answers, check_match, merged, versioned
from crm.core.db import Sess
from crm.core.routing import Router
from crm.people.actions import add_person, change_person
from crm.people.forms import PersonForm, PersonSearch
from crm.people.queries.record import record_of
from crm.people.queries.search import Matching, list_people

router = Router(prefix=f"{ROOT}/people")
PeopleProgram = Annotated[Actor, Depends(Program(Scope.PEOPLE_READ, Permission.PEOPLE_VIEW))]
PeopleWriter = Annotated[Actor, Depends(Program(Scope.PEOPLE_WRITE, Permission.PEOPLE_EDIT))]


class PersonLine(BaseModel):
    """As the list shows somebody."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    full_name: str
    kanji: str | None
    kana: str | None
    latin: str | None
    institution: str
    unit: str
    title: str
    city: str
    country: str


class IdentifierOut(BaseModel):
    scheme: str
    value: str


class PersonOut(BaseModel):
    """A record as far as the token's office may read it. Addresses are that office's own."""

    id: UUID
    full_name: str
    family: str | None
    given: str | None
    kanji: str | None
    kana: str | None
    latin: str | None
    sector: str
    languages: list[str]
    preferred_language: str | None
    title: str | None
    institution: str | None
    unit: str | None
    city: str | None
    country: str | None
    research_fields: list[str]
    links: list[str]
    emails: list[str]
    identifiers: list[IdentifierOut]
    held: bool


class PersonPatch(Patch, PersonForm):
    """What is left out stays, null empties what may be empty; the version goes into If-Match."""


class PeopleAsked(PersonSearch, Limited):
    pass


@router.get("", name="people:api_list", responses=answers(401, 403, 422, 503))
def people(session: Sess, program: PeopleProgram, wanted: Annotated[PeopleAsked, Query()]) -> PageOut[PersonLine]:
    """Everybody whom the token's office may see, narrowed as on the page."""
    found, following = list_people(session, Matching(session, program, wanted), wanted.limit)
    return PageOut[PersonLine](items=[PersonLine.model_validate(one) for one in found], next=following)


@router.post("", status_code=201, response_model=PersonOut, name="people:api_add",
             responses=answers(400, 401, 403, 404, 409, 422, 503))  # fmt: skip
def add(
    request: Request, session: Sess, program: PeopleWriter, form: PersonForm, idempotency_key: IdempotencyKey = None
) -> Response:
    made = once(request, session, idempotency_key, form, lambda: add_person(session, program, form).id)
    return versioned(request, told(session, program, made), 201)


@router.get("/{person_id}", response_model=PersonOut, name="people:api_one",
            responses={304: {"description": "Not modified"}, 307: {"description": "Merged: the record that stands"},
                       **answers(401, 403, 404, 422, 503)})  # fmt: skip
def person(request: Request, session: Sess, program: PeopleProgram, person_id: UUID) -> Response:
    return versioned(request, told(session, program, person_id))


@router.patch("/{person_id}", response_model=PersonOut, name="people:api_change",
              responses=answers(400, 401, 403, 404, 409, 412, 422, 428, 503))  # fmt: skip
def change(
    request: Request, session: Sess, program: PeopleWriter, person_id: UUID, patch: PersonPatch,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    stored = record_of(session, program, person_id)
    check_match(if_match, told(session, program, person_id))
    form = merged(PersonForm, stored.form_values(), patch).model_copy(update={"version": stored.person.version})
    change_person(session, program, stored.person, form)
    session.flush()
    return versioned(request, told(session, program, person_id))


def told(session: Session, program: Actor, person_id: UUID) -> PersonOut:
    record = record_of(session, program, person_id)
    said: dict[str, Any] = record.form_values()
    names = PersonOut.model_fields.keys() & said.keys()
    return PersonOut(
        **{name: said[name] for name in names - {"research_fields", "links"}},
        id=person_id,
        research_fields=record.fields,
        links=[link.address for link in record.links],
        emails=[point.value for point in record.contacts if point.kind == "email"],
        identifiers=[IdentifierOut(scheme=scheme, value=value) for scheme, value, _address in record.identifiers],
        held=record.holding is not None,
    )
