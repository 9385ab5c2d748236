"""Which field a heading names, in Japanese, English, German and French."""

import re

from crm.core.names.scripts import tidy
from crm.imports.reading.words import SECTIONS

_PATTERNS = [
    (section.split()[1], float(section.split()[2]), re.compile("|".join(lines)))
    for section, lines in SECTIONS
    if section.startswith("heading ")
]
_INSTITUTION = next(pattern for name, _, pattern in _PATTERNS if name == "institution")
_UNIT = next(pattern for name, _, pattern in reversed(_PATTERNS) if name == "unit")
LONGEST_HEADING = 60
_NAMES = frozenset({"full_name", "family", "given", "kanji", "kana", "latin"})


def fold(text: str) -> str:
    """A heading as the patterns want it: small letters, single spaces, no brackets round all, no marks."""
    folded = re.sub(r"\s+", " ", tidy(text).replace("\n", " ")).casefold().replace("­", "")
    if re.fullmatch(r"(?:[\u3000-\u9fff] )+[\u3000-\u9fff]", folded):
        folded = folded.replace(" ", "")
    return re.sub(r"^[\s*:.：†※●○◆■□【】\[\]]+|[\s*:.：†※●○◆■□【】\[\]]+$", "", folded)


def field_of(heading: str) -> tuple[str, float] | None:
    """(field, confidence) that a heading names, or None."""
    folded = fold(heading)
    if not folded or len(folded) > LONGEST_HEADING:
        return None
    bare = re.sub(r"\s*[(（].*?[)）]", "", folded).strip()
    if (
        _INSTITUTION.search(bare)
        and _UNIT.search(bare)
        and not re.search(r"^institut/|所属[^・/、,\s]*(?:部|科|室)", bare)
    ):
        return "institution", 0.9
    if re.search(r"所属.*(?:職|役)|(?:職|役).*所属", bare):
        return "institution", 0.9
    whole, outside = _named_by(folded), _named_by(bare)
    # 所属（英語表記）: the bracket says in which script, not that it is a name.
    if whole and outside and whole[0] in _NAMES and outside[0] not in _NAMES:
        return outside
    return whole or outside


def _named_by(text: str) -> tuple[str, float] | None:
    return next(((name, sure) for name, sure, pattern in _PATTERNS if text and pattern.search(text)), None)


def field_of_levels(levels: list[str]) -> tuple[str, float] | None:
    """The field of a column with several heading rows: the lowest that says something, else all of them together."""
    words = list(dict.fromkeys(level.strip() for level in levels if level.strip()))
    if any(word.endswith((",", "、", "/", "・", "-")) for word in words[:-1]):  # one heading on two lines
        return field_of(" ".join(words))
    for level in reversed(words):
        found = field_of(level)
        if found:
            return _narrowed(found, " ".join(words))
    return field_of(" ".join(words)) if words else None


def _narrowed(found: tuple[str, float], together: str) -> tuple[str, float]:
    """ "Name" over "Japanese", "所属" over "名称": the upper row says what, the lower which."""
    whole = field_of(together)
    if whole and found[0] in {"full_name", "languages"} and whole[0] in {"kanji", "kana", "family", "given"}:
        return whole
    return found
