"""vCard 2.1, 3 and 4: each card is a row. Lines may be folded, quoted-printable, in any encoding."""

import quopri
import re
from collections import Counter, defaultdict
from pathlib import Path

from crm.core.names import Script, script_of
from crm.core.names.scripts import strip_controls
from crm.imports.reading.encodings import decode, known_name
from crm.imports.reading.headings import field_of
from crm.imports.reading.shapes import Grid, Line

_LINE = re.compile(r"^(?:[\w-]+\.)?([A-Za-z0-9-]+)((?:;[^:\"]*(?:\"[^\"]*\")?[^:\"]*)*):(.*)$", re.DOTALL)
COLUMNS = [
    "full_name", "family", "given", "kanji", "kana", "title", "institution", "unit", "city", "country",
    "research_fields", "email", "phone", "links", "orcid", "languages", "note",
]  # fmt: skip
Card = dict[str, list[str]]


def read_cards(path: Path, encoding: str | None) -> tuple[list[Grid], str]:
    text, used = decode(path.read_bytes(), encoding)
    return cards_in(text, used), used


def cards_in(text: str, encoding: str = "utf-8") -> list[Grid]:
    cards = [_properties(card, encoding) for card in re.split(r"(?im)^BEGIN:VCARD[^\S\n]*$", text)[1:]]
    groups = _groups(cards)
    lines = []
    for number, card in enumerate(cards, start=1):
        found = _fields(card)
        found["research_fields"] += [group for group in _categories(card) if group not in groups]
        lines.append(Line(number, [strip_controls("\n".join(found.get(name, []))) for name in COLUMNS]))
    return [Grid("", lines, fields=list(COLUMNS))] if lines else []


def _categories(card: dict[str, list[list[str]]]) -> list[str]:
    return [one.strip() for value in card["CATEGORIES"] for one in value[0].split(",") if one.strip()]


def _groups(cards: list[dict[str, list[list[str]]]]) -> set[str]:
    """Categories that sort the address book and say nothing of anybody's work: most cards have them."""
    found = Counter(group for card in cards for group in set(_categories(card)))
    return {group for group, times in found.items() if len(cards) > 2 and times > len(cards) / 2} | {"myContacts"}


def _properties(card: str, encoding: str) -> dict[str, list[list[str]]]:
    """Property → values, each cut at its semicolons."""
    unfolded = re.sub(r"=\r?\n[ \t]?(?=[^\r\n])", "", card) if "QUOTED-PRINTABLE" in card.upper() else card
    unfolded = re.sub(r"\r?\n[ \t]", "", unfolded)
    properties: dict[str, list[list[str]]] = defaultdict(list)
    for line in unfolded.splitlines():
        if not (found := _LINE.match(line)):
            continue
        name, options, value = found.group(1).upper(), found.group(2), found.group(3)
        if "QUOTED-PRINTABLE" in options.upper():
            value = _unquoted(value, options, encoding)
        parts = (
            [_plain(part) for part in re.split(r"(?<!\\);", value)] if name in {"N", "ORG", "ADR"} else [_plain(value)]
        )
        if name in {"N", "FN"} and re.search(r"phonetic|ALTID.*hira|LANGUAGE=ja-(?:Hira|Kana)", options, re.IGNORECASE):
            name = f"{name}-KANA"
        properties[name].append(parts)
    return properties


def _unquoted(value: str, options: str, encoding: str) -> str:
    charset = re.search(r"CHARSET=\"?([\w-]+)", options, re.IGNORECASE)
    try:
        return quopri.decodestring(value.encode("latin-1", "ignore")).decode(
            known_name(charset.group(1)) if charset else encoding
        )
    except UnicodeDecodeError:
        return value


def _plain(text: str) -> str:
    return re.sub(r"\\([,;:\\])", r"\1", re.sub(r"\\[nN]", "\n", text)).strip()


def _fields(card: dict[str, list[list[str]]]) -> Card:
    found: Card = defaultdict(list)
    named: list[str] = card["N"][0] if card["N"] else []
    family, given, _, prefix, *_ = [*named, *[""] * 5]
    whole = card["FN"][0][0] if card["FN"] else ""
    found["full_name"] = [whole] if whole else []
    found["family"], found["given"] = [family] * bool(family), [given] * bool(given)
    written = [value[0] for value in card["FN"][1:]] + [
        " ".join(part for part in value[:2] if part) for value in card["N"][1:]
    ]
    found["kanji"] = [name for name in written if script_of(name) is Script.KANJI][:1]
    found["kana"] = [" ".join(part for part in _spoken(card) if part)]
    found["title"] = (
        [card["TITLE"][0][0]] if card["TITLE"] else card["ROLE"][0][:1] if card["ROLE"] else [prefix] * bool(prefix)
    )
    organisation = [part for part in (card["ORG"][0] if card["ORG"] else []) if part]
    found["institution"], found["unit"] = organisation[:1], [", ".join(organisation[1:])]
    for address in card["ADR"][:1]:
        parts = [*address, *[""] * 7]
        found["city"], found["country"] = [parts[3]] * bool(parts[3]), [parts[6]] * bool(parts[6])
    found["email"] = [value[0] for value in card["EMAIL"]]
    found["phone"] = [re.sub(r"^tel:", "", value[0]) for value in card["TEL"][:1]]
    found["links"] = [value[0] for name in ("URL", "X-SOCIALPROFILE") for value in card[name]]
    found["languages"] = [value[0] for value in card["LANG"]]
    found["research_fields"] = [value[0] for value in card["EXPERTISE"]]
    _notes("\n".join(value[0] for value in card["NOTE"]), found)
    return found


def _spoken(card: dict[str, list[list[str]]]) -> tuple[str, str]:
    def first(*names: str) -> str:
        return next((card[name][0][0] for name in names if card[name]), "")

    if card["SOUND"]:
        parts = [*re.split(r";", card["SOUND"][0][0]), "", ""]
        return parts[0], parts[1]
    if card["N-KANA"]:
        parts = [*card["N-KANA"][0], "", ""]
        return parts[0], parts[1]
    return first("X-PHONETIC-LAST-NAME", "SOUND-LAST"), first("X-PHONETIC-FIRST-NAME", "SOUND-FIRST") or first(
        "FN-KANA"
    )


def _notes(text: str, found: Card) -> None:
    """A note may hold labelled lines: "Research: …"."""
    rest = []
    for line in text.split("\n"):
        label, colon, value = re.sub("：", ":", line, count=1).partition(":")
        named = field_of(label) if colon and len(label) < 30 and not value.startswith("//") else None
        if named and named[0] in COLUMNS and named[0] not in {"note", "full_name"} and value.strip():
            found[named[0]].append(value.strip())
        elif line.strip():
            rest.append(line.strip())
    found["note"] = rest
