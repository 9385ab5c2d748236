"""Which reception desk receives whom: by the letter, or the row of kana, under which a guest stands in the list."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crm.core.search import fold
from crm.events.models import Guest

_ROWS = (
    "あいうえお", "かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ", "まみむめも", "やゆよ",
    "らりるれろ", "わゐゑをん",
)  # fmt: skip
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_LINE = re.compile(r"([^:：]{1,60})[:：](.*)")
_SPAN = re.compile(r"(\w)(?:\s*[-–—~〜～]\s*(\w))?")


class Unreadable(ValueError):
    """The line that says no desk."""


@dataclass
class Desk:
    """``said``: the letters as somebody wrote them; without any, everybody else comes here."""

    name: str
    said: str = ""
    spans: list[tuple[str, str]] = field(default_factory=list)
    guests: list[Guest] = field(default_factory=list)

    def receives(self, sign: str) -> bool:
        return any(first <= sign <= last for first, last in self.spans)

    @property
    def places(self) -> int:
        return sum(guest.places for guest in self.guests)


def desks_in(lines: Iterable[str]) -> list[Desk]:
    return [_desk(line) for line in lines]


def _desk(line: str) -> Desk:
    found = _LINE.fullmatch(line)
    name, said = (found[1].strip(), found[2].strip()) if found else (line[:60], "")
    spans = [_span(line, part) for part in re.split(r"[,、，;；]", said) if part.strip()]
    return Desk(name, said, spans)


def _span(line: str, part: str) -> tuple[str, str]:
    found = _SPAN.fullmatch(unicodedata.normalize("NFKC", part).replace("行", "").strip())
    if found is None:
        raise Unreadable(line)
    first, last = (sign_of(sign) for sign in (found[1], found[2] or found[1]))
    # A row that is named by its first kana is meant whole: さ is さ to そ.
    last = next((row[-1] for row in _ROWS if row[0] == last), last)
    if first > last:
        raise Unreadable(line)
    return first, last


def sign_of(key: str) -> str:
    """The first letter without accents, points and sizes: Ö is o, ガ is か, ょ is よ."""
    return unicodedata.normalize("NFD", fold(key))[:1].translate(_SMALL)


def by_desk(lines: Sequence[str], guests: Iterable[Guest]) -> tuple[list[Desk], list[Guest]]:
    """The desks with their guests, and those whom no desk receives. The first desk that fits is theirs."""
    desks = desks_in(lines)
    others = next((desk for desk in desks if not desk.spans), Desk(""))
    for guest in guests:
        sign = sign_of(guest.sort_key)
        next((desk for desk in desks if desk.receives(sign)), others).guests.append(guest)
    return desks, [] if others.name else others.guests
