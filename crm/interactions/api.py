"""Contacts for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.models import Scope
from crm.accounts.permissions import Permission
from crm.accounts.programs import IdempotencyKey, Program, once
from crm.core.api import ROOT, IfMatch, Limited, PageOut, Patch, answers, check_match, merged, versioned
from crm.core.db import Sess
from crm.core.routing import Router
from crm.interactions.actions import change_interaction, log_interaction
from crm.interactions.editing import stored_values
from crm.interactions.forms import InteractionForm, InteractionSearch
from crm.interactions.models import Audience, InteractionKind
from crm.interactions.opening import note_list, note_opening, write_opening
from crm.interactions.queries import Line, interaction_of, whole_interaction
from crm.interactions.queries.listing import list_interactions

router = Router(prefix=f"{ROOT}/interactions")
ContactProgram = Annotated[Actor, Depends(Program(Scope.INTERACTIONS_READ, Permission.INTERACTIONS_VIEW))]
ContactWriter = Annotated[Actor, Depends(Program(Scope.INTERACTIONS_WRITE, Permission.INTERACTIONS_EDIT))]


class ContactsAsked(InteractionSearch, Limited):
    pass


class InteractionPatch(Patch, InteractionForm):
    """What is left out stays, null empties what may be empty; the version goes into If-Match.

    What is sent of people or staff is the whole list.
    """

    people: Annotated[list[UUID], Field(min_length=1)]


class InteractionOut(BaseModel):
    """``people``: those whom the token's office sees; ``hidden`` more were there."""

    id: UUID
    version: int
    office: str
    kind: InteractionKind
    day: date
    place: str | None
    text: str
    audience: Audience
    careful: bool
    people: list[UUID]
    hidden: int


def told(line: Line) -> InteractionOut:
    stored = line.interaction
    names = ("id", "version", "kind", "day", "place", "text", "audience", "careful")
    return InteractionOut(
        **{name: getattr(stored, name) for name in names},
        office=line.office.code,
        people=[person.id for person in line.people],
        hidden=line.hidden,
    )


@router.get("", name="interactions:api_list", responses=answers(401, 403, 422, 503))
def interactions(
    request: Request, session: Sess, program: ContactProgram, wanted: Annotated[ContactsAsked, Query()]
) -> PageOut[InteractionOut]:
    """From the newest. Those to be handled with care are written down in the journal, as when one is read alone."""
    listed = list_interactions(session, program, wanted, wanted.limit)
    note_list(request, program, request.state.token, [line.interaction for line in listed.lines])
    return PageOut[InteractionOut](items=[told(line) for line in listed.lines], next=listed.next)


@router.post("", status_code=201, response_model=InteractionOut, name="interactions:api_add",
             responses=answers(400, 401, 403, 404, 409, 422, 503))  # fmt: skip
def add(
    request: Request, session: Sess, program: ContactWriter, form: InteractionForm,
    idempotency_key: IdempotencyKey = None,
) -> Response:  # fmt: skip
    made = once(request, session, idempotency_key, form, lambda: log_interaction(session, program, form).id)
    return shown(request, session, program, made, 201)


@router.get("/{interaction_id}", response_model=InteractionOut, name="interactions:api_one",
            responses={304: {"description": "Not modified"}, **answers(401, 403, 404, 422, 503)})  # fmt: skip
def interaction(request: Request, session: Sess, program: ContactProgram, interaction_id: UUID) -> Response:
    line = interaction_of(session, program, interaction_id)
    note_opening(request, program, line.interaction)
    return versioned(request, told(line))


@router.patch("/{interaction_id}", response_model=InteractionOut, name="interactions:api_change",
              responses=answers(400, 401, 403, 404, 409, 412, 422, 428, 503))  # fmt: skip
def change(
    request: Request, session: Sess, program: ContactWriter, interaction_id: UUID, patch: InteractionPatch,
    if_match: IfMatch = None,
) -> Response:  # fmt: skip
    whole = whole_interaction(session, program, interaction_id)
    write_opening(session, program, whole.line.interaction)
    check_match(if_match, told(whole.line))
    values = stored_values(whole)
    form = merged(InteractionForm, values, patch).model_copy(update={"version": values["version"]})
    change_interaction(session, program, whole.line.interaction, form)
    session.flush()
    return shown(request, session, program, interaction_id)


def shown(request: Request, session: Session, program: Actor, id: UUID, status: int = 200) -> Response:
    return versioned(request, told(interaction_of(session, program, id)), status)
