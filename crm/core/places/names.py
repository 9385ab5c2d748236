"""How the name of a place is compared: small letters without accents and signs; kanji and kana as they are."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_SIGNS = re.compile(r"[^\w]+|_+")
_JOINERS = re.compile("['’‘ʼʻʹ`]")


@lru_cache(maxsize=1 << 12)
def place_key(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    if not plain.isascii():
        # Accents fall from Latin letters only: か and が stay two letters.
        plain = "".join(_bare(char) for char in plain).translate(_LETTERS)
    return " ".join(_SIGNS.sub(" ", _JOINERS.sub("", plain)).split())


def _bare(char: str) -> str:
    if char < "\u0250" or "\u1e00" <= char <= "\u1eff":
        return _ACCENTS.sub("", unicodedata.normalize("NFD", char))
    return "" if "\u0300" <= char <= "\u036f" else char
