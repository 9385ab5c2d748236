"""Answers to programs: what went wrong as a problem (RFC 9457), lists by cursor, versions as ETags."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Header
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from starlette.requests import Request
from starlette.responses import Response

from crm.core.errors import Problem
from crm.core.forms import FormModel, cleaned
from crm.core.i18n import lazy_gettext as _l
from crm.core.paging import PER_PAGE

ROOT = "/api/v1"
MEDIA = "application/problem+json"
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


class FieldProblem(BaseModel):
    field: str
    message: str


class ProblemOut(BaseModel):
    """``type`` is about:blank: the status says it all."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []


class PageOut(BaseModel, Generic[T]):
    """``next``: the cursor of the page after this one, as ``after``; null on the last."""

    items: list[T]
    next: str | None


class Patch(FormModel):
    """What a program sends to change a part, put before the form's own class.

    What is left out stays. Null, like an empty text, empties a field that may be empty, and is wrong in any other; the
    schema says which is which.
    """

    @classmethod
    def __pydantic_init_subclass__(cls, **_more: Any) -> None:
        for field in cls.__pydantic_fields__.values():
            if _may_be_empty(field):
                field.json_schema_extra = _or_null
            else:
                field.default, field.default_factory = PydanticUndefined, lambda: None
        cls.model_rebuild(force=True)

    @model_validator(mode="before")
    @classmethod
    def _clean(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {
            name: cls._emptied(name) if (v := cleaned(value)) in (None, "") else v for name, value in values.items()
        }

    @classmethod
    def _emptied(cls, name: str) -> Any:
        field = cls.__pydantic_fields__.get(name)
        return field.get_default(call_default_factory=True) if field else None


def _may_be_empty(field: FieldInfo) -> bool:
    return not field.is_required() and field.get_default(call_default_factory=True) in (None, "", [])


def _or_null(schema: dict[str, Any]) -> None:
    """A text or a list that may be empty may be null as well; its default is not what is left out."""
    schema.pop("default", None)
    if "anyOf" not in schema:
        inside = {name: schema.pop(name) for name in list(schema) if name not in ("title", "description")}
        schema["anyOf"] = [inside, {"type": "null"}]


Limit = Annotated[int, Field(ge=1, le=200, description="How many a page holds.")]


class Limited(BaseModel):
    """Beside what a list is asked on the pages."""

    limit: Limit = PER_PAGE


class Stale(Problem):
    status = 412
    sentence = _l("This has been changed in the meantime. Please read it again.")


class MatchNeeded(Problem):
    status = 428
    sentence = _l("Please say with If-Match which version you have read.")


TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 405: "Method not allowed",
    409: "Conflict", 412: "Precondition failed", 415: "Unsupported media type", 422: "Not valid",
    428: "Precondition required", 429: "Too many requests", 500: "Internal error", 503: "Not available",
}  # fmt: skip


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses``: every problem that it may answer with."""
    content = {MEDIA: {"schema": ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")}}
    content[MEDIA]["schema"].pop("$defs", None)
    return {status: {"description": TITLES[status], "content": content} for status in statuses}


def problem(status: int, detail: str, errors: Sequence[tuple[str, str]] = ()) -> Response:
    said = ProblemOut(
        title=TITLES.get(status, "Problem"),
        status=status,
        detail=detail,
        errors=[FieldProblem(field=field, message=message) for field, message in errors],
    )
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(said.model_dump(), status, headers, media_type=MEDIA)


def is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(f"{ROOT}/")


IfMatch = Annotated[str | None, Header(description="The ETag of the version that you have read.")]


def etag(said: BaseModel) -> str:
    """Of what is said, not of the row: what other offices change of theirs does not show in it."""
    return f'"{blake2b(said.model_dump_json().encode(), digest_size=12).hexdigest()}"'


def versioned(request: Request, said: BaseModel, status: int = 200) -> Response:
    """With its ETag; 304 without a body for who has this version already."""
    tag = etag(said)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.method == "GET" and tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return JSONResponse(said.model_dump(mode="json"), status, headers)


def check_match(given: str | None, said: BaseModel) -> None:
    """MatchNeeded without ``If-Match``, Stale with that of another version."""
    if given is None:
        raise MatchNeeded()
    if given.strip() not in (etag(said), "*"):
        raise Stale()


def merged(model: type[M], stored: Mapping[str, Any], given: BaseModel) -> M:
    """What is stored, with what a program has sent in its place; RequestValidationError where that does not fit."""
    try:
        return model.model_validate({**stored, **given.model_dump(exclude_unset=True)})
    except ValidationError as fault:
        raise RequestValidationError(fault.errors(include_url=False)) from fault
