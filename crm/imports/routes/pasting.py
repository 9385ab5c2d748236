"""Text that somebody copied, into the form of a new person: shown, correctable, stored only when it is saved."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from crm.accounts.access import PeopleEditor
from crm.core.db import Sess
from crm.core.forms import Form, FormModel, posted
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import go, page
from crm.imports.reading.sandbox import person_in
from crm.imports.reading.shapes import EntryFields
from crm.imports.reading.values import orcids
from crm.people.forms import PersonForm
from crm.people.models import Basis, Sector
from crm.people.routes.records import choices

router = Router(prefix="/people/new/paste")
_TEXTS = (
    "full_name", "family", "given", "kanji", "kana", "latin", "title", "institution", "unit", "city", "country",
    "email", "phone", "orcid", "erad",
)  # fmt: skip


class PastedForm(FormModel):
    text: Annotated[str, Field(max_length=4_000)]


@router.post("", name="imports:paste")
def paste(
    request: Request, session: Sess, _editor: PeopleEditor, pasted: Annotated[Form[PastedForm], posted(PastedForm)]
) -> Response:
    found = None if pasted.errors else person_in(pasted.data.text)
    if not pasted.errors and found is None and (numbers := orcids(pasted.data.text)):
        # Asked there, for a request that writes keeps no others waiting for a service elsewhere.
        return go(request, "people:new", query={"orcid": numbers[0]})
    if not pasted.errors and found is None:
        pasted.errors["text"] = _("No name was found in this text. Please type it in below.")
    likely = {"sector": Sector.ACADEMIA.value, "basis": Basis.OWN_CONTACT.value}
    form = Form(PersonForm, {**likely, **(person_values(found) if found else {})})
    status = 422 if pasted.errors else 200
    context = {"form": form, "pasted": pasted, "record": None, "theirs": [], **choices(session)}
    return page(request, "people/edit", status=status, **context)


def person_values(fields: EntryFields) -> dict[str, Any]:
    """As the form of a person has them."""
    said = {name: value for name, value in asdict(fields).items() if name in _TEXTS and value}
    lines = {name: "\n".join(getattr(fields, name)) for name in ("research_fields", "links")}
    return {**said, **{name: text for name, text in lines.items() if text}}
