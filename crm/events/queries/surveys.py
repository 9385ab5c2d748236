"""What was asked after an event and what guests said: counted, without their names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from babel.numbers import format_percent
from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import Session, col

from crm.core.i18n import current_language, locale_of, said_in
from crm.core.i18n import gettext as _
from crm.events.models import CheckIn, Event, Feedback, Guest, QuestionKind, Reply, SurveyAnswer, SurveyQuestion
from crm.events.questionnaire import choices_of


def questions_of(session: Session, event: Event) -> list[SurveyQuestion]:
    mine = select(SurveyQuestion).where(col(SurveyQuestion.event_id) == event.id)
    return list(session.execute(mine.order_by(col(SurveyQuestion.place), col(SurveyQuestion.id))).scalars())


def has_answers(session: Session, event: Event) -> bool:
    given = exists().where(col(SurveyAnswer.guest_id) == col(Guest.id), col(Guest.event_id) == event.id)
    return bool(session.execute(select(given)).scalar())


def answer_by(session: Session, guest: Guest) -> SurveyAnswer | None:
    mine = select(SurveyAnswer).where(col(SurveyAnswer.guest_id) == guest.id)
    found: SurveyAnswer | None = session.execute(mine).scalar_one_or_none()
    return found


@dataclass(frozen=True)
class Sheet:
    """What one guest said, and no word of who it is."""

    rating: int
    words: str
    said: dict[str, Any]


def sheets_of(session: Session, event: Event) -> list[Sheet]:
    """One for each guest who has said how it was."""
    mine = select(col(Feedback.rating), col(Feedback.words), col(SurveyAnswer.said))
    mine = mine.join(Guest, col(Guest.id) == col(Feedback.guest_id))
    mine = mine.outerjoin(SurveyAnswer, col(SurveyAnswer.guest_id) == col(Guest.id))
    rows = session.execute(mine.where(col(Guest.event_id) == event.id).order_by(col(Feedback.id)))
    return [Sheet(rating, words, said or {}) for rating, words, said in rows]


def asked_count(session: Session, event: Event) -> int:
    """How many guests could have answered: who was let in, with or behind their company, and who came online."""
    came = exists().where(col(CheckIn.guest_id) == col(Guest.id))
    online = and_(col(Guest.reply) == Reply.ONLINE, col(Guest.waiting_since).is_(None))
    mine = select(func.count()).where(col(Guest.event_id) == event.id, or_(came, online))
    return int(session.execute(mine).scalar_one())


@dataclass(frozen=True)
class Tally:
    """One of the answers that could be chosen; ``share`` in percent of those who answered the question."""

    label: str
    number: int
    share: int

    @property
    def percent(self) -> str:
        return str(format_percent(self.share / 100, locale=locale_of(current_language())))


@dataclass(frozen=True)
class Result:
    """Of one question: how many answered, how often each answer, or what was written."""

    label: str
    number: int
    tallies: list[Tally] = field(default_factory=list)
    average: float | None = None
    words: list[str] = field(default_factory=list)


def results_of(questions: Sequence[SurveyQuestion], sheets: Sequence[Sheet], language: str = "") -> list[Result]:
    return [_result(one, [sheet.said.get(str(one.id)) for sheet in sheets], language) for one in questions]


def _result(question: SurveyQuestion, said: Sequence[Any], language: str) -> Result:
    given = [value for value in said if value is not None]
    label = said_in(question.text, language)
    if question.kind in (QuestionKind.SHORT, QuestionKind.LONG):
        return Result(label, len(given), words=given)
    counted = Counter(pick for value in given for pick in (value if isinstance(value, list) else [value]))
    if question.kind is QuestionKind.RATING:
        return Result(label, len(given), _rated(counted, len(given)), _average(given))
    words = [said_in(each, language) for each in question.choices]
    return Result(label, len(given), [_tally(each, counted[at], len(given)) for at, each in enumerate(words)])


def overall(sheets: Sequence[Sheet]) -> Result:
    """The question that everybody is asked."""
    ratings = [sheet.rating for sheet in sheets]
    words = {5: _("Very good"), 4: _("Good"), 3: _("Fair"), 2: _("Not so good"), 1: _("Poor")}
    counted = Counter(ratings)
    tallies = [_tally(word, counted[rating], len(ratings)) for rating, word in words.items()]
    written = [sheet.words for sheet in sheets if sheet.words]
    return Result(_("How did you find it?"), len(ratings), tallies, _average(ratings), written)


def _rated(counted: Counter[int], number: int) -> list[Tally]:
    """The best first."""
    return [_tally(str(rating), counted[rating], number) for rating in range(5, 0, -1)]


def _tally(label: str, number: int, of: int) -> Tally:
    return Tally(label, number, round(100 * number / of) if of else 0)


def _average(ratings: Sequence[int]) -> float | None:
    return round(sum(ratings) / len(ratings), 1) if ratings else None


def table_of(questions: Sequence[SurveyQuestion], sheets: Sequence[Sheet]) -> tuple[list[str], list[list[str]]]:
    """Headings and one row a guest, for a spreadsheet."""
    headings = [_("Rating"), _("Words"), *(said_in(one.text) for one in questions)]
    asked = [(one, dict(choices_of(one))) for one in questions]
    return headings, [
        [str(sheet.rating), sheet.words, *(_cell(one, options, sheet.said) for one, options in asked)]
        for sheet in sheets
    ]


def _cell(question: SurveyQuestion, options: dict[str, str], said: dict[str, Any]) -> str:
    value = said.get(str(question.id))
    if value is None:
        return ""
    if not options:
        return str(value)
    return "; ".join(options.get(str(pick), "") for pick in (value if isinstance(value, list) else [value]))
