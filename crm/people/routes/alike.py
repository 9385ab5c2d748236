from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import PeopleEditor
from crm.core.db import Sess
from crm.core.forms import Form, values_of
from crm.core.routing import Router
from crm.core.web import page, settings_of
from crm.people.entries import PersonEntry
from crm.people.forms import PersonForm
from crm.people.queries.alike import people_alike, was_erased

router = Router(prefix="/people")


@router.get("/alike", name="people:alike")
def alike(request: Request, session: Sess, editor: PeopleEditor) -> Response:
    """Who is known already like the person in a form that is still being written."""
    entry = half_written(values_of(request.query_params, PersonForm))
    people = people_alike(session, editor, entry) if entry else []
    erased = entry is not None and was_erased(session, editor, settings_of(request), entry)
    return page(request, "people/alike", people=people, erased=erased)


def half_written(values: dict[str, object]) -> PersonEntry | None:
    """What is wrong, or not written to its end, is left out."""
    form = Form(PersonForm, values).validate()
    if form.errors:
        kept = {name: value for name, value in values.items() if name not in form.errors}
        form = Form(PersonForm, kept).validate()
    return None if form.errors else form.data.entry()
