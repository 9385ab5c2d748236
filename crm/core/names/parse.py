"""A name as one cell of a list has it, taken apart."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from crm.core.names.latin import order_votes, split_latin
from crm.core.names.readings import is_family_name
from crm.core.names.scripts import HAN, KANA, VARIATION, Script, script_of, tidy
from crm.core.names.titles import split_titles

LONGEST = 300
_MARKS = re.compile(
    r"[*＊†‡§¶※★☆◎○●■□◆◇▲△▼▽♯]+\s*[0-9０-９]*|[⁰¹²³⁴-⁹]+|[\(\[]\s*(?:注|註|note)?\s*\d{1,2}\s*[\)\]]|注\d{1,2}\)?|(?<=[^\W\d_])[0-9]{1,2}(?:,[0-9]{1,2})*\)?(?=\s|$)"
)
_NUMBERED = re.compile(r"^(?:No\.?\s*)?\(?\d{1,4}[.)、:]\s*")
_BRACKET = re.compile(r"\s*[(（\[［【〔〈<「『]\s*([^()（）\[\]［］【】〔〕〈〉<>「」『』]*)\s*[)）\]］】〕〉>」』]")
_JAPANESE_RUN = re.compile(
    rf"[{HAN}{KANA}][{HAN}{KANA}{VARIATION}]*(?:[ 　・･=＝]+[{HAN}{KANA}][{HAN}{KANA}{VARIATION}]*)*"
)
_EDGE = " \t,;/|:、，；・·–—-=~〜\n"
_BORN = re.compile(r"^(?:旧姓|n[ée]e\b|born\b|geb\.|geborene?\b|maiden\b|fmr\b|formerly\b)[\s:：.]*", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"^(?:旧姓|née?|born|geb\.?|maiden|通称|本名|ペンネーム|fmr|formerly)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedName:
    """`full` is the name as written without titles, marks and the second script; `family`/`given` are its parts.

    Parts are in the script of `latin` where there is one, in the letters of the text (capitals stay).
    `kanji` and `kana` keep their characters and inner space.
    """

    full: str
    family: str | None = None
    given: str | None = None
    kanji: str | None = None
    kana: str | None = None
    latin: str | None = None
    title: str | None = None
    former: str | None = None  # a name from before a marriage, in full


@lru_cache(maxsize=1_000)
def parse_name(text: str, family_first: bool | None = None) -> ParsedName:
    """Take a written name apart. `family_first`: order of unmarked Latin names (None: by the name)."""
    name = _NUMBERED.sub("", _MARKS.sub("", tidy(text)))[: LONGEST * 2].strip(_EDGE)
    name, title = split_titles(name)
    former, name = _take_former(name)
    name, inside = _take_brackets(name)
    found = _Found()
    outer_title = _sort_by_script(list(re.split(r"[\n/|;]+", name)) + inside, found)
    titles = " ".join(part for part in (title, outer_title) if part) or None
    if not (found.kanji or found.kana or found.latin):
        return _other_script(name, titles)
    parsed = _assemble(found, family_first, titles)
    return replace(parsed, former=_with_given(former, parsed)) if former and parsed.given else parsed


def _with_given(family: str, name: ParsedName) -> str:
    return f"{name.given} {family}" if script_of(family) is Script.LATIN else f"{family} {name.given}"


@dataclass(slots=True)
class _Found:
    kanji: str | None = None
    kana: str | None = None
    latin: str | None = None


def _take_former(name: str) -> tuple[str | None, str]:
    """The family name before a marriage, marked as such or a Japanese one in brackets, and the name without it."""
    for found in _BRACKET.finditer(name):
        inside = found[1].strip()
        word = _BORN.sub("", inside)
        rest = f"{name[: found.start()]} {name[found.end() :]}"
        if word and script_of(word) is script_of(rest) and (word != inside or is_family_name(word)):
            return word, re.sub(r"[^\S\n]+", " ", rest).strip(_EDGE)
    return None, name


def _take_brackets(name: str) -> tuple[str, list[str]]:
    inside = [piece.strip() for piece in _BRACKET.findall(name)]
    rest = _BRACKET.sub(" ", name)
    if not rest.strip(_EDGE):
        return " ".join(inside), []
    rest_script = script_of(rest)
    keep = [piece for piece in inside if piece and not _NOT_A_NAME.match(piece) and _adds(piece, rest_script)]
    return re.sub(r"[^\S\n]+", " ", rest).strip(_EDGE), keep


def _adds(piece: str, rest_script: Script) -> bool:
    """A bracket is part of the name when it brings another script; "Taro (Tom) Yamada" keeps to its own."""
    script = script_of(piece)
    if script is Script.NONE or len(piece) > LONGEST:
        return False
    if script is Script.LATIN and rest_script is Script.KANJI:
        return " " in piece or "," in piece or len(piece) > 3
    return script is not rest_script


def _sort_by_script(pieces: list[str], found: _Found) -> str | None:
    titles: list[str] = []
    for raw in pieces:
        piece, title = split_titles(raw.strip(_EDGE))
        if title:
            titles.append(title)
        for run in _JAPANESE_RUN.findall(piece):
            _take_japanese(run.strip(_EDGE), found)
        rest = re.sub(r"\s+", " ", _JAPANESE_RUN.sub(" ", piece)).strip(_EDGE)
        rest, title = split_titles(rest)
        if title and rest:
            titles.append(title)
        family, comma, given = rest.partition(",")
        given, title = split_titles(given.strip())
        if comma and title:
            rest = f"{family}, {given}".strip(", ")
            titles.append(title)
        if script_of(rest) is Script.LATIN:
            found.latin = f"{found.latin} {rest}" if found.latin and "," not in rest else found.latin or rest
    return " ".join(titles) or None


def _take_japanese(run: str, found: _Found) -> None:
    if script_of(run) is Script.KANJI:
        if found.kanji is None:
            found.kanji = run
        elif not re.search(r"\s", found.kanji) and not re.search(r"\s", run) and len(found.kanji + run) <= 8:
            found.kanji = f"{found.kanji} {run}"  # family and given on two lines of one cell
        return
    found.kana = run if found.kana is None else found.kana


def _assemble(found: _Found, family_first: bool | None, title: str | None) -> ParsedName:
    family = given = None
    if found.kanji:
        family, given = split_japanese(found.kanji)
    elif found.kana and not found.latin:
        family, given = split_japanese(found.kana)
    if found.latin:
        if family_first is None:
            family_first = order_votes(found.latin, found.kana) > 1
        family, given = split_latin(
            re.sub(r"[\U00010000-\U0010ffff\u2600-\u27bf\ufe0f]+", "", found.latin), family_first
        )
    full = (found.latin or found.kanji or found.kana or "")[:LONGEST]
    return ParsedName(full, family, given, found.kanji, found.kana, found.latin and found.latin[:LONGEST], title)


def split_japanese(name: str) -> tuple[str | None, str | None]:
    """Family first at the space; a name without a space is not split, for nobody can know where."""
    parts = re.split(r"[\s　]+", name.strip())
    return (parts[0], " ".join(parts[1:])) if len(parts) > 1 else (None, None)


def _other_script(name: str, title: str | None) -> ParsedName:
    full = re.sub(r"\s+", " ", name).strip(_EDGE)[:LONGEST]
    words = full.split()
    if len(words) == 2 and re.match(r"[\uac00-\ud7af]", full):
        return ParsedName(full, words[0], words[1], title=title)
    return ParsedName(full, title=title)
