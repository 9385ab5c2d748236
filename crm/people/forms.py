"""What may be typed about a person, and the question that the list answers."""

import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from crm.core.forms import FormModel
from crm.core.i18n import GUEST_LANGUAGES
from crm.core.i18n import gettext as _
from crm.core.identifiers import InvalidIdentifier, normalise
from crm.core.names import parse_name
from crm.core.places import country_code
from crm.people.entries import PersonEntry
from crm.people.models import Basis, Sector, Tagging

CODED = ("kakenhi", "ford", "strategic")
"""Fields of research from a code list, each a scheme of ``Interest``."""
Short = Annotated[str, Field(max_length=300)]
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


def valid_email(value: str) -> str:
    """In lower case."""
    if not _EMAIL.fullmatch(value):
        raise ValueError(_("Please give an address such as name@example.org."))
    return value.lower()


def _known_country(value: str | None) -> str | None:
    code = country_code(value) if value else None
    if value and code is None:
        raise ValueError(_("Please choose a country or region from the list."))
    return code


valid_country = AfterValidator(_known_country)


def _offered(language: str | None) -> str | None:
    if language and language not in GUEST_LANGUAGES:
        raise ValueError(_("Please choose one of the options."))
    return language or None


class PersonForm(FormModel):
    """``research_fields`` and ``links`` hold one a line; ``version`` is that of the record the editor saw."""

    full_name: Short
    family: Short | None = None
    given: Short | None = None
    kanji: Short | None = None
    kana: Short | None = None
    latin: Short | None = None
    title: Short | None = None
    institution: Short | None = None
    unit: Short | None = None
    city: Short | None = None
    country: Annotated[str | None, valid_country] = None
    sector: Sector = Sector.ACADEMIA
    research_fields: Annotated[str, Field(max_length=2_000)] = ""
    kakenhi: list[str] = Field(default_factory=list)
    ford: list[str] = Field(default_factory=list)
    strategic: list[str] = Field(default_factory=list)
    open_to: list[str] = Field(default_factory=list)
    languages: list[str] = Field(default_factory=list)
    preferred_language: Annotated[str | None, AfterValidator(_offered)] = None
    email: Short | None = None
    phone: Short | None = None
    links: Annotated[str, Field(max_length=4_000)] = ""
    orcid: str | None = None
    erad: str | None = None
    note: Annotated[str, Field(max_length=10_000)] | None = None
    basis: Basis = Basis.OWN_CONTACT
    version: int | None = None

    @field_validator("email")
    @classmethod
    def _check_email(cls, value: str | None) -> str | None:
        return valid_email(value) if value else None

    @field_validator("orcid")
    @classmethod
    def _check_orcid(cls, value: str | None) -> str | None:
        return _normal("orcid", value)

    @field_validator("erad")
    @classmethod
    def _check_erad(cls, value: str | None) -> str | None:
        return _normal("erad", value)

    @field_validator("links")
    @classmethod
    def _check_links(cls, value: str) -> str:
        if any(not line.startswith(("https://", "http://")) for line in lines_of(value)):
            raise ValueError(_("Please give web addresses that begin with https://, one a line."))
        return value

    def entry(self) -> PersonEntry:
        """As an entry; scripts that were not typed are taken from the name as written."""
        parsed = parse_name(self.full_name)
        apart = {"research_fields", "links", "open_to", "languages", "basis", "version", *CODED}
        plain = self.model_dump(exclude=apart)
        for part in ("family", "given", "kanji", "kana", "latin"):
            plain[part] = plain[part] or getattr(parsed, part)
        return PersonEntry(
            **plain,
            former=parsed.former,
            research_fields=tuple(re.split(r"\s*[\n;、；]\s*", self.research_fields)) if self.research_fields else (),
            links=tuple(lines_of(self.links)),
            open_to=tuple(self.open_to),
            languages=tuple(self.languages),
        )


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _normal(scheme: str, value: str | None) -> str | None:
    try:
        return normalise(scheme, value) if value else None
    except InvalidIdentifier as error:
        raise ValueError(str(error)) from error


class PersonSearch(BaseModel):
    """The list's address: what is looked for, which filters, which order, after which row."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    q: Annotated[str, Field(max_length=500)] = ""
    country: list[str] = Field(default_factory=list)
    institution: list[str] = Field(default_factory=list)
    field: list[str] = Field(default_factory=list)
    sector: list[str] = Field(default_factory=list)
    basis: list[str] = Field(default_factory=list)
    tag: list[str] = Field(default_factory=list)
    place: list[str] = Field(default_factory=list)
    """``city|country`` as a record has them."""
    held: list[Literal["own", "shared"]] = Field(default_factory=list)
    sort: Literal["name", "-name", "new", "-new", "institution", "-institution"] = "name"
    after: str | None = None

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(filter, value) of all that is chosen."""
        names = ("country", "institution", "field", "sector", "basis", "tag", "place", "held")
        return [(name, value) for name in names for value in getattr(self, name)]

    @property
    def asked(self) -> tuple[object, ...]:
        """Equal for two pages of the same people in whatever order."""
        return self.q, tuple(self.chosen)


class ViewForm(FormModel):
    """A question to the list under a name; ``query`` is its address."""

    name: Annotated[str, Field(max_length=120)]
    query: Annotated[str, Field(max_length=4000)] = ""
    shared: bool = False


def field_labels() -> dict[str, str]:
    """The words for the fields of ``PersonForm``, for forms, problems, conflicts and the history."""
    return {
        "full_name": _("Name as written"),
        "family": _("Family name"),
        "given": _("Given name"),
        "kanji": _("Name in Japanese characters"),
        "kana": _("Reading in kana"),
        "latin": _("Name in Latin letters"),
        "title": _("Position"),
        "institution": _("Institution"),
        "unit": _("Department or laboratory"),
        "city": _("City"),
        "country": _("Country or region"),
        "sector": _("Sector"),
        "research_fields": _("Research fields"),
        "kakenhi": _("KAKENHI sections"),
        "ford": _("OECD fields"),
        "strategic": _("Strategic fields"),
        "open_to": _("Open to"),
        "languages": _("Languages spoken"),
        "preferred_language": _("Language for letters"),
        "email": _("E-mail"),
        "phone": _("Phone"),
        "links": _("Links"),
        "orcid": _("ORCID iD"),
        "erad": _("e-Rad researcher number"),
        "note": _("Note of your office"),
        "basis": _("Held as"),
        "names": _("Forms of the name"),
        "identifiers": _("Identifiers"),
        "contact_points": _("Contact"),
        "affiliation": _("Post"),
        "contact_point": _("Contact"),
        "person_name": _("Further name"),
        "spoken_languages": _("Languages spoken"),
        "title_class": _("Position class"),
        "organisation_id": _("Organisation in the directory"),
    }


class BulkForm(FormModel):
    """``query`` is the list that one comes from, so that it can be shown again."""

    kind: Tagging = Tagging.ADD
    name: Annotated[str, Field(max_length=60)]
    ids: Annotated[list[UUID], Field(max_length=500)] = Field(default_factory=list)
    query: Annotated[str, Field(max_length=2000)] = ""
