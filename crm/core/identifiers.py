"""Identifiers of people and institutions: one normal form each, with the check digits that they carry.

Sources: ORCID and ISNI share ISO 7064 mod 11-2 (python-stdnum). ROR: seven characters of Crockford's base 32, the first
a zero, then two digits of ISO 7064 mod 97-10 (CERIF-Core ``datatypes/ROR_ID.md``; tried on the registry's own record in
the design data). e-Rad: eight digits of which the first is a mod-10 check digit (Wikipedia 研究者番号, domain.md §2.3);
the weights 1, 2, 1, 2 … were read off 24 numbers on public KAKEN pages, all of which obey them.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from stdnum import isni as stdnum_isni
from stdnum.exceptions import InvalidChecksum, ValidationError

from crm.core.errors import Problem
from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l

SCHEMES: Final[dict[str, Lazy]] = {
    "orcid": _l("ORCID iD"),
    "erad": _l("e-Rad researcher number"),
    "researchmap": _l("researchmap"),
    "openalex": _l("OpenAlex"),
    "scopus": _l("Scopus author ID"),
    "isni": _l("ISNI"),
    "ror": _l("ROR ID"),
}
_LINKS: Final = {
    "orcid": "https://orcid.org/{}",
    "erad": "https://nrid.nii.ac.jp/nrid/10000{}/",
    "researchmap": "https://researchmap.jp/{}",
    "openalex": "https://openalex.org/{}",
    "isni": "https://isni.org/isni/{}",
    "ror": "https://ror.org/{}",
}
_BASE_32: Final = {char: value for value, char in enumerate("0123456789abcdefghjkmnpqrstvwxyz")}
_ROR = re.compile(r"(0[0-9a-hjkmnp-tv-z]{6})([0-9]{2})")
_PERMALINK = re.compile(r"[A-Za-z0-9_-]{1,60}")
_CANDIDATES = re.compile(r"[^\s,;、。（）()<>\"'\[\]]{8,200}")
_PLACES_OF_HOSTS: Final = (
    ("orcid", re.compile(r"(?:^|[/.])orcid\.org/", re.IGNORECASE)),
    ("researchmap", re.compile(r"(?:^|[/.])researchmap\.jp/", re.IGNORECASE)),
    ("openalex", re.compile(r"(?:^|[/.])openalex\.org/", re.IGNORECASE)),
    ("erad", re.compile(r"(?:^|[/.])nrid\.nii\.ac\.jp/", re.IGNORECASE)),
    ("scopus", re.compile(r"(?:^|[/.])scopus\.com/.*author", re.IGNORECASE)),
    ("isni", re.compile(r"(?:^|[/.])isni\.org/", re.IGNORECASE)),
    ("ror", re.compile(r"(?:^|[/.])ror\.org/", re.IGNORECASE)),
)


class InvalidIdentifier(Problem):
    """The text is no identifier of its scheme; the sentence says why."""

    status = 422
    sentence = _l("This is not an identifier.")


def normalise(scheme: str, text: str) -> str:
    """The stored form of an identifier that came bare, with hyphens, full-width or as a link.

    InvalidIdentifier where it cannot be one; KeyError for a scheme that is not in ``SCHEMES``.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return _FORMS[scheme](plain)


def is_valid(scheme: str, text: str) -> bool:
    try:
        normalise(scheme, text)
    except InvalidIdentifier:
        return False
    return True


