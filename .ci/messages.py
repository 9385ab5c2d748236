"""Collects the sentences of code and templates into locales/ and lists those that are not translated yet.

`make messages`. With arguments: JSON files {"msgid": "msgstr"} (plurals: {"msgid": ["msgstr"]}) to fill in, Japanese
ones by their name, others as ``de=FILE``.

Guests are spoken to in more languages. Their catalogues hold what ``TO_GUESTS`` says and whatever else was given:
``tests/events/test_guest_languages.py`` visits all that a guest sees and names each sentence that is not there.
Sorted, without line numbers or dates, so that a change shows only what changed.
"""

import json
import sys
import tomllib
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ja",)
GUEST_LANGUAGES = ("de", "fr")
TO_GUESTS = (
    "crm/accounts/links.py",
    "crm/app.py",
    "crm/core/forms.py",
    "crm/events/actions/answering.py",
    "crm/events/letters.py",
    "crm/events/reports.py",
    "crm/events/routes/door.py",
    "crm/events/routes/public.py",
    "templates/errors/",
    "templates/events/answer.html",
    "templates/events/public.html",
    "templates/events/public_list.html",
    "templates/events/stop.html",
    "templates/parts/trouble.html",
    "templates/public.html",
)
"""All that stands in these may be said to a guest."""
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "plural_form": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def collect(root: Path = ROOT) -> Catalog:
    """Every sentence of the source, with the files it stands in."""
    mappings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(entry["pattern"], entry["method"]) for entry in mappings]
    options = {
        entry["pattern"]: {key: value for key, value in entry.items() if key not in ("pattern", "method")}
        for entry in mappings
    }
    catalogue = Catalog(project="Meguri", copyright_holder="", charset="utf-8")
    found = extract_from_dir(root, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",))
    for file, _line, message, comments, context in found:
        catalogue.add(message, None, [(Path(file).as_posix(), None)], auto_comments=comments, context=context)
    return catalogue


def path_of(language: str, root: Path = ROOT) -> Path:
    return root / "locales" / language / "LC_MESSAGES" / "messages.po"


def read(language: str, root: Path = ROOT) -> Catalog:
    path = path_of(language, root)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def is_due(message: Message, language: str) -> bool:
    """Whether the catalogue of this language must have it."""
    return language in LANGUAGES or any(file.startswith(TO_GUESTS) for file, _line in message.locations)


def update(language: str, source: Catalog, given: dict[str, str | list[str]], root: Path = ROOT) -> Catalog:
    """The stored catalogue with the sentences of the source, no others, and the given translations."""
    stored = read(language, root)
    fresh = Catalog(locale=language, project="Meguri", copyright_holder="", charset="utf-8", fuzzy=False)
    for message in source:
        if not message.id:
            continue
        old = stored.get(message.id, message.context)
        text = given.get(first(message.id)) or (old.string if old and not old.fuzzy else "")
        if text or is_due(message, language):
            fresh.add(message.id, shaped(text, message, fresh.num_plurals), message.locations, context=message.context)
    return fresh


def first(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def shaped(text: str | list[str] | tuple[str, ...], message: Message, number: int) -> str | tuple[str, ...]:
    """A plural entry takes a list of as many forms as the language has, a plain one a string."""
    forms = (text,) if isinstance(text, str) else tuple(text)
    return forms[:number] if message.pluralizable else (forms[0] if forms else "")


def written(catalogue: Catalog) -> str:
    """The catalogue as text, without what changes by itself (dates, tool versions, places)."""
    out = BytesIO()
    write_po(out, catalogue, no_location=True, omit_header=True, sort_output=True, width=100)
    language = catalogue.locale_identifier
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        f'"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return header + out.getvalue().decode("utf-8").strip() + "\n"


def untranslated(catalogue: Catalog) -> dict[str, list[str]]:
    """File → sentences without a translation."""
    missing: dict[str, list[str]] = {}
    for message in catalogue:
        strings = (message.string,) if isinstance(message.string, str) else message.string
        if message.id and not all(strings):
            file = message.locations[0][0] if message.locations else "?"
            missing.setdefault(file, []).append(first(message.id))
    return dict(sorted(missing.items()))


def main(arguments: list[str]) -> int:
    given: dict[str, dict[str, str | list[str]]] = {language: {} for language in (*LANGUAGES, *GUEST_LANGUAGES)}
    for argument in arguments:
        language, mark, file = argument.partition("=")
        try:
            given[language if mark else "ja"] |= json.loads(Path(file or argument).read_text("utf-8"))
        except ValueError as error:
            print(f"{argument}: {error}", file=sys.stderr)
    source = collect()
    for language, texts in given.items():
        catalogue = update(language, source, texts)
        path = path_of(language)
        text = written(catalogue)
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        missing = untranslated(catalogue)
        for file, sentences in missing.items():
            print(file)
            for sentence in sentences:
                print(f"    {json.dumps(sentence, ensure_ascii=False)}")
        print(f"{language}: {len(catalogue)} sentences, {sum(map(len, missing.values()))} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
