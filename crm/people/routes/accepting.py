"""Answering another office's merge: what is asked, and what accepting or declining means."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleEditor
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.actions.accepting import accept_merge, decline_merge
from crm.people.merging import DeclineForm
from crm.people.queries.questions import question_of
from crm.people.queries.record import record_of
from crm.people.queries.visible import is_visible

router = Router(prefix="/people/merges/asked")


@router.get("/{question_id}", name="people:merge_asked")
def show(request: Request, session: Sess, editor: PeopleEditor, question_id: UUID) -> Response:
    return _page(request, session, editor, question_id, Form.of(DeclineForm))


@router.post("/{question_id}/accept", name="people:merge_accept")
def accept(request: Request, session: Sess, editor: PeopleEditor, question_id: UUID) -> Response:
    merge = accept_merge(session, editor, question_id, request.app.state.merge_rules)
    flash(request, _("Your part is merged. You can undo this for 90 days, under “History”."))
    return go(request, "people:detail", person_id=merge.kept_id)


@router.post("/{question_id}/decline", name="people:merge_decline")
def decline(
    request: Request, session: Sess, editor: PeopleEditor, question_id: UUID,
    form: Annotated[Form[DeclineForm], posted(DeclineForm)],
) -> Response:  # fmt: skip
    person_id = form.attempt(session, decline_merge, editor, question_id)
    if person_id is None:
        return _page(request, session, editor, question_id, form)
    flash(request, _("Your record stays as it is."))
    return go(request, "people:detail", person_id=person_id)


def _page(request: Request, session: Session, editor: Actor, question_id: UUID, form: Form[DeclineForm]) -> Response:
    question = question_of(session, editor, question_id)
    if not question.is_open:
        flash(request, _("This has been answered or taken back already."), "warn")
        return go(request, "people:detail", person_id=question.lost.id)
    return page(
        request, "people/merge_asked", status=422 if form.errors else 200, form=form, question=question,
        own=record_of(session, editor, question.lost.id), known=is_visible(session, editor, question.kept.id),
    )  # fmt: skip