def scheme_of(text: str) -> str | None:
    """Which scheme a link or a bare identifier belongs to, where that is sure."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for scheme, place in _PLACES_OF_HOSTS:
        if place.search(plain):
            return scheme if is_valid(scheme, plain) else None
    if re.fullmatch(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9Xx]", plain):
        return "orcid" if is_valid("orcid", plain) else None
    return None


def find_all(text: str) -> list[tuple[str, str]]:
    """Scheme and value of every identifier in a running text: links, and ORCID iDs with their hyphens. Each once."""
    words = [word.rstrip(".:") for word in _CANDIDATES.findall(unicodedata.normalize("NFKC", text))]
    pairs = [(scheme, normalise(scheme, word)) for word in words if (scheme := scheme_of(word))]
    return list(dict.fromkeys(pairs))


def address(scheme: str, value: str) -> str | None:
    """The public page of a normalised identifier; None where the scheme has no stable one."""
    form = _LINKS.get(scheme)
    return form.format(value) if form else None


def erad_check_digit(seven: str) -> int:
    """The first digit of an e-Rad number, from the seven after it."""
    return sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(seven)) % 10


def ror_check_digits(seven: str) -> str:
    """The last two digits of a ROR id, from the seven characters before them."""
    number = 0
    for char in seven:
        number = number * 32 + _BASE_32[char]
    return f"{98 - number * 100 % 97:02d}"


def _orcid(text: str) -> str:
    digits = _sixteen(text, _l("An ORCID iD has 16 digits, such as 0000-0002-1825-0097."))
    return "-".join(digits[place : place + 4] for place in range(0, 16, 4))


def _isni(text: str) -> str:
    return _sixteen(text, _l("An ISNI has 16 digits."))


def _sixteen(text: str, wrong_form: Lazy) -> str:
    bare = re.sub(r"[\s\-‐‑–—−]", "", _last_part(text)).upper()
    if not re.fullmatch(r"[0-9]{15}[0-9X]", bare):
        raise InvalidIdentifier(wrong_form)
    try:
        return str(stdnum_isni.validate(bare))
    except InvalidChecksum:
        raise InvalidIdentifier(_l("The last digit does not fit the others: please check for a slip.")) from None
    except ValidationError:
        raise InvalidIdentifier(wrong_form) from None


def _erad(text: str) -> str:
    digits = _last_part(text).replace(" ", "")
    if re.fullmatch(r"10000[0-9]{8}", digits):
        digits = digits[5:]  # NRID of KAKEN: the same number behind a prefix
    if not re.fullmatch(r"[0-9]{8}", digits):
        raise InvalidIdentifier(_l("An e-Rad researcher number has 8 digits."))
    if erad_check_digit(digits[1:]) != int(digits[0]):
        raise InvalidIdentifier(_l("The first digit does not fit the others: please check for a slip."))
    return digits


def _researchmap(text: str) -> str:
    last = re.sub(r"[?#].*", "", text).rstrip("/")
    after = re.split(r"researchmap\.jp/", last, maxsplit=1, flags=re.IGNORECASE)[-1].split("/")
    name = after[1] if after[0] == "read" and len(after) > 1 else after[0]
    if not _PERMALINK.fullmatch(name):
        raise InvalidIdentifier(_l("A researchmap permalink has letters, digits, hyphens and underscores only."))
    return name


def _openalex(text: str) -> str:
    value = _last_part(text).upper()
    if not re.fullmatch(r"A[1-9][0-9]{1,11}", value):
        raise InvalidIdentifier(_l("An OpenAlex author has the letter A and digits."))
    return value


def _scopus(text: str) -> str:
    found = re.search(r"author[_]?id=([0-9]+)", text, re.IGNORECASE)
    value = found[1] if found else _last_part(text)
    if not re.fullmatch(r"[0-9]{8,12}", value):
        raise InvalidIdentifier(_l("A Scopus author ID has 8 to 12 digits."))
    return value


def _ror(text: str) -> str:
    match = _ROR.fullmatch(_last_part(text).lower())
    if match is None:
        raise InvalidIdentifier(_l("A ROR ID begins with 0 and has 9 letters and digits."))
    if ror_check_digits(match[1]) != match[2]:
        raise InvalidIdentifier(_l("The last two digits do not fit the others: please check for a slip."))
    return match[1] + match[2]


def _last_part(text: str) -> str:
    return re.sub(r"[?#].*", "", text).rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].strip()


_FORMS: Final[dict[str, Callable[[str], str]]] = {
    "orcid": _orcid,
    "erad": _erad,
    "researchmap": _researchmap,
    "openalex": _openalex,
    "scopus": _scopus,
    "isni": _isni,
    "ror": _ror,
}
