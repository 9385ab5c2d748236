"""What a business card says beside who somebody is: when it was given, its address, its numbers, its tags."""

import re
from datetime import date

from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import STRONG, is_city
from crm.imports.reading.people.cells import Cells, Person, one_line
from crm.imports.reading.people.whereabouts import split_place
from crm.imports.reading.values import country_code, many
from crm.imports.reading.words import alternatives

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_POSTCODE = re.compile(r"〒?\s*(\d{3})-?(\d{4})")
_PREFECTURE = re.compile(r"(?:東京都|北海道|(?:京都|大阪)府|[一-龥]{2,3}県)")
_MUNICIPALITY = re.compile(
    r"(?:(?<=東京都)[一-龥]{1,4}?区|[一-龥ぁ-んァ-ヶ]{1,6}?市(?![市郡町])|[一-龥ぁ-んァ-ヶ]{1,5}?郡[一-龥ぁ-んァ-ヶ]{1,6}?[町村])"
)
_COMPANY = re.compile(alternatives("companies"), re.IGNORECASE)
_GOVERNMENT = re.compile(alternatives("governments"), re.IGNORECASE)


def fill_card(person: Person, cells: Cells) -> None:
    """Of a list of cards alone. What a company's person works on is no field of research."""
    fields = person.fields
    fields.met_on = _day(person, cells)
    fields.tags = list(dict.fromkeys(tag[:80] for text in cells.get("tags", []) for tag in many(tidy(text))))
    fields.more_phones = _numbers(cells.get("phone", []), fields.phone)
    _place(person, cells)
    company = one_line(tidy(cells.get("institution", [""])[0]))
    if _COMPANY.search(company):
        fields.institution = company
    fields.sector = _sector(fields.institution or "")


def _day(person: Person, cells: Cells) -> str | None:
    texts = cells.get("met_on", [])
    found = next((day for text in texts if (day := day_of(text))), None)
    if texts and found is None:
        person.doubts.append("day_unclear")
    return found.isoformat() if found else None


def day_of(text: str) -> date | None:
    if not (found := _DAY.search(tidy(text))):
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _numbers(texts: list[str], first: str | None) -> list[str]:
    """Those beside the first, each once however it is written."""
    seen = {re.sub(r"\D", "", first or "")}
    found = []
    for text in texts:
        number, digits = tidy(text).replace("\n", " "), re.sub(r"\D", "", text)
        if digits and digits not in seen:
            seen.add(digits)
            found.append(number)
    return found


def _place(person: Person, cells: Cells) -> None:
    """The address as one line; city and country from it where no column of their own says them."""
    fields = person.fields
    parts = [tidy(text).replace("\n", " ") for name in ("region", "city", "street") for text in cells.get(name, [])]
    whole = [tidy(text).replace("\n", " ") for text in cells.get("address", [])]
    japanese = any(sign >= "一" for part in parts for sign in part)
    address = whole[0] if whole else ("" if japanese else ", ").join(parts)
    postcode = _POSTCODE.fullmatch("".join(cells.get("postcode", [])[:1]).strip())
    inside = _PREFECTURE.match(address)
    if inside or (postcode and re.search("[市区町村]", address)):
        fields.country = fields.country or "JP"
    if inside and not cells.get("city"):
        town = _MUNICIPALITY.match(address, inside.end())
        fields.city = town.group() if town else fields.city
    elif address and not cells.get("city"):
        pieces = [piece for piece in re.split(r"\s*[,，、]\s*", address) if len(piece) > 2 and not country_code(piece)]
        towns = [piece for piece in pieces if is_city(piece)]
        fields.city = fields.city or next(reversed(towns), None)
        fields.country = fields.country or split_place(address).country
    shown = f"〒{postcode.group(1)}-{postcode.group(2)}" if postcode else "".join(cells.get("postcode", [])[:1])
    fields.address = " ".join(part for part in (shown, address) if part and address) or None


def _sector(institution: str) -> str | None:
    if _COMPANY.search(institution):
        return "industry"
    if _GOVERNMENT.search(institution):
        return "government"
    return "academia" if STRONG.search(institution) else "other"
