"""Filling in from ORCID: into the form of a new record, or beside what a record has; stored only when chosen."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import PeopleEditor
from crm.core.db import Sess
from crm.core.errors import Missing, Problem
from crm.core.forms import Form, FormModel, posted
from crm.core.i18n import gettext as _
from crm.core.identifiers import InvalidIdentifier, normalise
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.people.actions import change_person
from crm.people.forms import PersonForm, field_labels
from crm.people.models import Origin, Source
from crm.people.orcid import NO_NUMBER, differences, orcid_values
from crm.people.queries.record import Record, record_of

router = Router(prefix="/people/{person_id}/orcid")


class TakenForm(FormModel):
    """``take``: names of the fields to take over; ``version`` is that of the record the editor saw."""

    take: list[str] = Field(default_factory=list)
    version: int | None = None


def fill_in(request: Request, form: Form[PersonForm], typed: str) -> None:
    """What ORCID says goes into the boxes; what went wrong stands beside the number."""
    form.values["orcid"] = typed
    try:
        number = normalise("orcid", typed)
        form.values.update(orcid_values(settings_of(request).orcid_url, number))
    except (InvalidIdentifier, Problem) as error:
        form.errors["orcid"] = str(error)


@router.get("", name="people:orcid")
def compare(request: Request, session: Sess, editor: PeopleEditor, person_id: UUID) -> Response:
    record = record_of(session, editor, person_id)
    problem, rows = "", list[tuple[str, str, str]]()
    try:
        rows = differences(record.form_values(), _said(request, record))
    except Problem as error:
        problem = str(error)
    return page(request, "people/orcid", record=record, rows=rows, problem=problem, labels=field_labels())


@router.post("", name="people:orcid_take")
def take(
    request: Request,
    session: Sess,
    editor: PeopleEditor,
    person_id: UUID,
    form: Annotated[Form[TakenForm], posted(TakenForm)],
) -> Response:
    record = record_of(session, editor, person_id)
    wanted = {name: new for name, _old, new in differences(record.form_values(), _said(request, record))}
    taken = {name: text for name, text in wanted.items() if name in form.data.take}
    _save(session, editor, record, {**taken, "version": form.data.version})
    flash(request, _("The change has been saved."))
    return go(request, "people:detail", person_id=person_id)


def _said(request: Request, record: Record) -> dict[str, str]:
    numbers = {scheme: value for scheme, value, _address in record.identifiers}
    if "orcid" not in numbers:
        raise Missing(NO_NUMBER)
    return orcid_values(settings_of(request).orcid_url, numbers["orcid"])


def _save(session: Session, editor: PeopleEditor, record: Record, changed: dict[str, Any]) -> None:
    values = PersonForm.model_validate({**record.form_values(), **changed})
    change_person(session, editor, record.person, values, Source(Origin.ORCID))
