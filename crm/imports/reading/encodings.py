"""Which character encoding a text is in: marks first, then strict decoding, then which result reads like a language."""

import codecs
import re

from charset_normalizer import from_bytes

from crm.imports.reading.errors import Unreadable

_SAMPLE = 400_000
_NAMES = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
          "windows-31j": "cp932", "ms932": "cp932",
          "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
          "us-ascii": "utf-8", "ascii": "utf-8", "x-euc-jp": "euc_jp"}  # fmt: skip
_GOOD_JAPANESE = re.compile(
    r"[\u3041-\u3096\u30a1-\u30fc\u3000-\u3002\u300c-\u300f\uff08\uff09\uff0c\uff0f\uff1a\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u4e00-\u9fa0々]"
)
_HALF_KANA = re.compile(r"[\uff61-\uff9f]")
_GLUED = re.compile(r"(?<=[a-z])[^\x00-\x7f](?=[a-z ,;])")
_WESTERN = re.compile(r"[äöüßÄÖÜéèêàçôîïëâùûœÉÈÊÀÇÔÎñáíóúãõåøæÅØÆÁÍÓÚýšžŠŽ’‘“”„–—…€°§«»²³ºª·´\xa0]")
_BINARY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def known_name(encoding: str) -> str:
    """The name Python knows, Windows' superset for Shift_JIS; raises Unreadable for a name nobody knows."""
    name = _NAMES.get(encoding.strip().casefold(), encoding.strip().casefold())
    try:
        return codecs.lookup(name).name
    except LookupError as unknown:
        raise Unreadable("unknown_encoding") from unknown


def detect(data: bytes) -> str:
    """The encoding of `data`; raises Unreadable where nothing fits."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if wide := wide_of(data[:_SAMPLE]):
        return wide
    if b"\x1b$" in data and _decodes(data, "iso2022_jp"):
        return "iso2022_jp"
    if _decodes(data, "utf-8"):
        return "utf-8"
    return _single_best(data)


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """(text, encoding used)."""
    chosen = known_name(encoding) if encoding else detect(data)
    try:
        return data.decode(chosen).removeprefix("\ufeff"), chosen
    except UnicodeDecodeError as wrong:
        raise Unreadable("wrong_encoding", encoding=encoding or chosen) from wrong


def wide_of(sample: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of ASCII is zero; line breaks show it for Japanese text."""
    even, odd = sample[0::2], sample[1::2]
    if not sample or (len(sample) % 2 and len(sample) < _SAMPLE):
        return None
    breaks_little, breaks_big = sample.count(b"\n\x00"), sample.count(b"\x00\n")
    if (odd.count(0) > len(odd) * 0.2 and even.count(0) < len(even) * 0.05) or (
        breaks_little and odd.count(0) > len(odd) * 0.05
    ):
        return (
            "utf-16-le"
            if _decodes(sample[: len(sample) // 2 * 2], "utf-16-le") and odd.count(0) > even.count(0)
            else None
        )
    if (even.count(0) > len(even) * 0.2 and odd.count(0) < len(odd) * 0.05) or (
        breaks_big and even.count(0) > len(even) * 0.05
    ):
        return "utf-16-be" if _decodes(sample[: len(sample) // 2 * 2], "utf-16-be") else None
    return None


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _single_best(data: bytes) -> str:
    scores = {name: _score(data, name) for name in ("cp932", "euc_jp", "euc_jis_2004", "cp1252")}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= 0.55:
        return best
    guess = from_bytes(data[:_SAMPLE]).best()
    if guess is not None and guess.encoding and guess.chaos < 0.1 and _decodes(data, guess.encoding):
        return guess.encoding
    raise Unreadable("unknown_encoding")


def _score(data: bytes, encoding: str) -> float:
    """How much of what is not ASCII reads like Japanese (or a western language), 0 to 1."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    text = text[:_SAMPLE]
    other = sum(character > "\x7f" for character in text) or 1
    if _BINARY.search(text):
        return 0.0
    if encoding == "cp1252":
        return len(_WESTERN.findall(text)) / other * 0.98
    good = len(_GOOD_JAPANESE.findall(text)) - len(_GLUED.findall(text)) - len(_HALF_KANA.findall(text)) * 0.5
    return max(good / other, 0.0) * (0.999 if encoding == "euc_jis_2004" else 1.0)
