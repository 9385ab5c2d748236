"""One spelling for Japanese in Latin letters and in kana, and for Latin letters with and without accents.

The folded spelling is close to kunrei (si, ti, tu, hu, zi, sya) because every prefix of it belongs to a prefix of what
people type: "Mart" must stay at the beginning of "Martin". Rules of the passport and of everyday romanisation:
long vowels written with a macron, an H, a U, a second letter or not at all; N or M before B, P, M; TCH or CCH.
"""

import re
from functools import lru_cache

from crm.core.search.folding import is_kana, is_latin, without_accents, words

_VOWELS = "aiueo"
_ROWS = {
    "": "あいうえお",
    "k": "かきくけこ",
    "g": "がぎぐげご",
    "s": "さしすせそ",
    "z": "ざじずぜぞ",
    "t": "たちつてと",
    "n": "なにぬねの",
    "h": "はひふへほ",
    "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
    "m": "まみむめも",
    "r": "らりるれろ",
}
_SPECIAL = {
    "だ": "da",
    "ぢ": "zi",
    "づ": "zu",
    "で": "de",
    "ど": "do",
    "や": "ya",
    "ゆ": "yu",
    "よ": "yo",
    "わ": "wa",
    "ゐ": "i",
    "ゑ": "e",
    "を": "o",
    "ん": "n",
    "っ": "",
    "ー": "",
    "ゔ": "bu",
    "ゕ": "ka",
    "ゖ": "ke",
}
_MORAS = {kana: row + vowel for row, line in _ROWS.items() for kana, vowel in zip(line, _VOWELS, strict=True)}
_MORAS |= _SPECIAL
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o", "ゎ": "wa"}

# In this order; each looks only at letters a to z.
_LATIN_RULES = [
    (re.compile(pattern), to)
    for pattern, to in [
        ("([iu])ye", r"\1e"),  # Inouye, Iyeyasu
        ("[tc]ch", "ch"),
        ("ssh", "sh"),
        ("tts", "ts"),
        ("dzu", "zu"),
        ("shi", "si"),
        ("sh(?=[aueo])", "sy"),
        ("chi", "ti"),
        ("ch(?=[aueo])", "ty"),
        ("tsu", "tu"),
        ("jy", "j"),
        ("ji", "zi"),
        ("j(?=[aueo])", "zy"),
        ("j", "z"),
        ("fu", "hu"),
        ("([ou])h(?![aiueo])", r"\1"),  # Ohno, Satoh, Yuhki
        ("m(?=[bpm])", "n"),
        ("l", "r"),
        ("o[ou]+", "o"),
        ("e[ei]+", "e"),
        (r"(?P<twin>[a-z])(?P=twin)+", r"\g<twin>"),
    ]
]
_UNSETTLED = re.compile("|".join(pattern.pattern for pattern, _ in _LATIN_RULES))


def _latin_from_kana(word: str) -> str:
    """Kunrei letters, long vowels still written out. Small vowels take the place of the vowel before them."""
    letters = ""
    for kana in word:
        small = _SMALL.get(kana)
        if small is None:
            letters += _MORAS.get(kana, "")
        elif not letters or letters[-1] not in "iueo":
            letters += small[-1]
        elif small[0] == "y" and letters[-1] == "i":
            letters = letters[:-1] + small
        elif letters in ("i", "u") and small[0] != "y":
            letters = ("y" if letters == "i" else "w") + small
        elif letters[-1] == "i" and len(letters) > 1 and small == "e":
            letters = letters[:-1] + "ye"
        else:
            letters = letters[:-1] + small[-1]
    return letters


def squeeze(letters: str) -> str:
    """The folded spelling of plain letters; folding it again changes nothing."""
    before = ""
    while letters != before and _UNSETTLED.search(letters):
        before = letters
        for pattern, to in _LATIN_RULES:
            letters = pattern.sub(to, letters)
    return letters


@lru_cache(maxsize=50_000)
def key_of_word(word: str) -> str:
    """The folded spelling of one folded word; empty for scripts other than kana and Latin."""
    if is_kana(word):
        return squeeze(_latin_from_kana(word))
    return squeeze(without_accents(word)) if is_latin(word) else ""


@lru_cache(maxsize=20_000)
def romaji_key(text: str) -> str:
    """Every kana and Latin word of the text in the folded spelling, joined."""
    return squeeze("".join(key_of_word(word) for word in words(text)))


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_WRITTEN_UMLAUT = re.compile("(?<=[^aeiou])ue(?=[a-z])")
_FIRST_OH = re.compile("^oh(?=[aiueo])")
# What a word cut in the middle of a sound may become: "Sh" is the beginning of Shimizu, Shoda and Marsh.
_UNFINISHED = [
    (re.compile(pattern), endings)
    for pattern, endings in [
        ("sh$", ("sh", "si", "sy")),
        ("(?<!s)ch$", ("ch", "ti", "ty")),
        ("sch?$", ("sc", "sti", "sty")),
        ("(?<!s)c$", ("c", "ti", "ty")),
        ("ts$", ("ts", "tu")),
        ("f$", ("f", "hu")),
        ("m$", ("m", "nb", "np", "nm")),
        ("(?<=[iu])y$", ("y", "e")),
    ]
]


@lru_cache(maxsize=50_000)
def variants(word: str) -> frozenset[str]:
    """The folded spellings a word may stand for (Mueller and Muller, Ohishi and Oishi): asked and stored alike."""
    key = key_of_word(word)
    if not key or not is_latin(word):
        return frozenset({key} - {""})
    written = {without_accents(word), without_accents(word.translate(_UMLAUTS))}
    written |= {_WRITTEN_UMLAUT.sub("u", spelling) for spelling in written}
    written |= {_FIRST_OH.sub("o", spelling) for spelling in written}
    return frozenset(squeeze(spelling) for spelling in written)


@lru_cache(maxsize=20_000)
def beginnings(word: str) -> frozenset[str]:
    """The variants of a word that somebody may still be typing."""
    found = set(variants(word))
    if is_latin(word):
        plain = without_accents(word)
        for pattern, endings in _UNFINISHED:
            if pattern.search(plain):
                stem = pattern.sub("", plain)
                found |= {squeeze(stem + ending) for ending in endings}
    return frozenset(found)


def spoken(text: str) -> list[str]:
    """The folded spellings of the kana and Latin words of a text, in order."""
    return [key for word in words(text) if (key := key_of_word(word))]
