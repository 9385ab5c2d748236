from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, TaskEditor
from crm.accounts.queries import colleagues
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.tasks.actions.rotation import hand_over, mark_read
from crm.tasks.forms import RotationForm
from crm.tasks.queries.rotation import hand_overs, leavers, own_hand_over, reading_list

router = Router(prefix="/tasks/rotation")


@router.get("", name="tasks:rotation")
def rotation(request: Request, session: Sess, editor: TaskEditor, leaver: UUID | None = None) -> Response:
    """Who leaves is chosen first; then what they leave is seen before it goes."""
    form = Form.of(RotationForm, leaver=str(leaver or editor.user_id))
    return _page(request, session, editor, form)


@router.post("", name="tasks:rotation_do")
def do(
    request: Request, session: Sess, editor: TaskEditor, form: Annotated[Form[RotationForm], posted(RotationForm)]
) -> Response:
    done = form.attempt(session, hand_over, editor, request.app.state.handed)
    if done is None:
        return _page(request, session, editor, form)
    flash(request, _("Handed over. Your successor finds the reading list on the first page."))
    return go(request, "tasks:rotation_read", hand_over_id=done.id)


@router.get("/{hand_over_id}", name="tasks:rotation_read")
def read(request: Request, session: Sess, editor: TaskEditor, hand_over_id: UUID) -> Response:
    done = own_hand_over(session, editor, hand_over_id)
    parts = reading_list(session, editor, done.from_id, request.app.state.handed)
    moved = reading_list(session, editor, done.to_id, [part for part in request.app.state.handed if part.move])
    names = dict(leavers(session, editor))
    return page(request, "tasks/reading", done=done, parts=[*moved, *parts], names=names)


@router.post("/{hand_over_id}/read", name="tasks:rotation_mark")
def mark(request: Request, session: Sess, editor: TaskEditor, hand_over_id: UUID) -> Response:
    mark_read(session, editor, own_hand_over(session, editor, hand_over_id))
    return go(request, "home:today")


def _page(request: Request, session: Session, editor: Actor, form: Form[RotationForm]) -> Response:
    people = leavers(session, editor)
    leaver = str(form.values.get("leaver") or "")
    known = leaver in dict(people)
    parts = reading_list(session, editor, UUID(leaver), request.app.state.handed) if known else []
    return page(
        request, "tasks/rotation", status=422 if form.errors else 200, form=form, parts=parts, leavers=people,
        colleagues=[one for one in colleagues(session, editor) if one[0] != leaver], past=hand_overs(session, editor),
    )  # fmt: skip
