"""What single cell texts hold: addresses, links, identifiers, countries, lists, and words that stand for nothing."""

import re
from functools import cache, lru_cache

from babel import Locale
from stdnum.iso7064 import mod_11_2

from crm.core.names.scripts import HAN, KANA, tidy
from crm.imports.reading.words import alternatives, table

_NOTHING = re.compile(rf"^{alternatives('nothing')}$", re.IGNORECASE)
_DITTO = re.compile(rf"^{alternatives('ditto')}$", re.IGNORECASE)
_PLACEHOLDER = re.compile(rf"^[\s(（\[【<]*{alternatives('placeholders')}[\s)）\]】>。.]*$", re.IGNORECASE)
_AT = re.compile(
    r"\s*[\[({<（［【〔]\s*(?:at|arobase|arroba|ät|@|a|アット|アットマーク|chez)\s*[\])}>）］】〕]\s*|\s+(?:AT|at|arobase|_at_|-at-|アット(?:マーク)?)\s+(?=[\w-]+(?:\s*[.\[(]|\s+(?:dot|DOT|punkt|point)))|＠|\s*★\s*(?=[\w-]+\.)|(?<=\w)\s*@\s*(?=\w)",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"\s*[\[({<（［【〔]\s*(?:dot|punkt|point|punto|\.|ドット|点)\s*[\])}>）］】〕]\s*|(?<=\w)\s+(?:dot|DOT|punkt|ドット)\s+(?=\w)",
    re.IGNORECASE,
)
EMAIL = re.compile(
    r"[A-Za-z0-9._%+'~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
URL = re.compile(
    r"(?:https?|ftp)://[^\s<>\"'、。，；（）「」|]+|(?<![\w@./-])(?:www\.[^\s<>\"'、。，；（）「」|]+|(?:[a-z0-9-]+\.)+[a-z]{2,8}/[^\s<>\"'、。，；（）「」|]*)",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,8}$", re.IGNORECASE)
ORCID = re.compile(r"(?<![\d-])(\d{4})[-–‐‑−]?(\d{4})[-–‐‑−]?(\d{4})[-–‐‑−]?(\d{3}[\dXx])(?![\d-])")
PHONE = re.compile(r"(?<![\w.-])(?:\+|00|\(\+?\d|0\d)[\d\s()./-]{6,22}\d(?:\s*(?:ext|x|内線)\.?\s*\d{1,6})?(?![\w])")
_LIST = re.compile(r"\s*[;；\n、，|｜•●■◆]\s*|\s+[/／–—]\s+|\s*[／]\s*")
_COMMA = re.compile(r"\s*,\s*(?![^()（）]*[)）])")
_SPACED_AND = re.compile(r"\s+&\s+|\s*＆\s*")


@lru_cache(maxsize=20_000)
def is_nothing(text: str) -> bool:
    return not text.strip() or bool(_NOTHING.match(text.strip()))


def is_ditto(text: str) -> bool:
    return bool(_DITTO.match(text.strip()))


def is_placeholder(text: str) -> bool:
    return bool(_PLACEHOLDER.match(text.strip()))


def plain_addresses(text: str) -> str:
    """Addresses written to deceive robots, made plain: name [at] uni [dot] edu."""
    if (
        "@" not in text
        and "＠" not in text
        and not re.search(r"at|arobase|arroba|ät|アット|\(a\)|★", text, re.IGNORECASE)
    ):
        return text
    return _DOT.sub(".", _AT.sub("@", text))


def unwrap(text: str) -> str:
    """Lines of a narrow column of addresses, put together again where a page broke them."""
    items: list[str] = []
    for line in plain_addresses(text).split("\n"):
        fresh = re.match(r"(?:https?:?|www\.|ORCID|[^\s:]{1,20}:\s)", line, re.IGNORECASE) or " " in line
        open_item = bool(items) and ("@" in items[-1] or "://" in items[-1] or "www." in items[-1])
        second_address = "@" in line and not line.startswith("@") and bool(items) and "@" in items[-1]
        starts_address = line.startswith("@") or (bool(items) and items[-1].endswith("@"))
        if (
            items
            and not fresh
            and not second_address
            and (open_item or starts_address or re.match(r"^[\w.+-]+$", items[-1]))
            and not ("@" in line and "://" in items[-1] and not line.startswith("@"))
        ):
            items[-1] += line
        else:
            items.append(line)
    return "\n".join(items)


def emails(text: str) -> list[str]:
    return list(
        dict.fromkeys(
            found.rstrip(".'").lower() if found.isupper() else found.rstrip(".'")
            for found in EMAIL.findall(plain_addresses(text))
        )
    )


def urls(text: str) -> list[str]:
    """Addresses of pages, each with a scheme; what stands after @ is not one."""
    without = EMAIL.sub(" ", plain_addresses(text))
    found = [match.rstrip(".,;:!?)]}>") for match in URL.findall(without)]
    if not found:
        found = [
            word
            for word in re.split(r"[\s,;]+", without)
            if _HOST.match(word) and word.count(".") >= 1 and len(word) > 5
        ]
    return list(dict.fromkeys(url if "://" in url else f"https://{url}" for url in found))


def orcids(text: str) -> list[str]:
    return ["-".join(parts).upper() for parts in ORCID.findall(text)]


def orcid_valid(orcid: str) -> bool:
    return bool(mod_11_2.is_valid(orcid.replace("-", "")))


def erad_valid(number: str) -> bool:
    """Eight digits; whether the number was issued is asked elsewhere."""
    return bool(re.fullmatch(r"\d{8}", number))


def phones(text: str) -> list[str]:
    return [found.strip() for found in PHONE.findall(text)]


def many(text: str) -> list[str]:
    """A cell that lists several things: split at the strongest separator that it uses."""
    text = tidy(text)
    pieces = [piece for piece in _LIST.split(text) if piece]
    if len(pieces) < 2 and "/" in text:
        pieces = [piece for piece in re.split(r"\s*/\s*", text) if piece]
    if len(pieces) < 2:
        pieces = [piece for piece in _COMMA.split(text) if piece]
    if len(pieces) < 2 and "・" in text and re.search(f"[{HAN}A-Za-z]", text):
        pieces = _at_middle_dots(text)
    if len(pieces) < 2:
        pieces = [piece for piece in _SPACED_AND.split(text) if piece]
    pieces = [
        part
        for piece in pieces
        for part in (_COMMA.split(piece) if len(pieces) > 1 and piece.count(",") > 1 else [piece])
    ]
    clean = (piece.strip(" .。,;:・*•●").strip() for piece in pieces)
    return list(dict.fromkeys(piece for piece in clean if piece and not is_nothing(piece)))


def _at_middle_dots(text: str) -> list[str]:
    """・ separates words, unless it stands inside one katakana name (ジョンズ・ホプキンス)."""
    return [
        piece
        for piece in re.split(
            rf"(?<=[{HAN}A-Za-z0-9)）])\s*・\s*|\s*・\s*(?=[{HAN}A-Za-z0-9])|(?<=[{KANA}])・(?=[{KANA}])(?=[^・]*[{HAN}])",
            text,
        )
        if piece
    ]


@cache
def countries() -> dict[str, str]:
    """Country names in Japanese, English, German and French (and a few others' own), folded, to ISO 3166-1 codes."""
    names: dict[str, str] = {}
    for language in ("sv", "it", "es", "nl", "fr", "de", "ja", "en"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB"}:
                names[_fold(name)] = code
                names[_fold(re.sub(r"\s*[(（].*?[)）]", "", name))] = code
    return {**names, **{_fold(name): code for name, code in table("countries").items()}}


@cache
def _codes() -> frozenset[str]:
    return frozenset(countries().values())


def _fold(text: str) -> str:
    return re.sub(r"[\s・･]+", " ", text).strip(" .,，、").casefold()


@lru_cache(maxsize=5_000)
def country_code(text: str) -> str | None:
    """ISO 3166-1 alpha-2 code of a country written as a name or a code."""
    bare = text.strip(" .,，、()（）*")
    if len(bare) == 2 and bare.isupper() and bare in _codes():
        return bare
    if found := countries().get(_fold(bare)):
        return found
    inside = re.split(r"\s*[(（/／・]\s*", bare)
    return countries().get(_fold(inside[0])) if len(inside) > 1 else None


def country_in(text: str) -> str | None:
    """The one country that a title names, Japan apart; None when it names several or none."""
    text = re.sub(r"\bNew (?:England|Mexico|Jersey)\b|\bGeorgia\b|日本人?|\bJapan\w*|在外公館|総領事館", " ", text)
    found = set()
    for name, code in countries().items():
        if (
            code == "JP"
            or len(name) < 2
            or name in {"us", "it", "in", "u.s", "america"}
            or (len(name) < 3 and name.isascii() and name != "uk")
        ):
            continue
        if len(name) == 1 or name not in text.casefold():
            continue
        if name.isascii() or name[0].isascii():
            if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE):
                found.add((name, code))
        else:
            found.add((name, code))
    longest = {code for name, code in found if not any(name != other and name in other for other, _ in found)}
    return longest.pop() if len(longest) == 1 else None
