"""One person described in running text: labelled lines, and pieces told apart by what they say."""

import re
from dataclasses import dataclass, field

from crm.core.names import parse_name
from crm.core.names.scripts import HAN, KANA, tidy
from crm.core.names.titles import TITLES_AFTER, split_titles
from crm.imports.reading.affiliation import STRONG, TITLE, UNIT, split_affiliation
from crm.imports.reading.headings import field_of
from crm.imports.reading.tabular import has_name, is_kanji_name, is_latin_name
from crm.imports.reading.values import EMAIL, ORCID, URL, emails, is_placeholder, plain_addresses, urls
from crm.imports.reading.words import alternatives

COLUMNS = [
    "full_name", "kana", "title", "institution", "unit", "city", "country", "research_fields", "email", "phone",
    "links",     "orcid", "erad", "researchmap", "languages", "open_to", "note",
]  # fmt: skip
_LABEL = re.compile(r"^\s*(?:[•・●■◆▪*–-]\s*)?([^:：\n]{1,40}?)\s*[:：]\s*(.*)$", re.DOTALL)
_NEXT_LABEL = re.compile(r"(?<=\S)[\s　]+([^\s:：、,。]{2,20})\s*[:：](?!//)")
_BRACKET_LABEL = re.compile(r"^\s*[【\[［〔<＜]([^】\]］〕>＞]{1,20})[】\]］〕>＞]\s*(.*)$", re.DOTALL)
_NAME_END = re.compile(r"\s*(?:[,，、;；|｜]|\s[–—-]\s|：|:|\s{3,}|　　)\s*")
_MIDDLE = re.compile(r"\s*[|｜]\s*|\s+[•·]\s+|\s{3,}|　{2,}")
_TITLED = re.compile(
    r"^(?:(?:Univ\.?-?|Assoc\.?|Asst\.?|Jun\.-)?\s?(?:Prof(?:essor(?:in)?)?|Dr|PD|Mr|Ms|Mrs|Mme|M|Pr)\.?\s)+",
    re.IGNORECASE,
)
_READ = re.compile(rf"([{HAN}{KANA} 　]+?)\s*[(（][{KANA} 　・]+[)）](?=[\s　])")
_LISTED = frozenset({"research_fields", "languages", "open_to"})
_NUMBERED = re.compile(r"^\s*(?:No\.?\s*)?\(?\d{1,3}[.)、:]\s*")
_DEGREES = re.compile(rf"^(?:[,、\s]*(?:{TITLES_AFTER})\.?(?![\w-]))+", re.IGNORECASE)
_EXTRA_NAME = re.compile(
    rf"^\s*(?:[*＊†‡§※⁰¹²³⁴-⁹\d]*\s*)?(?:[(（/／]\s*[^()（）]*[{HAN}{KANA}][^()（）,、]*[)）]?"
    rf"|[(（]\s*[A-Z][\w'’ -]+[)）]|[{HAN}]{{1,4}}[ 　]?[{HAN}{KANA}]{{1,5}}(?=[\s,、]|$))"
)


LINK_WORDS = re.compile(rf"[(\[<→»▶・\s]*{alternatives('links')}[)\]>\s]*", re.IGNORECASE)


@dataclass(slots=True)
class Piece:
    text: str
    hrefs: list[str] = field(default_factory=list)
    marked: str | None = None


def looks_like_entry(pieces: list[Piece]) -> bool:
    """Does it start with a name (or a placeholder for one), and say anything else?"""
    text = "\n".join(piece.text for piece in pieces)
    if not text.strip() or len(text) > 3000:
        return False
    name, rest = _cut_name(pieces)
    bare = _bare(name)
    named = bool(bare) and len(bare) < 80 and (_is_name(bare) or has_name(bare) or is_placeholder(bare))
    more = bool("".join(rest).strip()) or any(piece.hrefs for piece in pieces)
    return named and more


def _is_name(text: str) -> bool:
    """In one script or two: "YAMADA Taro 山田太郎"."""
    if is_latin_name(text) or is_kanji_name(text):
        return True
    if not (re.search(f"[{HAN}]", text) and re.search(r"[A-Za-z]", text)):
        return False
    name = parse_name(text)
    return bool(name.latin and name.kanji and is_latin_name(name.latin) and is_kanji_name(name.kanji))


def _bare(name: str) -> str:
    """A name without number, marks, titles and what stands in brackets or after a bar."""
    plain = re.sub(r"[*＊†‡§※⁰¹²³⁴-⁹]+\d*", "", _TITLED.sub("", _NUMBERED.sub("", tidy(name))))
    return tidy(split_titles(re.sub(r"\s*[(（/／].*$", "", plain).split("\n")[0])[0])


