from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleEditor
from crm.accounts.verbs import SUBJECTS
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page
from crm.people.actions.merge import merge_people, undo_merge
from crm.people.forms import field_labels
from crm.people.merging import MergeForm
from crm.people.queries.alike import people_like
from crm.people.queries.joining import refusal
from crm.people.queries.merges import to_choose
from crm.people.queries.record import record_of
from crm.people.queries.search import suggest_people
from crm.people.queries.visible import visible_person

router = Router(prefix="/people")


@router.get("/{person_id}/merge", name="people:merge")
def choose(
    request: Request, session: Sess, editor: PeopleEditor, person_id: UUID, other: UUID | None = None, q: str = ""
) -> Response:
    """Whom to merge with; then what the two say, before anything happens."""
    if other and other != person_id:
        form = Form(MergeForm, {"other": str(other)})
        return compared(request, session, editor, person_id, form)
    person = visible_person(session, editor, person_id)
    found = [one for one in suggest_people(session, editor, q) if one.id != person_id] if q else []
    alike = [] if q else people_like(session, editor, person_id)
    return page(request, "people/merge_with", person=person, alike=alike, found=found, q=q)


@router.post("/{person_id}/merge", name="people:merge_do")
def merge(
    request: Request, session: Sess, editor: PeopleEditor, person_id: UUID,
    form: Annotated[Form[MergeForm], posted(MergeForm)],
) -> Response:  # fmt: skip
    if "other" in form.errors:
        return go(request, "people:merge", person_id=person_id)
    kept, lost = (visible_person(session, editor, UUID(str(id))) for id in (person_id, form.values["other"]))
    done = form.attempt(session, merge_people, editor, kept, lost, request.app.state.merge_rules)
    if done is None:
        return compared(request, session, editor, person_id, form, 422)
    flash(request, _("The records are one now. You can undo this for 90 days, under “History”."))
    return go(request, "people:detail", person_id=person_id)


@router.post("/merges/{merge_id}/undo", name="people:merge_undo")
def undo(request: Request, session: Sess, editor: PeopleEditor, merge_id: UUID) -> Response:
    lost, left = undo_merge(session, editor, merge_id)
    flash(request, _("The records are two again."))
    if left:
        names = sorted({str(SUBJECTS.get(name, _("another record"))) for name in left})
        flash(request, _("Changed since, and therefore left where it is: %(what)s", what=_(", ").join(names)), "warn")
    return go(request, "people:detail", person_id=lost.id)


def compared(
    request: Request, session: Session, editor: Actor, person_id: UUID, form: Form[MergeForm], status: int = 200
) -> Response:
    kept = record_of(session, editor, person_id)
    other = record_of(session, editor, UUID(str(form.values["other"])))
    form.values |= {"version": str(kept.person.version), "other_version": str(other.person.version)}
    return page(
        request, "people/merge", status=status, form=form, kept=kept, other=other, labels=field_labels(),
        rows=to_choose(kept, other), refused=refusal(session, request.app.state.merge_rules, kept.person, other.person),
        joined=[each for ask in request.app.state.joined for each in ask(session, editor, person_id, other.person.id)],
    )  # fmt: skip
