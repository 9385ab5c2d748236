"""Titles, degrees and forms of address that stand before or after a name."""

import re
from functools import lru_cache
from pathlib import Path

from crm.core.names.words import read_words

_WORDS = {section: "|".join(lines) for section, lines in read_words(Path(__file__).with_name("words.txt"))}
_ALSO_NAMES = {"Professor", "Prof", "San", "Sensei", "MA", "MS"}
TITLES_AFTER = "|".join(word for word in _WORDS["titles after"].split("|") if word not in _ALSO_NAMES)
_BEFORE = re.compile(
    rf"^(?:(?:{_WORDS['titles qualified']})\b\.?[ -]*)*(?:{_WORDS['titles before']})(?![\w'’-])\.?[,: ]*", re.IGNORECASE
)
_AFTER = re.compile(rf"[,;:]?\s*(?<![\w-])(?:{_WORDS['titles after']})\.?\s*$", re.IGNORECASE)
_POSITION = rf"(?:{_WORDS['positions qualified']})*(?:{_WORDS['positions']})"
_DEGREE = rf"(?:{_WORDS['doctors of']})博士"
_JAPANESE_BEFORE = re.compile(rf"^(?:{_POSITION}|{_DEGREE}|博士)[\s:,、]+")
_JAPANESE_AFTER = re.compile(
    rf"(?:[\s,、]*\(?(?:{_POSITION}|{_DEGREE}|先生)\)?|[\s,、]+博士|-(?:san|sensei|sama)|(?<=\s\S{{2}})博士|(?<=\S{{2}})\s?(?:氏|様|さん|殿)|(?<=\S\s\S)\s(?:氏|様|さん|殿))$"
)


@lru_cache(maxsize=1_000)
def split_titles(text: str) -> tuple[str, str | None]:
    """The name without titles, and the titles as written in their order (None where there are none)."""
    before: list[str] = []
    after: list[str] = []
    while found := (_BEFORE.match(text) or _JAPANESE_BEFORE.match(text)):
        if not found.group() or not text[found.end() :].strip():
            break
        before.append(found.group().strip(" ,:、"))
        text = text[found.end() :].lstrip()
    while found := (_AFTER.search(text) or _JAPANESE_AFTER.search(text)):
        rest = text[: found.start()].rstrip(" ,;:、")
        if not rest or _reads_as_given(rest, found.group()):
            break
        after.insert(0, found.group().strip(" ,;:、()"))
        text = rest
    return text, " ".join(before + after) or None


def _reads_as_given(rest: str, title: str) -> bool:
    """博士 is also a given name (Hiroshi), MA and San are also names: keep them where nothing else would be left."""
    word = title.strip()
    if word == "博士":
        return not re.search(r"\s", rest)
    return (
        word.casefold().rstrip(".") in {"ma", "san", "ms"}
        and not ("." in word or "," in title)
        and len(rest.split()) < 2
    )
