"""The survey after an event: its questions stand once somebody has answered; guests may change their answers."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.errors import Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.events.actions.reporting import give_feedback
from crm.events.forms import FeedbackForm
from crm.events.models import Event, Guest, SurveyAnswer, SurveyQuestion
from crm.events.queries.surveys import answer_by, has_answers, questions_of
from crm.events.questionnaire import ClosingForm, QuestionForm, answers_in, lines_together

MOST_QUESTIONS, MOST_CHOICES = 20, 20


def add_question(session: Session, actor: Actor, event: Event, data: QuestionForm) -> SurveyQuestion:
    _locked_open(session, event)
    if len(questions_of(session, event)) >= MOST_QUESTIONS:
        raise Refused(_l("At most twenty questions can be asked."))
    last = select(func.max(col(SurveyQuestion.place))).where(col(SurveyQuestion.event_id) == event.id)
    place = (session.execute(last).scalar() or 0) + 1
    question = SurveyQuestion(event_id=event.id, place=place, **_values(event, data))
    session.add(question)
    _noted(session, actor, event)
    return question


def change_question(session: Session, actor: Actor, event: Event, question_id: UUID, data: QuestionForm) -> None:
    _locked_open(session, event)
    question_of(session, event, question_id).sqlmodel_update(_values(event, data))
    _noted(session, actor, event)


def remove_question(session: Session, actor: Actor, event: Event, question_id: UUID) -> None:
    _locked_open(session, event)
    session.delete(question_of(session, event, question_id))
    _noted(session, actor, event)


def raise_question(session: Session, actor: Actor, event: Event, question_id: UUID) -> None:
    """One place further up."""
    _locked_open(session, event)
    questions = questions_of(session, event)
    at = questions.index(question_of(session, event, question_id))
    if at:
        questions.insert(at - 1, questions.pop(at))
        for place, question in enumerate(questions, 1):
            question.place = place
        _noted(session, actor, event)


def question_of(session: Session, event: Event, question_id: UUID) -> SurveyQuestion:
    question = session.get(SurveyQuestion, question_id)
    if question is None or question.event_id != event.id:
        raise Missing()
    return question


def _locked_open(session: Session, event: Event) -> None:
    """Behind the event's row, as the answers are: no question changes under a guest's hands."""
    session.refresh(event, with_for_update=True)
    if has_answers(session, event):
        raise Refused(_l("Somebody has answered already: the questions stay as they are."))


def _values(event: Event, data: QuestionForm) -> dict[str, Any]:
    if not all(data.text.get(code) for code in event.languages):
        raise WrongField("text", _l("Please write the question in every language of the event."))
    choices = lines_together(data.choices) if data.kind.offers else []
    if choices is None or (data.kind.offers and not all(data.choices.get(code) for code in event.languages)):
        raise WrongField("choices", _l("Please write the same number of answers in each language of the event."))
    if data.kind.offers and not 2 <= len(choices) <= MOST_CHOICES:
        raise WrongField("choices", _l("Please offer between two and twenty answers, one a line."))
    return {"kind": data.kind, "text": data.text, "choices": choices, "required": data.required}


def _noted(session: Session, actor: Actor, event: Event) -> None:
    session.flush()
    record(session, actor, "changed", event, {"survey": ""})


def set_closing_day(session: Session, actor: Actor, event: Event, data: ClosingForm) -> None:
    if data.survey_until and data.survey_until < event.ends_here.date():
        raise WrongField("survey_until", _l("The survey cannot close before the event is over."))
    event.survey_until = data.survey_until
    _noted(session, actor, event)


def answer_survey(session: Session, guest: Guest, data: FeedbackForm) -> None:
    """How it was, and what the organiser asks; said again, the newer word stands."""
    event = session.execute(select(Event).where(col(Event.id) == guest.event_id).with_for_update()).scalar_one()
    if not event.takes_survey:
        raise Refused(_l("Answers are no longer taken. Please write to the host."))
    give_feedback(session, guest, data)
    questions = questions_of(session, event)
    if questions:
        stored = answer_by(session, guest) or SurveyAnswer(guest_id=guest.id)
        stored.said = answers_in(questions, data)
        session.add(stored)
        session.flush()
