from typing import Annotated, Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleEditor
from crm.core.db import Sess
from crm.core.errors import WrongField
from crm.core.forms import Form, posted
from crm.core.routing import Router
from crm.core.web import page
from crm.imports.actions.returned import apply_returned
from crm.imports.actions.upload import MOST_MEGABYTES
from crm.imports.queries.returned import Returned, compare
from crm.imports.reading.errors import sentence
from crm.imports.returned import ApplyForm, ReturnedForm, read_returned
from crm.people.forms import field_labels

router = Router(prefix="/imports/returned")


@router.get("", name="imports:returned")
def returned(request: Request, _editor: PeopleEditor) -> Response:
    return _shown(request, Form.of(ReturnedForm))


@router.post("", name="imports:returned_compare")
def look(
    request: Request, session: Sess, editor: PeopleEditor, form: Annotated[Form[ReturnedForm], posted(ReturnedForm)]
) -> Response:
    """Shows what differs; nothing is written."""
    told = form.attempt(session, _look, editor)
    form.values.pop("file", None)
    return _shown(request, form, told=told)


def _look(session: Session, editor: Actor, data: ReturnedForm) -> Returned:
    with data.file.file as sent:
        content = sent.read(MOST_MEGABYTES * 1024 * 1024 + 1)
    if len(content) > MOST_MEGABYTES * 1024 * 1024:
        raise WrongField("file", sentence("too_large", limit=MOST_MEGABYTES))
    return compare(session, editor, read_returned(content, data.file.filename or ""))


@router.post("/apply", name="imports:returned_apply")
def apply(
    request: Request, session: Sess, editor: PeopleEditor, form: Annotated[Form[ApplyForm], posted(ApplyForm)]
) -> Response:
    done = form.attempt(session, apply_returned, editor)
    return _shown(request, form, done=done)


def _shown(request: Request, form: Form[Any], **context: Any) -> Response:
    status = 422 if form.errors else 200
    shown = {"told": None, "done": None, **context}
    return page(request, "imports/returned", status=status, form=form, labels=field_labels(), **shown)
