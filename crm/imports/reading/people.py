"""The fields of one person from the cells of one row."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from crm.core.names import ParsedName, Script, parse_name, script_of
from crm.core.names.latin import order_votes
from crm.core.names.parse import LONGEST
from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import UNIT, Affiliation, joined, split_affiliation
from crm.imports.reading.shapes import EntryFields
from crm.imports.reading.values import (
    country_code,
    emails,
    erad_valid,
    is_ditto,
    is_nothing,
    is_placeholder,
    many,
    orcid_valid,
    orcids,
    phones,
    unwrap,
    urls,
)  # fmt: skip

Cells = dict[str, list[str]]


@dataclass(slots=True)
class Person:
    fields: EntryFields
    problem: str | None = None
    doubts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Around:
    """What a row takes from its surroundings: the row or heading above, the title of the list."""

    family_first: bool | None = None
    country: str | None = None
    wrapped: bool = False
    above: Affiliation = field(default_factory=Affiliation)
    fill_down: bool = False


def person_of(cells: Cells, hrefs: list[str], around: Around) -> Person:
    person = Person(EntryFields())
    kept = {name: [text for text in texts if not is_nothing(text)] for name, texts in cells.items()}
    _contacts(person, kept, hrefs, around.wrapped)
    title = _name(person, kept, around)
    _affiliation(person, kept, around, title)
    for name in ("research_fields", "languages", "open_to"):
        texts = [_one_line(text) if around.wrapped else text for text in kept.get(name, [])]
        setattr(person.fields, name, list(dict.fromkeys(piece for text in texts for piece in many(text))))
    person.fields.note = "\n".join(tidy(text) for text in kept.get("note", [])) or None
    return person


def _one_line(text: str) -> str:
    whole = ""
    for line in text.split("\n"):
        whole = joined(whole, line.strip())
    return whole


def _name(person: Person, cells: Cells, around: Around) -> str | None:
    """Fills the name; gives back the title that stood with it."""
    written = [text for text in cells.get("full_name", []) if text.strip()]
    if any(len(text) > LONGEST for text in written):
        person.doubts.append("name_shortened")
    kana = _spoken(cells.get("kana", []))
    parsed = [_parsed(text, kana, person.fields.email, around) for text in written]
    split = _from_parts(cells)
    names = [*split, *parsed] if split and (not parsed or not parsed[0].family) else [*parsed, *split]
    names += [
        ParsedName(name.full, name.family, name.given, kanji=name.kanji or name.full)
        for name in map(parse_name, cells.get("kanji", []))
    ]
    if not names and kana:
        names = [parse_name(kana)]
    names = [name for name in names if name.full]
    if (
        not names
        or all(is_placeholder(name.full) for name in names)
        or (written and is_placeholder(written[0]) and len(names) == len(parsed))
    ):
        person.problem = "placeholder_name" if written and is_placeholder(written[0]) else "no_name"
        return None
    first = names[0]
    if not any(character.isalpha() for character in first.full):
        person.problem = "not_a_name"
    fields = person.fields
    fields.full_name = _as_first_written(first, written[0] if written and parsed and first is parsed[0] else "")
    fields.kanji = next((name.kanji for name in names if name.kanji), None)
    fields.kana = next((name.kana for name in names if name.kana), None) or kana
    fields.family, fields.given = _parts(names, fields.full_name)
    return " ".join(dict.fromkeys(name.title for name in names if name.title)) or None


def _parsed(text: str, kana: str | None, address: str | None, around: Around) -> ParsedName:
    if around.wrapped and "\n" in text:
        text = "\n".join(_by_script(text.split("\n")))
    name = parse_name(text, around.family_first)
    if not name.latin:
        return name
    vote = order_votes(name.latin, kana or name.kana, address)
    if abs(vote) < 1 or (vote > 0) == around.family_first:
        return name
    return parse_name(text, vote > 0)


def _by_script(lines: list[str]) -> list[str]:
    """A wrapped name is one line again; another script starts its own."""
    pieces: list[str] = []
    for line in lines:
        if (
            pieces
            and script_of(line) is script_of(pieces[-1])
            and (script_of(line) is Script.LATIN or len(pieces[-1]) > 4)
        ):
            pieces[-1] = f"{pieces[-1]} {line}" if script_of(line) is Script.LATIN else pieces[-1] + line
        else:
            pieces.append(line)
    return pieces


def _spoken(texts: list[str]) -> str | None:
    words = [parse_name(text).kana for text in texts]
    return " ".join(word for word in words if word) or None


def _from_parts(cells: Cells) -> list[ParsedName]:
    """Family and given name from columns of their own, per script where both are given in two."""
    names: list[ParsedName] = []
    families, givens = cells.get("family", []), cells.get("given", [])
    for place in range(max(len(families), len(givens))):
        family = parse_name(families[place]) if place < len(families) else None
        given = parse_name(givens[place]) if place < len(givens) else None
        shown_family, shown_given = (family.full if family else None), (given.full if given else None)
        if shown_family and is_placeholder(shown_family):
            continue
        script = script_of(shown_family or shown_given or "")
        both = [part for part in (shown_family, shown_given) if part]
        whole = " ".join(both if script is not Script.LATIN else reversed(both))
        title = next((part.title for part in (family, given) if part and part.title), None)
        names.append(
            ParsedName(
                whole,
                shown_family,
                shown_given,
                whole if script is Script.KANJI else None,
                whole if script is Script.KANA else None,
                whole if script is Script.LATIN else None,
                title,
            )
        )
    return [name for name in names if name.full]


def _as_first_written(name: ParsedName, written: str) -> str:
    """Of a name in two scripts, the one that stands first; "Family, Given" is turned for reading."""
    if name.kanji and name.latin and written and 0 <= _found(written, name.kanji) < _found(written, name.latin):
        return name.kanji
    if name.latin and "," in name.full and name.family and name.given and name.full == name.latin:
        return f"{name.given} {name.family}"
    return name.full


def _found(written: str, part: str) -> int:
    return tidy(written).replace("\n", " ").find(part.split(" ", maxsplit=1)[0].split(",", maxsplit=1)[0])


def _parts(names: list[ParsedName], shown: str) -> tuple[str | None, str | None]:
    """Family and given in the script of the shown name, else in another that shows its structure."""
    script = script_of(shown)
    same = [name for name in names if name.kanji == shown] if script is Script.KANJI else []
    for _name in same:
        parts = re.split(r"\s+", shown)
        if len(parts) > 1:
            return parts[0], " ".join(parts[1:])
    whole = next((name for name in names if name.family and name.given), None)
    if whole is None:
        return names[0].family, names[0].given
    return whole.family, whole.given


def _affiliation(person: Person, cells: Cells, around: Around, name_title: str | None) -> None:
    fields, above = person.fields, around.above
    institution = _institution(cells, around)
    known = bool(institution.institution or above.institution)
    unit = _joined_units(cells.get("unit", []), around, known)
    title = _titles(cells.get("title", []), around, known)
    as_above = not institution.institution and (
        not cells.get("institution") or around.fill_down or any(map(_starts_ditto, cells.get("institution", [])))
    )
    fields.institution = (
        institution.institution or (above.institution if as_above else None) or unit.institution or title.institution
    )
    fields.unit = next(
        (
            part
            for part in (
                unit.unit,
                institution.unit,
                title.unit,
                above.unit if as_above and around.above.rest == "section" else None,
            )
            if part
        ),
        None,
    )
    fields.title = title.title or institution.title or unit.title or name_title
    places = [tidy(text).replace("\n", ", ") for text in cells.get("city", []) if not is_ditto(text)]
    place = split_place(places[0]) if places else Affiliation()
    fields.city = place.city or institution.city or unit.city or (above.city if as_above else None)
    fields.country = (
        _country(person, cells, around)
        or place.country
        or institution.country
        or (above.country if as_above else None)
        or around.country
    )


def _starts_ditto(text: str) -> bool:
    return is_ditto(text.split("\n", maxsplit=1)[0])


def _institution(cells: Cells, around: Around) -> Affiliation:
    texts = [text for text in cells.get("institution", []) if text.strip()]
    if not texts:
        return Affiliation()
    text = tidy(texts[0])
    if _starts_ditto(text):
        rest = "\n".join(text.split("\n")[1:])
        below = split_affiliation(rest, around.wrapped, True) if rest else Affiliation()
        return Affiliation(
            None,
            around.above.institution,
            below.unit or below.rest,
            below.city or around.above.city,
            below.country or around.above.country,
        )
    whole = _one_line(text)
    if around.wrapped and cells.get("city") and not UNIT.search(whole):
        text = whole
    found = split_affiliation(text, around.wrapped)
    if found.institution and found.city and not found.unit and cells.get("city"):
        return Affiliation(found.title, whole) if not re.search(r"[(（]", whole) else found
    if found.institution is None or found.rest:
        return (
            Affiliation(
                found.title, whole if not found.title else found.institution or whole, None, None, found.country
            )
            if not found.unit
            else found
        )
    return found


def _joined_units(texts: list[str], around: Around, known: bool) -> Affiliation:
    """A unit column is a unit; only where no institution is known may it name one as well."""
    text = _one_line(tidy(texts[0])) if around.wrapped and texts else "\n".join(tidy(text) for text in texts)
    texts = [text] if text else []
    if not texts or is_ditto(texts[0]):
        return Affiliation(unit=around.above.unit if texts else None)
    if not known:
        found = split_affiliation(texts[0], False)
        if found.institution and found.unit:
            return found
    return Affiliation(
        unit=", ".join(texts[0].split("\n"))
        if not re.search(r"[\u3040-\u9fff]", texts[0])
        else " ".join(texts[0].split("\n"))
    )


def _titles(texts: list[str], around: Around, known: bool) -> Affiliation:
    texts = [tidy(text) for text in texts if not is_ditto(text)]
    found = [split_affiliation(_one_line(text) if around.wrapped else text, False, known) for text in texts]
    if found and any(part.unit for part in found) and any(part.title for part in found):
        return Affiliation(
            ", ".join(part.title for part in found if part.title), None, next(part.unit for part in found if part.unit)
        )
    whole = [_one_line(text) if around.wrapped else ", ".join(text.split("\n")) for text in texts]
    longest = [
        text
        for text in whole
        if not re.fullmatch(r"(?:Univ\.-|Jun\.-|Apl\. )?(?:Prof|Dr|PD|Mr|Ms|Mrs|M|Mme|Herr|Frau)\b[\w. -]*", text)
    ]
    return Affiliation(title=next(iter(longest or whole), None))


@lru_cache(maxsize=5_000)
def split_place(text: str) -> Affiliation:
    """City, and the country where it stands with it: "Cambridge, MA, USA", "Paris (France)"."""
    pieces = [piece.strip() for piece in re.split(r"\s*[,，、/（(;\n]\s*", text.rstrip(")）")) if piece.strip()]
    code = country_code(pieces[-1]) if len(pieces) > 1 and (len(pieces[-1]) > 2 or len(pieces) > 2) else None
    rest = pieces[:-1] if code else pieces
    address = [piece for piece in rest if not re.search(r"\d", piece)] or rest
    city = address[0] if len(address) == 1 or not re.search(r"\d", text) else address[-1]
    return Affiliation(city=re.sub(r"^(?:[A-Z]{1,2}-)?\d{4,6}\s+", "", city), country=code)


def _country(person: Person, cells: Cells, around: Around) -> str | None:
    texts = [tidy(text) for text in cells.get("country", [])]
    if not texts:
        return None
    if is_ditto(texts[0]):
        return around.above.country
    code = country_code(_one_line(texts[0]))
    if code is None:
        person.doubts.append("country_unknown")
    return code


def _contacts(person: Person, cells: Cells, hrefs: list[str], wrapped: bool) -> None:
    """Addresses may stand in any contact cell: each kind is taken from all of them."""
    fields = person.fields
    texts = [tidy(text) for name in ("email", "links", "researchmap", "orcid", "phone") for text in cells.get(name, [])]
    texts = [unwrap(text) if wrapped else text for text in texts]
    loose = [
        tidy(text)
        for name in ("full_name", "note", "institution")
        for text in cells.get(name, [])
        if "@" in text or "://" in text or "www." in text
    ]
    mails = [href[7:].partition("?")[0] for href in hrefs if href.lower().startswith("mailto:")]
    pages = [href for href in hrefs if re.match(r"https?://", href, re.IGNORECASE)]
    found = [address for text in [*texts, *loose] for address in emails(text)] + [
        address for text in mails for address in emails(text)
    ]
    fields.email = next(iter(found), None)
    links = [url for text in [*texts, *loose] for url in urls(text)] + pages
    links += [
        f"https://researchmap.jp/{text}"
        for text in cells.get("researchmap", [])
        if re.fullmatch(r"[\w.-]{3,40}", text.strip())
    ]
    numbers = [
        number
        for text in [*cells.get("orcid", []), *(link for link in links if "orcid.org" in link)]
        for number in orcids(tidy(text))
    ]
    numbers += [number for text in texts if "orcid" in text.casefold() for number in orcids(text)]
    fields.orcid = next((number for number in numbers if orcid_valid(number)), None)
    if numbers and not fields.orcid:
        person.doubts.append("orcid_invalid")
    fields.links = _unique([link for link in links if "orcid.org/" not in link])
    _numbers(person, cells)


def _numbers(person: Person, cells: Cells) -> None:
    for text in cells.get("erad", []):
        number = re.sub(r"\D", "", tidy(text)).zfill(8)
        if erad_valid(number):
            person.fields.erad = number
        else:
            person.doubts.append("erad_invalid")
    numbers = [
        number
        for name in ("phone", "email", "links")
        for text in cells.get(name, [])
        for number in (phones(tidy(text)) if name != "phone" else [tidy(text).replace("\n", " ")])
    ]
    person.fields.phone = next((number for number in numbers if "@" not in number and "http" not in number), None)


def _unique(links: list[str]) -> list[str]:
    """Each address once, whatever its scheme or last slash."""
    seen: dict[str, str] = {}
    for link in links:
        seen.setdefault(re.sub(r"^https?://(?:www\.)?|/$", "", link, flags=re.IGNORECASE).casefold(), link)
    return list(seen.values())
