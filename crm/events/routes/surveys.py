"""The survey after an event: its questions, what was said, and that as a table."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, EventEditor
from crm.accounts.journal import record
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.events.actions import surveying as actions
from crm.events.exporting import Format, as_file
from crm.events.forms import boxes_of
from crm.events.models import Event, QuestionKind, SurveyQuestion
from crm.events.queries import surveys
from crm.events.queries.events import editable_event
from crm.events.questionnaire import ClosingForm, QuestionForm
from crm.events.routes.lists import taken_out
from crm.events.routes.planning import languages_of

router = Router(prefix="/events")


@router.get("/{event_id}/survey", name="events:survey")
def survey(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    return _page(request, session, editor, editable_event(session, editor, event_id))


def _page(request: Request, session: Session, editor: Actor, event: Event, form: Form[Any] | None = None) -> Response:
    """What is asked, and what was said to it."""
    questions, sheets = surveys.questions_of(session, event), surveys.sheets_of(session, event)
    closing = form if form and form.model is ClosingForm else Form.of(ClosingForm, event)
    return page(
        request, "events/survey", status=422 if form else 200, event=event, questions=questions,
        is_open=not surveys.has_answers(session, event), closing_form=closing,
        question_form=form if form and form.model is QuestionForm else Form(QuestionForm, {"kind": "short_text"}),
        kinds=QuestionKind.options(), spoken=_spoken(session, editor, event),
        number=len(sheets), asked=surveys.asked_count(session, event),
        results=[surveys.overall(sheets), *surveys.results_of(questions, sheets)] if sheets else [],
    )  # fmt: skip


def _spoken(session: Session, editor: Actor, event: Event) -> list[tuple[str, str]]:
    names = languages_of(session, editor, event)
    return [(code, names[code]) for code in event.languages]


@router.post("/{event_id}/survey", name="events:close_survey")
def closing(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[ClosingForm], posted(ClosingForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, actions.set_closing_day, editor, event)
    if form.errors:
        return _page(request, session, editor, event, form)
    flash(request, _("The change has been saved."))
    return go(request, "events:survey", event_id=event_id)


@router.post("/{event_id}/survey/questions", name="events:add_question")
def add(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[QuestionForm], posted(QuestionForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, actions.add_question, editor, event)
    if form.errors:
        return _page(request, session, editor, event, form)
    return go(request, "events:survey", event_id=event_id)


@router.get("/{event_id}/survey/questions/{question_id}", name="events:question")
def look(request: Request, session: Sess, editor: EventEditor, event_id: UUID, question_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    question = actions.question_of(session, event, question_id)
    return _question_page(request, session, editor, event, _stored(question))


def _stored(question: SurveyQuestion) -> Form[QuestionForm]:
    codes = dict.fromkeys(code for each in question.choices for code in each)
    offered = {code: "\n".join(each.get(code, "") for each in question.choices) for code in codes}
    said = boxes_of(text=question.text, choices=offered)
    return Form(QuestionForm, {**said, "kind": question.kind.value, "required": question.required})


def _question_page(
    request: Request, session: Session, editor: Actor, event: Event, form: Form[QuestionForm]
) -> Response:
    return page(
        request, "events/question", status=422 if form.errors else 200, event=event, form=form,
        kinds=QuestionKind.options(), spoken=_spoken(session, editor, event),
    )  # fmt: skip


@router.post("/{event_id}/survey/questions/{question_id}", name="events:change_question")
def change(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, question_id: UUID,
    form: Annotated[Form[QuestionForm], posted(QuestionForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, lambda s, data: actions.change_question(s, editor, event, question_id, data))
    if form.errors:
        return _question_page(request, session, editor, event, form)
    flash(request, _("The change has been saved."))
    return go(request, "events:survey", event_id=event_id)


@router.post("/{event_id}/survey/questions/{question_id}/remove", name="events:remove_question")
def remove(request: Request, session: Sess, editor: EventEditor, event_id: UUID, question_id: UUID) -> Response:
    actions.remove_question(session, editor, editable_event(session, editor, event_id), question_id)
    return go(request, "events:survey", event_id=event_id)


@router.post("/{event_id}/survey/questions/{question_id}/up", name="events:raise_question")
def up(request: Request, session: Sess, editor: EventEditor, event_id: UUID, question_id: UUID) -> Response:
    actions.raise_question(session, editor, editable_event(session, editor, event_id), question_id)
    return go(request, "events:survey", event_id=event_id)


@router.post("/{event_id}/survey/answers", name="events:survey_table")
def answers(_request: Request, session: Sess, editor: EventEditor, event_id: UUID, kind: Format = "csv") -> Response:
    """One line a guest, without names. Posted, for it is written down who took it out."""
    event = editable_event(session, editor, event_id)
    headings, rows = surveys.table_of(surveys.questions_of(session, event), surveys.sheets_of(session, event))
    record(session, editor, "exported", event, {"survey": "", "rows": len(rows)})
    return taken_out(as_file(kind, (headings, rows)), f"survey.{kind}")
