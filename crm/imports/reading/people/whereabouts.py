"""Position, institution, unit, city and country of a person."""

import re
from functools import lru_cache

from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import STRONG, UNIT, Affiliation, is_city, split_affiliation
from crm.imports.reading.people.cells import Around, Cells, Person, one_line
from crm.imports.reading.values import (
    country_code,
    is_ditto,
    is_placeholder,
)  # fmt: skip

_ADDRESSED = re.compile(
    r"(?:Univ\.-|Jun\.-|Apl\. |Assoz\. |Priv\.-)?(?:Prof|Pr|Dr|Doz|PD|Mr|Ms|Mrs|M|Mme|Herr|Frau)\b[\w. -]*"
)


def fill_affiliation(person: Person, cells: Cells, around: Around, name_title: str | None) -> None:
    fields, above = person.fields, _above(cells, around)
    institution = _institution(cells, around)
    known = bool(institution.institution or above.institution)
    unit = _joined_units(cells.get("unit", []), around, known)
    title = _titles(cells.get("title", []), around, known)
    places = [tidy(text) for text in cells.get("city", []) if not is_placeholder(text)]
    places = [one_line(text) if around.wrapped else text.replace("\n", ", ") for text in places]
    place = _place(places[0], around) if places else Affiliation()
    fields.institution = institution.institution or above.institution or unit.institution or title.institution
    fields.unit = unit.unit or institution.unit or title.unit or above.unit
    fields.title = title.title or institution.title or unit.title or name_title
    fields.city = place.city or institution.city or unit.city or above.city
    found = (_country(person, cells, around), place.country, institution.country, above.country, around.country)
    fields.country = next((code for code in found if code), None)


def _above(cells: Cells, around: Around) -> Affiliation:
    """What holds for this row though it does not say so: its section's institution and place, or the row above."""
    section, carried = around.section, around.carried
    if cells.get("institution"):
        return Affiliation(city=None if section.institution else section.city, country=section.country)
    if section.institution:
        return section
    if not around.fill_down:
        return Affiliation(city=section.city, country=section.country)
    return Affiliation(
        None, carried.institution, None, carried.city or section.city, carried.country or section.country
    )


def _place(text: str, around: Around) -> Affiliation:
    return Affiliation(city=around.carried.city) if is_ditto(text) else split_place(text)


def _starts_ditto(text: str) -> bool:
    return is_ditto(text.split("\n", maxsplit=1)[0])


def _institution(cells: Cells, around: Around) -> Affiliation:
    texts = [text for text in cells.get("institution", []) if text.strip()]
    if not texts:
        return Affiliation()
    text = tidy(texts[0])
    if _starts_ditto(text):
        above = around.carried if around.carried.institution else around.section
        rest = "\n".join(text.split("\n")[1:])
        below = split_affiliation(rest, around.wrapped, True) if rest else Affiliation()
        return Affiliation(
            None,
            above.institution,
            below.unit or below.rest,
            below.city or above.city,
            below.country or above.country,
        )
    whole = one_line(text)
    if around.wrapped and cells.get("city") and not UNIT.search(whole):
        text = whole
    found = split_affiliation(text, around.wrapped)
    if found.institution and found.city and not found.unit and cells.get("city"):
        if not is_city(found.city) and "," in text:
            return Affiliation(found.title, found.institution, found.city, None, found.country)
        return Affiliation(found.title, whole) if not re.search(r"[(（]", whole) else found
    if (
        found.institution
        and found.rest
        and not (found.unit or cells.get("unit"))
        and _is_part(found.rest, found.institution)
    ):
        return Affiliation(found.title, found.institution, found.rest, found.city, found.country)
    if found.institution is None or found.rest:
        return (
            Affiliation(
                found.title, whole if not found.title else found.institution or whole, None, None, found.country
            )
            if not found.unit
            else found
        )
    return found


def _is_part(text: str, institution: str) -> bool:
    """College of Engineering; not a street, a list of words, or an institute that is named with its 機構."""
    return not re.search(r"\d|, ", text) and not (institution.endswith("機構") and STRONG.search(text))


def _joined_units(texts: list[str], around: Around, known: bool) -> Affiliation:
    """A unit column is a unit; only where no institution is known may it name one as well."""
    text = one_line(tidy(texts[0])) if around.wrapped and texts else "\n".join(tidy(text) for text in texts)
    texts = [text] if text else []
    if not texts or is_ditto(texts[0]):
        return Affiliation(unit=around.carried.unit if texts else None)
    if not known:
        found = split_affiliation(texts[0], False)
        if found.institution and found.unit:
            return found
    return Affiliation(
        unit=", ".join(texts[0].split("\n"))
        if not re.search(r"[\u3040-\u9fff]", texts[0])
        else " ".join(texts[0].split("\n"))
    )


def _close(text: str) -> str:
    """A word of two kanji set wide: 教　授."""
    return re.sub(r"^([\u4e00-\u9fff]) ([\u4e00-\u9fff])$", r"\1\2", text)


def _positions(lines: list[str]) -> list[str]:
    """What somebody is called by is no position, where one is given."""
    return [line for line in lines if not _ADDRESSED.fullmatch(line)] or lines


def _titles(texts: list[str], around: Around, known: bool) -> Affiliation:
    texts = [re.sub(r"\s*[*＊†‡※]+\d*$", "", text) for text in texts]
    texts = [_close(tidy(text)) if not is_ditto(text) else around.carried.title or "" for text in texts]
    found = [split_affiliation(one_line(text) if around.wrapped else text, False, known) for text in texts]
    if found and any(part.unit for part in found) and any(part.title for part in found):
        return Affiliation(
            ", ".join(part.title for part in found if part.title), None, next(part.unit for part in found if part.unit)
        )
    whole = [one_line(text) if around.wrapped else ", ".join(_positions(text.split("\n"))) for text in texts]
    longest = [text for text in whole if not _ADDRESSED.fullmatch(text)]
    return Affiliation(title=next(iter(longest or whole), None))


@lru_cache(maxsize=5_000)
def split_place(text: str) -> Affiliation:
    """City, and the country where it stands with it: "Cambridge, MA, USA", "Paris (France)"."""
    pieces = [piece.strip() for piece in re.split(r"\s*[,，、/（(;\n]\s*", text.rstrip(")）")) if piece.strip()]
    code = country_code(pieces[-1]) if len(pieces) > 1 and (len(pieces[-1]) > 2 or len(pieces) > 2) else None
    rest = pieces[:-1] if code else pieces
    address = [piece for piece in rest if not re.search(r"\d", piece)] or rest
    if len(pieces) == 1 and len(pieces[0]) > 2 and (alone := country_code(pieces[0])) and not is_city(pieces[0]):
        return Affiliation(country=alone)
    city = address[0] if len(address) == 1 or not re.search(r"\d", text) else address[-1]
    return Affiliation(city=re.sub(r"^(?:[A-Z]{1,2}-)?\d{4,6}\s+", "", city), country=code)


def _country(person: Person, cells: Cells, around: Around) -> str | None:
    texts = [tidy(text) for text in cells.get("country", [])]
    if not texts:
        return None
    if is_ditto(texts[0]):
        return around.carried.country
    code = country_code(one_line(texts[0]))
    if code is None:
        person.doubts.append("country_unknown")
    return code
