from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, IntroductionEditor
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.introductions.actions import ask, propose, set_closed, take_step
from crm.introductions.forms import IntroductionForm, ProposalForm, StepForm
from crm.introductions.models import Result
from crm.introductions.queries import (
    figures_by_year,
    introduction_of,
    introductions_about,
    list_introductions,
    with_proposals,
)
from crm.people.queries.search import suggest_people
from crm.people.queries.visible import visible_person

router = Router(prefix="/introductions")


@router.get("", name="introductions:list")
def listing(request: Request, session: Sess, editor: IntroductionEditor, closed: bool = False) -> Response:
    lines, figures = list_introductions(session, editor, closed=closed), figures_by_year(session, editor)
    results = Result.options()
    heads = [("num", label) for _value, label in results]
    return page(
        request, "introductions/list", lines=lines, closed=closed, figures=figures, results=results, heads=heads
    )


@router.get("/new", name="introductions:new")
def new(request: Request, session: Sess, editor: IntroductionEditor, asker: UUID | None = None) -> Response:
    form = Form.of(IntroductionForm, asked_on=editor.today.isoformat())
    if asker:
        person = visible_person(session, editor, asker)
        form.values |= {"asker": person.kanji or person.full_name, "asker_id": str(person.id)}
    return page(request, "introductions/new", form=form)


@router.post("", name="introductions:add")
def add(
    request: Request, session: Sess, editor: IntroductionEditor,
    form: Annotated[Form[IntroductionForm], posted(IntroductionForm)],
) -> Response:  # fmt: skip
    asked = form.attempt(session, ask, editor)
    if asked is None:
        return page(request, "introductions/new", status=422, form=form)
    flash(request, _("Noted. Whom could you propose?"))
    return go(request, "introductions:detail", introduction_id=asked.id)


@router.get("/of/{person_id}", name="introductions:panel")
def panel(request: Request, session: Sess, editor: IntroductionEditor, person_id: UUID) -> Response:
    person = visible_person(session, editor, person_id)
    lines = introductions_about(session, editor, person_id)
    return page(request, "introductions/panel", person=person, lines=lines)


@router.get("/{introduction_id}", name="introductions:detail")
def detail(request: Request, session: Sess, editor: IntroductionEditor, introduction_id: UUID, q: str = "") -> Response:
    return _page(request, session, editor, introduction_id, Form.of(ProposalForm, q=q))


@router.post("/{introduction_id}/proposals", name="introductions:propose")
def proposal(
    request: Request, session: Sess, editor: IntroductionEditor, introduction_id: UUID,
    form: Annotated[Form[ProposalForm], posted(ProposalForm)],
) -> Response:  # fmt: skip
    form.attempt(session, propose, editor, introduction_of(session, editor, introduction_id))
    if form.errors:
        return _page(request, session, editor, introduction_id, form)
    return go(request, "introductions:detail", introduction_id=introduction_id)


@router.post("/{introduction_id}/proposals/{proposal_id}", name="introductions:step")
def step(
    request: Request, session: Sess, editor: IntroductionEditor, introduction_id: UUID, proposal_id: UUID,
    form: Annotated[Form[StepForm], posted(StepForm)],
) -> Response:  # fmt: skip
    form.attempt(session, take_step, editor, introduction_of(session, editor, introduction_id), proposal_id)
    if form.errors:
        return _page(request, session, editor, introduction_id, form)
    return go(request, "introductions:detail", introduction_id=introduction_id)


@router.post("/{introduction_id}/close", name="introductions:close")
def close(request: Request, session: Sess, editor: IntroductionEditor, introduction_id: UUID) -> Response:
    set_closed(session, editor, introduction_id, closed=True)
    flash(request, _("The introduction is closed."))
    return go(request, "introductions:list")


@router.post("/{introduction_id}/reopen", name="introductions:reopen")
def reopen(request: Request, session: Sess, editor: IntroductionEditor, introduction_id: UUID) -> Response:
    set_closed(session, editor, introduction_id, closed=False)
    return go(request, "introductions:detail", introduction_id=introduction_id)


def _page(
    request: Request, session: Session, editor: Actor, introduction_id: UUID, form: Form[ProposalForm] | Form[StepForm]
) -> Response:
    introduction = introduction_of(session, editor, introduction_id)
    [line] = with_proposals(session, editor, [introduction])
    q = str(form.values.get("q") or "")
    proposed = {proposal.person_id for proposal, _person in line.proposals}
    found = [one for one in suggest_people(session, editor, q) if one.id not in proposed] if q else []
    status = 422 if form.errors else 200
    return page(
        request, "introductions/detail", status=status, line=line, form=form, q=q, found=found, results=Result.options()
    )
