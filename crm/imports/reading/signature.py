"""One person from pasted text: a mail signature, a business card as text, or a vCard."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crm.core.names import parse_name
from crm.core.names.scripts import HAN, KANA, tidy
from crm.core.names.titles import split_titles
from crm.imports.reading.affiliation import STRONG, TITLE, UNIT, Affiliation, is_city, split_affiliation
from crm.imports.reading.cards import cards_in
from crm.imports.reading.people.whereabouts import split_place
from crm.imports.reading.profile import COLUMNS
from crm.imports.reading.shapes import Grid, Line, Reading
from crm.imports.reading.tabular import has_name
from crm.imports.reading.values import EMAIL, ORCID, URL, emails, orcids, phones, plain_addresses, urls
from crm.imports.reading.words import alternatives

_LINES, _WIDTH = 40, 200
"""Nobody's signature is longer, and patterns take their time over what is."""
_PARTS = re.compile(r"\s*(?:[|｜•·]|\t|\s/\s|\s{3,}|　{2,})\s*")
_RULE = re.compile(r"^[\s\W_]*$")
_END = re.compile(rf"^{alternatives('signature end')}[\s,，.。!！]*$", re.IGNORECASE)
_STREET = re.compile(alternatives("signature streets"), re.IGNORECASE)
_POSTCODE = re.compile(r"(?:^|[\s,-])\d{4,6}\s+[^\W\d]|\b[A-Z]{2}\s+\d{5}\b|〒")
_STATE_AND_ZIP = re.compile(r"(?<=[^\W\d_]),?\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?(?=\s*(?:,|$))")
_AMERICAN = re.compile(r"(?<![\w.+-])(?:1[\s.-])?\(?[2-9]\d{2}\)?[\s.-]\s?\d{3}[\s.-]\d{4}(?![\w-])")
"""Written as at home, without a sign of a country."""
_ACRONYM = re.compile(r"[A-Z]{3,9}")
_FAX = re.compile(r"\b(?:fax|f)\b\s*[:.：]?\s*[+\d(][\d\s()./-]*", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:\b(?:e-?mail|mail|tel(?:efon|ephone)?|t[ée]l|phone|mobile|mob|cell|url|web(?:site)?|orcid(?: id)?|[temw])"
    r"|電話|携帯|メール)\s*[:.：]?\s*$",
    re.IGNORECASE,
)
_WITH_POST = re.compile(rf"^(\S*[{HAN}]\S*)[\s　]+([{HAN}{KANA}]{{1,4}}[\s　]+[{HAN}{KANA}]{{1,5}}.*)$")


@dataclass(slots=True)
class _Found:
    names: list[str] = field(default_factory=list)
    work: list[str] = field(default_factory=list)
    city: str | None = None
    country: str | None = None
    values: dict[str, list[str]] = field(default_factory=dict)


def read_signature(text: str) -> Reading:
    """A list of one. What is unsure is left out."""
    return Reading("", "signature", None, cards_in(text) if "BEGIN:VCARD" in text.upper() else [_grid(text)])


def _grid(text: str) -> Grid:
    found = _Found()
    for line in _lines(text):
        _take(line, found)
    names = _of_one_person(found)
    lines = [line for line in found.work if not any(line in name for name in names)]
    work = _work("\n".join(lines)) if lines else None
    cells = {
        "full_name": "\n".join(names),
        "title": (work and work.title) or "",
        "institution": (work and work.institution) or "",
        "unit": (work and work.unit) or "",
        "city": found.city or (work and work.city) or "",
        "country": found.country or (work and work.country) or "",
        **{name: "\n".join(values) for name, values in found.values.items()},
    }
    return Grid("", [Line(1, [cells.get(name, "") for name in COLUMNS])], fields=list(COLUMNS))


def _work(text: str) -> Affiliation:
    """Beside an institution of capitals ("Quantum Optics, ICFO") a piece that names none is its unit."""
    work = split_affiliation(text)
    if work.city and _ACRONYM.fullmatch(work.city) and not STRONG.search(work.institution or ""):
        return Affiliation(work.title, work.city, work.unit or work.institution, None, work.country)
    return work


def _lines(text: str) -> Iterator[str]:
    """What stands below the last greeting, in pieces; rules of dashes and stars are none."""
    lines = [line for line in map(tidy, text.splitlines()) if line]
    ends = [place for place, line in enumerate(lines) if _END.match(line)]
    after = lines[ends[-1] + 1 :] if ends and any(lines[ends[-1] + 1 :]) else lines
    for line in after[:_LINES]:
        for part in _PARTS.split(line[:_WIDTH]):
            if not _RULE.match(part):
                yield part.strip(" *-–—_=#")


def _take(line: str, found: _Found) -> None:
    rest = _addresses(line, found)
    if not rest or _END.match(rest):
        return
    bare = split_titles(re.sub(r"\s*[(（][^()（）]*[)）]\s*$", "", rest))[0]
    if _STREET.search(rest) or _POSTCODE.search(rest):
        _place(rest, found)
    elif (named := _WITH_POST.match(rest)) and TITLE.search(named.group(1)) and has_name(named.group(2)):
        found.work.append(named.group(1))
        found.names.append(named.group(2))
    elif has_name(bare) and not (STRONG.search(bare) or UNIT.search(bare)):
        found.names.append(rest)
    elif place := _bare_place(rest):
        found.country = found.country or place
    else:
        found.work.append(rest)


def _addresses(line: str, found: _Found) -> str:
    """Puts addresses and numbers where they belong; returns what is left of the line without its labels."""
    line = _FAX.sub(" ", plain_addresses(line))
    kinds = {"email": (emails, EMAIL), "orcid": (orcids, ORCID), "links": (urls, URL)}
    for name, (read, pattern) in kinds.items():
        if values := read(line):
            found.values.setdefault(name, []).extend(values)
            line = pattern.sub(" ", line)
    for phone in phones(line) or _AMERICAN.findall(line):
        found.values.setdefault("phone", [phone])
        line = line.replace(phone, " ")
    while (shorter := _LABEL.sub("", line.strip(" :：,、"))) != line:
        line = shorter
    return line


def _place(address: str, found: _Found) -> None:
    if re.search(f"[{HAN}]", address):
        return
    place = split_place(_STATE_AND_ZIP.sub("", address))
    if place.city and (_POSTCODE.search(address) or is_city(place.city)):
        found.city = found.city or place.city
    found.country = found.country or place.country


def _bare_place(text: str) -> str | None:
    return split_place(text).country if not re.search(r"\d", text) and "," not in text else None


def _of_one_person(found: _Found) -> list[str]:
    """The name that the mail address bears, else the first; with the same person's name in another script."""
    address = re.sub(r"[^a-z]", "", " ".join(found.values.get("email", [])).partition("@")[0].lower())
    latin = [name for name in found.names if parse_name(name).latin]
    borne = [name for name in latin if any(word.lower() in address for word in re.findall(r"[A-Za-z]{3,}", name))]
    kanji = [name for name in found.names if parse_name(name).kanji and name not in latin]
    return [*kanji[:1], *(borne or latin)[:1]] or found.names[:1]
