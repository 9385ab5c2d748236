"""Which script a text is in, and the cleaning that never changes a character somebody chose."""

import re
import unicodedata
from enum import StrEnum

import jaconv


class Script(StrEnum):
    KANJI = "kanji"
    KANA = "kana"
    LATIN = "latin"
    OTHER = "other"
    NONE = "none"


HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af々〆〇ヶヵ"
VARIATION = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"
KANA = r"\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
LATIN = r"A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"

_HAN = re.compile(f"[{HAN}]")
_KANA = re.compile(f"[{KANA}]")
_LATIN = re.compile(f"[{LATIN}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONE = re.compile(r"[\ud800-\udfff]")
_HALF_KANA = re.compile(r"[\uff61-\uff9f]+")
_SPACES = re.compile(r"[^\S\n]+")
_RADICAL = re.compile(r"[\u2e80-\u2fd5]+")
# Radicals that Unicode does not decompose, by what their character names say they draw (LONG ONE, CIVILIAN, WEST TWO…).
_SUPPLEMENT = str.maketrans("⻑⺠⻄⻘⻭⻩⻤⻫⻨⻯⻲", "長民西青歯黄鬼斉麦竜亀")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def script_of(text: str) -> Script:
    """The script of a name: any kanji makes it kanji, else kana, else Latin; letters of other scripts are `other`."""
    if _HAN.search(text):
        return Script.KANJI
    if _KANA.search(text):
        return Script.KANA
    if _LATIN.search(text):
        return Script.LATIN
    return Script.OTHER if any(character.isalpha() for character in text) else Script.NONE


def narrow(text: str) -> str:
    """Full-width Latin letters, digits and signs to ASCII; half-width kana to full width; kanji variants untouched."""
    text = text.translate(_FULL_WIDTH) if any("\uff01" <= c <= "\uff5e" for c in text) else text
    if _HALF_KANA.search(text):
        text = _HALF_KANA.sub(lambda found: jaconv.h2z(found.group(), kana=True, ascii=False, digit=False), text)
    return text


def strip_controls(text: str) -> str:
    """Without NUL bytes, control characters and broken surrogates; line breaks and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0b", "\n")
    return _LONE.sub("\ufffd", _CONTROL.sub("", text))


def tidy(text: str) -> str:
    """Controls gone, widths unified, Latin composed, runs of spaces single; line breaks are kept."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = unradical(narrow(_DIRECTION.sub("", strip_controls(text))))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return compose("\n".join(line for line in lines if line))


def unradical(text: str) -> str:
    """Radical signs (⼦ U+2F26) and U+2027, which PDF files of browsers hold for kanji and the middle dot, to those."""
    text = text.replace("\u2027", "・")
    return _RADICAL.sub(lambda found: unicodedata.normalize("NFKC", found.group().translate(_SUPPLEMENT)), text)


def compose(text: str) -> str:
    """Canonical composition, except where it would replace a compatibility kanji (神 U+FA19 is not 神 U+795E)."""
    if unicodedata.is_normalized("NFC", text):
        return text
    return re.sub(
        r"[^\uf900-\ufaff\U0002f800-\U0002fa1f]+", lambda run: unicodedata.normalize("NFC", run.group()), text
    )
