from typing import Annotated

from pydantic import Field, field_validator

from crm.core.forms import FormModel
from crm.core.i18n import gettext as _
from crm.core.identifiers import InvalidIdentifier, normalise
from crm.core.places import country_code
from crm.organisations.entries import OrganisationEntry
from crm.organisations.models import OrganisationKind

Short = Annotated[str, Field(max_length=300)]


class OrganisationForm(FormModel):
    """``name_ja`` and ``acronym`` become further names."""

    name: Short
    name_ja: Short | None = None
    name_en: Short | None = None
    acronym: Short | None = None
    kind: OrganisationKind = OrganisationKind.UNIVERSITY
    ror: str | None = None
    city: Short | None = None
    country: str | None = None
    website: Short | None = None
    version: int | None = None

    @field_validator("ror")
    @classmethod
    def _check_ror(cls, value: str | None) -> str | None:
        try:
            return normalise("ror", value) if value else None
        except InvalidIdentifier as error:
            raise ValueError(str(error)) from error

    @field_validator("country")
    @classmethod
    def _check_country(cls, value: str | None) -> str | None:
        if value and country_code(value) is None:
            raise ValueError(_("Please choose a country or region from the list."))
        return country_code(value) if value else None

    @field_validator("website")
    @classmethod
    def _check_website(cls, value: str | None) -> str | None:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError(_("Please give a web address that begins with https://."))
        return value

    def entry(self) -> OrganisationEntry:
        further = (("ja", self.name_ja), ("en", self.name_en), ("", self.acronym))
        return OrganisationEntry(
            name=self.name,
            kind=self.kind,
            ror=self.ror,
            names=tuple((language, name) for language, name in further if name),
            city=self.city,
            country=self.country,
            website=self.website,
        )