_TOPIC = 40
"""Characters of one research topic at most, where each has a line of its own."""


def profile(pieces: list[Piece], under_heading: bool) -> tuple[list[str], list[str]]:
    """(cells in the order of COLUMNS, hrefs)."""
    found: dict[str, list[str]] = {name: [] for name in COLUMNS}
    name, rest = _cut_name(pieces)
    found["full_name"].append(name)
    label: str | None = None
    for line in rest:
        for part in _parts(line):
            if part.strip():
                label = _take(part.strip(" –—-|"), label, found, under_heading)
    hrefs = list(dict.fromkeys(href for piece in pieces for href in piece.hrefs))
    return ["\n".join(found[column]) for column in COLUMNS], hrefs


def _cut_name(pieces: list[Piece]) -> tuple[str, list[str]]:
    """The name (with reading or second script beside it), and the lines that follow."""
    lines = [piece.text for piece in pieces]
    if not lines:
        return "", []
    marked = next((piece.marked for piece in pieces[:2] if piece.marked), None)
    first = tidy(lines[0])
    labelled = _label_of(first)
    if labelled and labelled[0] == "full_name" and labelled[1]:
        return labelled[1], lines[1:]
    if len(lines) > 2 and (named := field_of(first)) and named[0] == "full_name" and len(first) < 12:
        return lines[1], lines[2:]
    if (
        marked
        and "\n" not in marked
        and len(marked) < 120
        and first.startswith(marked)
        and not _NAME_END.search(_TITLED.sub("", marked))
    ):
        end = len(marked)
    else:
        end = _end_of_name(first)
    end = _before_title(first, end)
    while extra := _EXTRA_NAME.match(first[end:]):
        bare = extra.group().strip()
        again = is_kanji_name(bare) and re.search(f"[{HAN}]", first[:end])
        plain = bare.lstrip("*＊†‡§※⁰¹²³⁴⁵⁶⁷⁸⁹0123456789 ")
        other = plain[:1] not in set("(（/／") and not is_kanji_name(plain)
        if not bare or again or other or (TITLE.search(bare) and bare[0] not in "(（"):
            break
        end += extra.end()
    if degrees := _DEGREES.match(first[end:]):
        end += degrees.end()
    name, tail = first[:end], re.sub(r"^[\s,，、;:：|*＊†‡§※–—-]+", "", first[end:])
    rest = lines[1:]
    if not tail and rest and len(rest) > 1 and _only_name(tidy(rest[0])):
        name, rest = f"{name}\n{rest[0]}", rest[1:]
    return name, ([tail] if tail else []) + rest


def _before_title(text: str, end: int) -> int:
    """ "山田 太郎 Assistant Professor, …": the position starts where the name is complete."""
    start = len(_TITLED.match(text).group()) if _TITLED.match(text) else 0  # type: ignore[union-attr]
    found = TITLE.search(text, start + 2, end)
    if not found:
        return end
    before = re.split(
        r"\s+(?=(?:Associate|Assistant|Full|Visiting|Adjunct|Senior|Junior|Group|Team|Research|Principal|Distinguished|Univ|W\d|特任|准|主任|上級|助|客員)\b)",
        text[: found.start()],
    )[0]
    bare = _bare(before)
    return len(before) if is_latin_name(bare) or is_kanji_name(bare) else end


def _only_name(line: str) -> bool:
    bare = line.strip("()（） ")
    return (
        is_kanji_name(bare)
        or bool(re.fullmatch(rf"[{KANA} 　]+", bare))
        or (is_latin_name(bare) and line.startswith(("(", "（")))
    )


def _end_of_name(text: str) -> int:
    """Where the name ends in a line; "FAMILY, Given" keeps its comma, a reading in brackets closes a name."""
    if (read := _READ.match(text)) and is_kanji_name(read.group(1)):
        return read.end()
    ends = [found.start() for found in _NAME_END.finditer(text)]
    if not ends:
        return len(text)
    first = text[: ends[0]]
    if (
        len(_TITLED.sub("", first).split()) == 1
        and re.match(r"\s*,", text[ends[0] :])
        and re.match(r",\s*[A-ZÀ-Ý][\w'’-]+\s*(?:[,(（/|]|$|\s[–—-])", text[ends[0] :])
    ):
        return ends[1] if len(ends) > 1 else len(text)
    return ends[0]


