"""Forms: what was typed, what is wrong with it, and what it means once it is right."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Generic, TypeVar, get_origin

from fastapi import Depends, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from starlette.datastructures import FormData, QueryParams, UploadFile

from crm.core.errors import Faulty, Missing, Problem, Refused, WrongField
from crm.core.i18n import gettext as _

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")

_KEPT_CONTROLS = "\n\t"


def _in_our_time(day: date) -> date:
    """Years beyond these are slips of the finger, and a day more or a zone would leave the calendar."""
    if not 1900 <= day.year < 3000:
        raise ValueError(_("Please give a date such as 2026-04-01."))
    return day


Day = Annotated[date, AfterValidator(_in_our_time)]


class FormModel(BaseModel):
    """Base of every form: trims, drops control characters, and reads an empty box as nothing."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {name: kept for name, value in values.items() if (kept := cleaned(value)) not in (None, "", [])}


def cleaned(value: object) -> object:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) != "Cc").strip()
    if isinstance(value, list):
        return [kept for item in value if (kept := cleaned(item)) not in (None, "")]
    return value


class Form(Generic[M]):
    """``values`` as typed, ``errors`` by field, ``data`` when all is right. ``""`` is the field of the whole form."""

    def __init__(self, model: type[M], values: dict[str, Any] | None = None) -> None:
        self.model = model
        self.values: dict[str, Any] = values or {}
        self.errors: dict[str, str] = {}
        self._data: M | None = None

    @classmethod
    def of(cls, model: type[M], data: BaseModel | None = None, **values: Any) -> "Form[M]":
        """A form to be shown: filled from what is stored, or with what is likely."""
        stored = data.model_dump(mode="json") if data else {}
        return cls(model, {**stored, **values})

    def validate(self) -> "Form[M]":
        try:
            self._data = self.model.model_validate(self.values)
        except ValidationError as fault:
            for error in fault.errors(include_url=False):
                self.errors.setdefault(str(error["loc"][0]) if error["loc"] else "", sentence_for(error))
        return self

    @property
    def data(self) -> M:
        if self._data is None:
            raise Faulty()
        return self._data

    @property
    def problems(self) -> list[tuple[str, str]]:
        return list(self.errors.items())

    def attempt(self, session: Session, action: Callable[..., R], *args: Any) -> R | None:
        """Run ``action(session, *args, data)`` in a savepoint; any error is kept on the form and changes nothing."""
        if self.errors:
            return None
        try:
            with session.begin_nested():
                result = action(session, *args, self.data)
                session.flush()
                return result
        except WrongField as error:
            self.errors[error.field] = str(error)
        except Missing:
            raise
        except Refused as error:
            self.errors[""] = str(error)
        except IntegrityError:
            self.errors[""] = _("Somebody else stored the same thing a moment ago. Please look again.")
        return None


def posted(model: type[M]) -> Any:
    """Dependency: the submitted form, validated. The endpoint still runs when something is wrong: it shows the form."""

    async def read(request: Request) -> Form[M]:
        return Form(model, values_of(await request.form(), model)).validate()

    return Depends(read)


async def _submitted(request: Request) -> FormData:
    return await request.form()


Submitted = Annotated[FormData, Depends(_submitted)]
"""What was sent, for a form whose boxes only the stored rows know."""


def values_of(submitted: FormData | QueryParams, model: type[BaseModel]) -> dict[str, Any]:
    """What was typed, by field: a list where the field holds many, else the last that was given."""
    values: dict[str, Any] = {}
    for name in submitted:
        field = model.model_fields.get(name)
        many = field is not None and _is_list(field.annotation)
        everything = [item for item in submitted.getlist(name) if not _empty_upload(item)]
        if many:
            values[name] = everything
        elif everything:
            values[name] = everything[-1]
    return values


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (list, set, tuple):
        return True
    return any(get_origin(part) in (list, set) for part in getattr(annotation, "__args__", ()))


def _empty_upload(item: object) -> bool:
    return isinstance(item, UploadFile) and not item.filename


def sentence_for(error: ErrorDetails) -> str:
    """A pydantic error in words that a user understands."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        cause = context.get("error")
        argument = cause.args[0] if isinstance(cause, ValueError) and cause.args else None
        return str(cause if isinstance(cause, Problem) else argument) if cause else _("Please check this.")
    nothing = kind.endswith("_type") and error.get("input", "") is None
    if nothing or kind in ("missing", "string_too_short", "too_short"):
        return _("Please fill this in.")
    if kind in ("string_too_long", "too_long"):
        return _("Please keep this to %(max)s characters or fewer.", max=context.get("max_length"))
    if kind.startswith(("date", "time")):
        return _("Please give a date such as 2026-04-01.")
    if kind in ("enum", "literal_error"):
        return _("Please choose one of the options.")
    if kind.startswith(("int", "float", "decimal", "greater", "less")):
        return _("Please give a number in the allowed range.")
    if kind.startswith("uuid"):
        return _("Please choose one of the options.")
    return _("Please check this.")
