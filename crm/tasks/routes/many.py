"""Follow-ups about many people: those of the list, chosen and looked at first; what was given, and the way back."""

from itertools import islice
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, TaskEditor
from crm.accounts.queries import colleagues
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.actions.export import search_of
from crm.people.actions.views import query_of
from crm.people.forms import PersonSearch
from crm.people.queries.exports import people_in_order
from crm.tasks.actions.many import give_follow_ups, take_follow_ups_back
from crm.tasks.forms import ManyForm
from crm.tasks.queries import is_untouched, tasks_of_batch

router = Router(prefix="/tasks/many")
MOST = 200


@router.get("", name="tasks:many")
def choose(request: Request, session: Sess, editor: TaskEditor, wanted: Annotated[PersonSearch, Query()]) -> Response:
    """The people of the list, all of them chosen; nothing happens yet."""
    return _page(request, session, editor, Form.of(ManyForm, due=editor.today.isoformat(), query=query_of(wanted)))


@router.post("", name="tasks:many_give")
def give(
    request: Request, session: Sess, editor: TaskEditor, form: Annotated[Form[ManyForm], posted(ManyForm)]
) -> Response:
    batch = form.attempt(session, give_follow_ups, editor)
    if batch is None:
        return _page(request, session, editor, form)
    return go(request, "tasks:many_given", batch=batch)


@router.get("/{batch}", name="tasks:many_given")
def given(request: Request, session: Sess, editor: TaskEditor, batch: UUID) -> Response:
    lines = tasks_of_batch(session, editor, batch)
    return page(
        request, "tasks/many_given", batch=batch, lines=lines, untouched=sum(is_untouched(line.task) for line in lines)
    )


@router.post("/{batch}/undo", name="tasks:many_undo")
def undo(request: Request, session: Sess, editor: TaskEditor, batch: UUID) -> Response:
    gone, left = take_follow_ups_back(session, editor, batch)
    flash(request, ngettext("%(num)s follow-up was taken back.", "%(num)s follow-ups were taken back.", gone))
    if not left:
        return go(request, "tasks:list")
    flash(request, _("What has been done or changed since stays."), "warn")
    return go(request, "tasks:many_given", batch=batch)


def _page(request: Request, session: Session, editor: Actor, form: Form[ManyForm]) -> Response:
    found = people_in_order(session, editor, search_of(str(form.values.get("query") or "")))
    people = list(islice((one for some in found for one in some), MOST + 1))
    chosen = {str(id) for id in form.values.get("ids") or []} if form.errors else None
    return page(
        request, "tasks/many", status=422 if form.errors else 200, form=form, people=people[:MOST], chosen=chosen,
        more=len(people) > MOST, most=MOST, colleagues=colleagues(session, editor),
    )  # fmt: skip