def _label_of(text: str) -> tuple[str, str] | None:
    for pattern in (_BRACKET_LABEL, _LABEL):
        if (
            (found := pattern.match(text))
            and not found.group(2).startswith("//")
            and (named := field_of(found.group(1)))
        ):
            return named[0], found.group(2).strip()
    return None


def starts_with_label(text: str) -> bool:
    found = _label_of(text)
    return found is not None and found[0] != "full_name"


def _parts(line: str) -> list[str]:
    """A line cut at bars, bullets and wide gaps; at dashes too, unless they stand inside one institution's name."""
    parts: list[str] = []
    for part in (part for half in _MIDDLE.split(line) for part in _at_labels(half)):
        halves = re.split(r"\s+[–—-]\s+", part)
        one_name = len(halves) == 2 and STRONG.search(halves[0]) and STRONG.search(halves[1])
        parts.extend([part] if one_name or _label_of(part) else halves)
    return parts


def _at_labels(text: str) -> list[str]:
    """A second label inside a line starts a part: "Field: x  E-mail: y"."""
    cuts = [found.start() for found in _NEXT_LABEL.finditer(text) if field_of(found.group(1))]
    ends = [*cuts, len(text)]
    return [text[start:end].strip() for start, end in zip([0, *cuts], ends, strict=True)]


def _take(part: str, label: str | None, found: dict[str, list[str]], under_heading: bool) -> str | None:
    """Put one piece where it belongs; gives back a label that waits for its value on the next line."""
    labelled = _label_of(part)
    if labelled:
        name, value = labelled
        if not value:
            return name
        _put(name, value, found)
        return None
    if label in _LISTED and found[label] and _is_other(part):
        label = None
    if label:
        _put(label, part, found)
        return label if label in _LISTED else None
    named = field_of(part)
    if (
        named
        and len(part) < 25
        and named[1] >= 0.9
        and not (STRONG.search(part) or UNIT.search(part) or TITLE.search(part))
    ):
        return named[0] if named[0] not in {"links", "orcid", "email"} else None
    _unlabelled(part, found, under_heading)
    return None


def _is_other(part: str) -> bool:
    """Ends a list that runs over lines: an address, a link, a position, a place of work."""
    other = EMAIL.search(plain_addresses(part)) or URL.search(part) or LINK_WORDS.fullmatch(part) or TITLE.search(part)
    return bool(other or STRONG.search(part) or UNIT.search(part))


def _put(name: str, value: str, found: dict[str, list[str]]) -> None:
    if name in found:
        found[name].append(value)
    elif name in {"kanji", "family", "given"}:
        found["full_name"].append(value)
    elif name != "ignore":
        found["note"].append(value)


def _unlabelled(part: str, found: dict[str, list[str]], under_heading: bool) -> None:
    plain = plain_addresses(part)
    if EMAIL.search(plain) or URL.search(plain):
        found["email"] += emails(plain)
        found["links"] += urls(plain)
        rest = (
            re.sub(r"\s*[(<]\s*[)>]\s*", " ", URL.sub(" ", EMAIL.sub(" ", plain))).strip(" ,;:()<>|-–—")
            if len(plain) > 60
            else ""
        )
        if len(rest) < 12:
            return
        part = rest
    if ORCID.search(part):
        found["orcid"].append(part)
        return
    if LINK_WORDS.fullmatch(part):
        return
    if " " in tidy(part) and is_kanji_name(tidy(part)) and not re.search(f"[{HAN}]", found["full_name"][0]):
        found["full_name"].append(part)  # the name again, further down, in its own script
        return
    if (
        not (TITLE.search(part) or UNIT.search(part) or STRONG.search(part))
        and (found["title"] or found["unit"] or found["institution"] or under_heading)
        and (found["title"] or len(re.split(r"[,、;/・]", part)) > 1)
    ):
        place = split_affiliation(part, False, True)
        if not (place.city or place.country):
            more = len(part) < _TOPIC and not found["note"] and not re.search(r"[.。!?]$", part)
            found["research_fields" if more or not found["research_fields"] else "note"].append(part)
            return
    _affiliated(part, found, under_heading)


def _affiliated(part: str, found: dict[str, list[str]], under_heading: bool) -> None:
    where = split_affiliation(part, False, (under_heading and not STRONG.search(part)) or bool(found["institution"]))
    for name in ("title", "institution", "unit", "city", "country"):
        if value := getattr(where, name):
            found[name].append(value)
    if where.rest:
        found["research_fields" if not found["research_fields"] else "note"].append(where.rest)
