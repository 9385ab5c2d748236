from typing import Annotated

from pydantic import AfterValidator, Field

from crm.core.forms import FormModel
from crm.core.i18n import lazy_gettext as _l
from crm.core.identifiers import InvalidIdentifier, normalise
from crm.core.places import country_codes
from crm.organisations.models import OrganisationKind


def ror_id(text: str) -> str:
    try:
        return normalise("ror", text)
    except InvalidIdentifier as error:
        raise ValueError(error.sentence) from error


def country(text: str) -> str:
    if text not in country_codes():
        raise ValueError(_l("Please choose one of the options."))
    return text


def web_address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or any(c.isspace() for c in text):
        raise ValueError(_l("Please give a web address that begins with https://."))
    return text


def lines(text: str) -> str:
    """Each name on a line of its own, none twice."""
    return "\n".join(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))


Name = Annotated[str, Field(max_length=250)]


class OrganisationForm(FormModel):
    name: Name
    name_en: Name | None = None
    name_ja: Name | None = None
    other_names: Annotated[str, Field(max_length=5000), AfterValidator(lines)] = ""
    kind: OrganisationKind
    ror: Annotated[str, Field(max_length=100), AfterValidator(ror_id)] | None = None
    city: Annotated[str, Field(max_length=200)] | None = None
    """A city, with its region after a comma where the name alone is not enough."""
    country: Annotated[str, AfterValidator(country)]
    website: Annotated[str, Field(max_length=500), AfterValidator(web_address)] | None = None
    version: int | None = None
    """Of the record when the form was opened."""
