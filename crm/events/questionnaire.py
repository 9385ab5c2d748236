"""The organiser's questions as forms: how they are written, and how a guest answers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, create_model

from crm.core.forms import Day, FormModel
from crm.core.i18n import said_in
from crm.events.forms import FeedbackForm, Spoken, Texts
from crm.events.models import QuestionKind, SurveyQuestion

RATINGS = range(1, 6)
_WIDGETS = {
    QuestionKind.SHORT: "text",
    QuestionKind.LONG: "textarea",
    QuestionKind.ONE: "radio",
    QuestionKind.SEVERAL: "checkboxes",
    QuestionKind.RATING: "radio",
}


class QuestionForm(Spoken):
    """``choices``: one a line, in each language in the same order."""

    kind: QuestionKind
    text: Texts = Field(default_factory=dict)
    choices: Texts = Field(default_factory=dict)
    required: bool = False


class ClosingForm(FormModel):
    survey_until: Day | None = None


def lines_together(said: dict[str, str]) -> list[dict[str, str]] | None:
    """Lines of the same number in each language say the same thing; None where the languages differ in number."""
    lines = {code: [line.strip() for line in text.split("\n") if line.strip()] for code, text in said.items()}
    most = max(map(len, lines.values()), default=0)
    if any(len(each) != most for each in lines.values()):
        return None
    return [{code: each[number] for code, each in lines.items()} for number in range(most)]


def name_of(question: SurveyQuestion) -> str:
    """Of the field in the guest's form."""
    return f"q_{question.id.hex}"


@dataclass(frozen=True)
class Box:
    """A question as the guest's page draws it."""

    name: str
    label: str
    kind: str
    choices: list[tuple[str, str]]
    required: bool
    row: bool


def boxes_for(questions: Sequence[SurveyQuestion]) -> list[Box]:
    return [
        Box(
            name_of(one), said_in(one.text), _WIDGETS[one.kind], choices_of(one), one.required,
            row=one.kind is QuestionKind.RATING,
        )
        for one in questions
    ]  # fmt: skip


def choices_of(question: SurveyQuestion) -> list[tuple[str, str]]:
    """What may be chosen: the value that is kept, and its words."""
    if question.kind is QuestionKind.RATING:
        return [(str(number), str(number)) for number in RATINGS]
    return [(str(number), said_in(each)) for number, each in enumerate(question.choices)]


def form_for(questions: Sequence[SurveyQuestion]) -> type[FeedbackForm]:
    """The guest's form: how it was, and these questions beside it."""
    fields: dict[str, Any] = {name_of(one): _field(one) for one in questions}
    return create_model("SurveyForm", __base__=FeedbackForm, **fields)


def _field(question: SurveyQuestion) -> tuple[Any, Any]:
    """Type and default, as pydantic wants them."""
    number = Annotated[int, Field(ge=0, lt=len(question.choices))]
    kinds: dict[QuestionKind, Any] = {
        QuestionKind.SHORT: Annotated[str, Field(max_length=300)],
        QuestionKind.LONG: Annotated[str, Field(max_length=4000)],
        QuestionKind.ONE: number,
        QuestionKind.SEVERAL: list[number],
        QuestionKind.RATING: Annotated[int, Field(ge=RATINGS.start, lt=RATINGS.stop)],
    }
    kind = kinds[question.kind]
    if question.required:
        return kind, ...
    return kind | None, None


def answers_in(questions: Sequence[SurveyQuestion], data: FeedbackForm) -> dict[str, Any]:
    """Question → what was said; what was left open is left out."""
    said = {str(one.id): getattr(data, name_of(one)) for one in questions}
    kept = {key: sorted(set(value)) if isinstance(value, list) else value for key, value in said.items()}
    return {key: value for key, value in kept.items() if value not in (None, "", [])}


def as_typed(questions: Sequence[SurveyQuestion], said: dict[str, Any]) -> dict[str, Any]:
    """The other way round: what the boxes of the guest's form hold."""
    return {name_of(one): said[str(one.id)] for one in questions if str(one.id) in said}
