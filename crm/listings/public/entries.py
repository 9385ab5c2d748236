"""A public entry as a page shows it, in the language of the moment. Reads the snapshot and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crm.accounts.models import Office
from crm.core.i18n import current_language, locale_of
from crm.core.places import country_name, find_city
from crm.listings.models import Snapshot
from crm.vocabularies.models import Term


@dataclass(frozen=True)
class Words:
    """Offices and code lists, to name codes with."""

    offices: Mapping[str, Office]
    terms: Mapping[tuple[str, str], Term]

    def office(self, code: str) -> str:
        return self.offices[code].name if code in self.offices else code

    def term(self, scheme: str, code: str) -> str:
        term = self.terms.get((scheme, code))
        return term.name if term else code

    def field(self, value: str) -> str:
        scheme, _, code = value.partition("-")
        return self.term(scheme, code)


@dataclass(frozen=True)
class Entry:
    snapshot: Snapshot
    words: Words

    @property
    def told(self) -> dict[str, Any]:
        return self.snapshot.entry

    @property
    def slug(self) -> str:
        return self.snapshot.slug

    @property
    def person(self) -> dict[str, Any]:
        """For ``parts/person.html``."""
        return {"full_name": "", **(self.told.get("names") or {})}

    @property
    def name(self) -> str:
        names = self.person
        native = names.get("kanji") or names["full_name"]
        return str(native if current_language() == "ja" else names.get("latin") or native)

    @property
    def title(self) -> str:
        return self.told.get("title") or ""

    @property
    def unit(self) -> str:
        return self.told.get("unit") or ""

    @property
    def institution(self) -> str:
        return institution_name(self.told.get("institution") or {}) or self.snapshot.institution

    @property
    def website(self) -> str:
        return web_address((self.told.get("institution") or {}).get("website"))

    @property
    def country(self) -> str:
        return named_country(self.told.get("country") or "")

    @property
    def city(self) -> str:
        city = self.told.get("city") or ""
        return named_city(self.told.get("country") or "", city) if city else ""

    @property
    def place(self) -> str:
        separator = "、" if current_language() == "ja" else ", "
        return separator.join(part for part in (self.city, self.country) if part)

    @property
    def mission(self) -> Office | None:
        return self.words.offices.get(self.told.get("mission") or "")

    @property
    def fields(self) -> list[str]:
        """Strategic fields are internal tags and stay inside, whatever a snapshot says."""
        shown = [field for field in self.told.get("fields") or [] if field.get("scheme") != "strategic"]
        language = current_language()
        return [field.get(language) or self.words.term(field["scheme"], field["code"]) for field in shown]

    @property
    def keywords(self) -> list[str]:
        return [str(word) for word in self.told.get("keywords") or []]

    @property
    def topics(self) -> list[str]:
        return [*self.fields, *self.keywords]

    @property
    def languages(self) -> list[str]:
        return [named_language(code) for code in self.told.get("languages") or []]

    @property
    def open_to(self) -> list[str]:
        return [self.words.term("open_to", code) for code in self.told.get("open_to") or []]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Addresses with their labels; only such as a browser may open."""
        given = [(web_address(link.get("address")), link.get("label") or "") for link in self.told.get("links") or []]
        return [(address, label or shown_address(address)) for address, label in given if address]

    @property
    def orcid(self) -> str:
        return self.told.get("orcid") or ""


def institution_name(institution: Mapping[str, Any]) -> str:
    wanted = institution.get(f"name_{current_language()}")
    return str(wanted or institution.get("name") or institution.get("name_en") or institution.get("name_ja") or "")


def named_country(code: str) -> str:
    return country_name(code, current_language()) if code else ""


def named_language(code: str) -> str:
    locale = locale_of(current_language())
    return str(locale.languages.get(code.replace("-", "_")) or code)


def named_city(country: str, city: str) -> str:
    return _city_in_japanese(country, city) if current_language() == "ja" else city


@lru_cache(maxsize=4_000)
def _city_in_japanese(country: str, city: str) -> str:
    place = find_city(city, country or None)
    return (place.name_ja if place else None) or city


def web_address(address: str | None) -> str:
    return address if address and address.startswith(("https://", "http://")) else ""


def shown_address(address: str) -> str:
    return address.partition("://")[2].removeprefix("www.").rstrip("/")
