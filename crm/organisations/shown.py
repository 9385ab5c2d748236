"""How an organisation is shown: its name in the reader's language first, the name it uses itself second."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from crm.core.choices import Choice
from crm.core.forms import Form
from crm.core.i18n import current_language, locale_of
from crm.core.i18n import gettext as _
from crm.core.identifiers import address
from crm.core.places import country_name, gazetteer
from crm.organisations.forms import OrganisationForm
from crm.organisations.models import Organisation, OrganisationKind, OrganisationName


class NamesOf:
    """The names of one organisation; of several English or Japanese ones the first counts as *the* name."""

    def __init__(self, rows: Sequence[OrganisationName]) -> None:
        self.rows = rows
        self.first = {row.language: row for row in reversed(rows) if row.language}
        main = {self.first[language].id for language in ("en", "ja") if language in self.first}
        self.others = [row for row in rows if row.id not in main]

    def in_language(self, language: str) -> str | None:
        return self.first[language].name if language in self.first else None

    def language_of(self, name: str) -> str | None:
        """English last: many names that are not English are used in English as they are."""
        languages = sorted((row.language for row in self.rows if row.name == name), key=lambda code: code == "en")
        return next((language for language in languages if language), None)


@dataclass(frozen=True, slots=True)
class Shown:
    id: UUID
    title: str
    title_language: str | None
    second: str | None
    second_language: str | None
    place: str
    kind: Choice
    ror: str | None


def shown(organisation: Organisation, names: Sequence[OrganisationName]) -> Shown:
    language, known = current_language(), NamesOf(names)
    own, own_language = organisation.name, known.language_of(organisation.name)
    title = known.in_language(language)
    return Shown(
        id=organisation.id,
        title=title or own,
        title_language=language if title else own_language,
        second=own if title and title != own else None,
        second_language=own_language,
        place=place_line(organisation),
        kind=organisation.kind,
        ror=organisation.ror,
    )


def place_line(organisation: Organisation) -> str:
    """``Zurich · Switzerland``, ``チューリッヒ・スイス``."""
    language = current_language()
    city = organisation.city
    if language == "ja" and organisation.geonames_id:
        known = gazetteer().by_id(organisation.geonames_id)
        city = known.name_ja if known and known.name_ja else city
    country = country_name(organisation.country, language) if organisation.country else None
    return ("・" if language == "ja" else " · ").join(part for part in (city, country) if part)


def city_line(organisation: Organisation) -> str:
    """The city as a form has it: with its region, which tells one Cambridge from another."""
    return ", ".join(part for part in (organisation.city, organisation.region) if part)


def names_of(session: Session, organisation_id: UUID) -> list[OrganisationName]:
    return names_of_many(session, [organisation_id]).get(organisation_id, [])


def names_of_many(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[OrganisationName]]:
    rows = select(OrganisationName).where(col(OrganisationName.organisation_id).in_(ids))
    found: dict[UUID, list[OrganisationName]] = {}
    for row in session.exec(rows.order_by(col(OrganisationName.language), col(OrganisationName.id))):
        found.setdefault(row.organisation_id, []).append(row)
    return found


def details(organisation: Organisation, names: Sequence[OrganisationName]) -> dict[str, Any]:
    """What the page of one organisation needs beside its heading."""
    sorted_names = sorted(names, key=lambda row: (row.language not in ("ja", "en"), not row.language, row.language))
    return {
        "names": [(_language_name(row.language), row.language, row.name) for row in sorted_names],
        "place": place_line(organisation),
        "link": address("ror", organisation.ror) if organisation.ror else None,
    }


def _language_name(code: str) -> str:
    if not code:
        return _("Short or other name")
    return str(locale_of(current_language()).languages.get(code, code))


def filled_form(organisation: Organisation, names: Sequence[OrganisationName]) -> Form[OrganisationForm]:
    known = NamesOf(names)
    stored = organisation.model_dump(mode="json", include={"name", "kind", "ror", "country", "website", "version"})
    return Form.of(
        OrganisationForm,
        **{field: value for field, value in stored.items() if value is not None},
        name_en=known.in_language("en") or "",
        name_ja=known.in_language("ja") or "",
        other_names="\n".join(dict.fromkeys(row.name for row in known.others)),
        city=city_line(organisation),
    )


def comparison_rows(stored: Form[OrganisationForm], typed: Form[OrganisationForm]) -> list[tuple[str, str, str]]:
    """(label, stored now, what was entered) of the fields that differ."""
    labels = {
        "name": _("Name as the institution writes it"),
        "name_en": _("Name in English"),
        "name_ja": _("Name in Japanese"),
        "other_names": _("Other names"),
        "kind": _("Kind"),
        "ror": _("ROR ID"),
        "country": _("Country or region"),
        "city": _("City"),
        "website": _("Website"),
    }
    rows = []
    for field, label in labels.items():
        theirs, mine = stored.values.get(field) or "", typed.data.model_dump(mode="json").get(field) or ""
        if theirs != mine:
            rows.append((label, _worded(field, theirs), _worded(field, mine)))
    return rows


def _worded(field: str, value: str) -> str:
    if field == "kind":
        return str(OrganisationKind(value).label)
    if field == "country" and value:
        return country_name(value, current_language())
    return value.replace("\n", ", ")
