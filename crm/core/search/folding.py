"""One form for what is written in many: width, case, kanji variants, hiragana and katakana, points and vowel signs."""

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_REFERENCE = Path(__file__).resolve().parent.parent / "reference"

_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_SMALL_KE = {0x3095: "か", 0x3096: "け", 0x30F5: "か", 0x30F6: "け"}
# Points, vowel signs and the stretching stroke are optional in Arabic and Hebrew writing.
_OPTIONAL = dict.fromkeys([*range(0x064B, 0x0653), 0x0670, 0x0640, *range(0x0591, 0x05C8)])
_ARABIC = {ord(a): b for a, b in zip("أإآٱىیکةۀ", "ااااييكهه", strict=True)}
_CYRILLIC = {ord("ё"): "е"}
_GREEK = {ord(a): b for a, b in zip("άέήίόύώϊϋΐΰ", "αεηιουωιυιυ", strict=True)}
# Selectors choose a drawing of a kanji, never another kanji; zero-width signs are not seen at all.
_INVISIBLE = dict.fromkeys(
    [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x200B, 0x2010), 0x2060, 0xFEFF, 0x00AD]
)
_REPEATED = re.compile(r"(.)々")


@cache
def _table() -> dict[int, str | int | None]:
    with (_REFERENCE / "kanji_variants.csv").open(encoding="utf-8", newline="") as file:
        step = {row["variant"]: row["base"] for row in csv.DictReader(file)}
    kanji: dict[int, str | int | None] = {}
    for variant, base in step.items():
        seen = {variant}
        while base in step and base not in seen:
            seen.add(base)
            base = step[base]
        kanji[ord(variant)] = base
    return {**kanji, **_KATAKANA, **_SMALL_KE, **_OPTIONAL, **_ARABIC, **_CYRILLIC, **_GREEK, **_INVISIBLE}


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """The text with width, case, kanji variant and kind of kana folded away; spaces and Latin accents stay.

    The kanji table names its sources row by row (reference/kanji_variants.csv).
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()
    plain = unicodedata.normalize("NFKC", plain).translate(_table())
    return _REPEATED.sub(r"\1\1", plain) if "々" in plain else plain


# Letters without a decomposition.
_PLAIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "ng", "ə": "e"}
)
_ACCENTS = re.compile("[\u0300-\u036f\u02b9-\u02ff]")


def without_accents(folded: str) -> str:
    """A Latin word without its accents."""
    if folded.isascii():
        return folded
    return _ACCENTS.sub("", unicodedata.normalize("NFD", folded)).translate(_PLAIN)


# Vowel signs of Indic and South-East Asian scripts are marks, not letters, and belong to the word.
_MARKS = "\u0300-\u036f\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff"
_WORD = re.compile(f"(?:[^\\W_]|[{_MARKS}])+")
_LETTER = "a-z0-9\u00aa-\u024f\u0259\u1e00-\u1eff"
_RUN = re.compile(f"[{_LETTER}][{_LETTER}\u0300-\u036f]*|[^{_LETTER}]+")
_LATIN_WORD = re.compile(f"[{_LETTER}][{_LETTER}\u0300-\u036f]*")
# Shin'ichi, O'Brien, ʿAbd: the sign is written or left out.
_APOSTROPHES = re.compile("(?<=\\w)['’‘`´](?=\\w)|[\u02b9-\u02ff]")
_KANA = re.compile("[\u3041-\u3096\u30fc]+")


def words(text: str) -> list[str]:
    """The folded words of a text, cut where Latin letters meet another script: ``"大野Taro"`` is two."""
    return list(_words(text))


@lru_cache(maxsize=5_000)
def _words(text: str) -> tuple[str, ...]:
    """A name is asked for its words by its keys, its place in a list and its tokens, one after the other."""
    plain = _APOSTROPHES.sub("", fold(text))
    found = _WORD.findall(plain)
    return tuple(found if plain.isascii() else (run for word in found for run in _RUN.findall(word)))


def is_latin(word: str) -> bool:
    return word.isascii() or _LATIN_WORD.fullmatch(word) is not None


def is_kana(word: str) -> bool:
    return _KANA.fullmatch(word) is not None
