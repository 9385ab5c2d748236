"""The name of a person, from one cell or several, in one script or several."""

import re

from crm.core.names import ParsedName, Script, family_marked, parse_name, script_of
from crm.core.names.latin import order_votes
from crm.core.names.parse import LONGEST, split_japanese
from crm.core.names.scripts import tidy
from crm.imports.reading.affiliation import STRONG, TITLE
from crm.imports.reading.people.cells import Around, Cells, Person
from crm.imports.reading.values import (
    is_placeholder,
)  # fmt: skip

_POST = re.compile(r"\s*[(（]([^()（）]+)[)）]\s*$")


def fill_name(person: Person, cells: Cells, around: Around) -> str | None:
    """Fills the name; gives back the title that stood with it."""
    with_posts = [_without_post(text) for text in cells.get("full_name", []) if text.strip()]
    written = [text for text, _ in with_posts]
    if any(len(text) > LONGEST for text in written):
        person.doubts.append("name_shortened")
    kana = _spoken(cells.get("kana", []))
    parsed = [_parsed(text, kana, person.fields.email, around) for text in written]
    split = _from_parts(cells)
    names = [*split, *parsed] if split and (not parsed or not parsed[0].family) else [*parsed, *split]
    kanji = [
        ParsedName(name.full, name.family, name.given, kanji=name.kanji or name.full)
        for name in map(parse_name, cells.get("kanji", []))
    ]
    names = [*kanji, *names] if _stands_first("kanji", cells) else [*names, *kanji]
    if not names and kana:
        names = [parse_name(kana)]
    names = [name for name in names if name.full]
    if (
        not names
        or all(is_placeholder(name.full) for name in names)
        or (written and is_placeholder(written[0]) and len(names) == len(parsed))
    ):
        person.problem = "placeholder_name" if written and is_placeholder(written[0]) else "no_name"
        return None
    first = names[0]
    if not any(character.isalpha() for character in first.full):
        person.problem = "not_a_name"
    fields = person.fields
    fields.full_name = _as_first_written(first, written[0] if written and parsed and first is parsed[0] else "")
    fields.kanji = next((name.kanji for name in names if name.kanji), None)
    fields.kana = next((name.kana for name in names if name.kana), None) or kana
    fields.family, fields.given = _parts(names, fields.full_name)
    fields.latin = _latin(names)
    fields.former = next((name.former for name in names if name.former), None)
    titles = [post for _, post in with_posts if post] or [name.title for name in names if name.title]
    return " ".join(dict.fromkeys(titles)) or None


def _without_post(text: str) -> tuple[str, str | None]:
    """Taro Yamada (Senior Lecturer): the position stands in brackets behind the name."""
    found = _POST.search(text)
    if found is None or not TITLE.search(found.group(1)) or STRONG.search(found.group(1)):
        return text, None
    return text[: found.start()], found.group(1).strip()


def _stands_first(field: str, cells: Cells) -> bool:
    """Cells are in the order of their columns."""
    return next((name for name in cells if name in {"full_name", "family", "given", "kanji"}), None) == field


def _parsed(text: str, kana: str | None, address: str | None, around: Around) -> ParsedName:
    if around.wrapped and "\n" in text:
        text = "\n".join(_by_script(text.split("\n")))
    name = parse_name(text, around.family_first)
    if not name.latin:
        return name
    vote = order_votes(name.latin, kana or name.kana, address)
    if abs(vote) < 1 or (vote > 0) == around.family_first:
        return name
    return parse_name(text, vote > 0)


def _by_script(lines: list[str]) -> list[str]:
    """A wrapped name is one line again; another script starts its own."""
    pieces: list[str] = []
    for line in lines:
        if (
            pieces
            and script_of(line) is script_of(pieces[-1])
            and (script_of(line) is Script.LATIN or len(pieces[-1]) > 4)
        ):
            pieces[-1] = f"{pieces[-1]} {line}" if script_of(line) is Script.LATIN else pieces[-1] + line
        else:
            pieces.append(line)
    return pieces


def _spoken(texts: list[str]) -> str | None:
    words = [parse_name(text).kana for text in texts]
    return " ".join(word for word in words if word) or None


def _from_parts(cells: Cells) -> list[ParsedName]:
    """Family and given name from columns of their own, per script where both are given in two."""
    names: list[ParsedName] = []
    families, givens = cells.get("family", []), cells.get("given", [])
    for place in range(max(len(families), len(givens))):
        family = parse_name(families[place]) if place < len(families) else None
        given = parse_name(givens[place]) if place < len(givens) else None
        shown_family, shown_given = (family.full if family else None), (given.full if given else None)
        if shown_family and is_placeholder(shown_family):
            continue
        script = script_of(shown_family or shown_given or "")
        both = [part for part in (shown_family, shown_given) if part]
        whole = " ".join(both if script is not Script.LATIN else reversed(both))
        title = next((part.title for part in (family, given) if part and part.title), None)
        names.append(
            ParsedName(
                whole,
                shown_family,
                shown_given,
                whole if script is Script.KANJI else None,
                whole if script is Script.KANA else None,
                whole if script is Script.LATIN else None,
                title,
            )
        )
    return [name for name in names if name.full]


def _as_first_written(name: ParsedName, written: str) -> str:
    """Of a name in two scripts, the one that stands first; "Family, Given" is turned for reading."""
    divided = not name.family or bool(name.kanji and split_japanese(name.kanji)[0])
    if (
        name.kanji
        and name.latin
        and written
        and divided
        and 0 <= _found(written, name.kanji) < _found(written, name.latin)
    ):
        return name.kanji
    if name.latin and "," in name.full and name.family and name.given and name.full == name.latin:
        return f"{name.given} {name.family}"
    return name.full


def _found(written: str, part: str) -> int:
    return tidy(written).replace("\n", " ").find(part.split(" ", maxsplit=1)[0].split(",", maxsplit=1)[0])


def _parts(names: list[ParsedName], shown: str) -> tuple[str | None, str | None]:
    """Family and given in the script of the shown name; nothing where it does not show its structure."""
    script = script_of(shown)
    if script is Script.KANJI:
        return split_japanese(shown)
    for name in names:
        if name.family and name.given and script_of(name.family) is script:
            return name.family, name.given
    return names[0].family, names[0].given


def _latin(names: list[ParsedName]) -> str | None:
    """The Latin form, family name marked where it is known."""
    written = [name for name in names if name.latin]
    for name in written:
        if name.family and name.given and script_of(name.family) is Script.LATIN:
            return family_marked(name.family, name.given)
    return written[0].latin if written else None
