"""What a public ORCID record (API 3.0) says, in the fields of our form. Nothing of it is stored by itself.

Any part of a record may be missing or null. Format: https://github.com/ORCID/orcid-model, record 3.0.
"""

from collections.abc import Iterator
from typing import Any

from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.core.names import Script, script_of
from crm.core.outside import fetch_json
from crm.people.entries import line_of, link_of

_SEVERAL = ("research_fields", "links")


def orcid_values(base: str, orcid: str) -> dict[str, str]:
    """Field of ``PersonForm`` → text; fields of which the record says nothing are missing. Problem: no answer."""
    record = fetch_json(f"{base}/{orcid}/record")
    found = {"orcid": orcid, **_names(_at(record, "person") or {}), **_post(record)}
    keywords = (_at(each, "content") for each in _list(record, "person", "keywords", "keyword"))
    pages = [
        line_of(str(_at(each, "url", "value") or ""), _at(each, "url-name") or "")
        for each in _list(record, "person", "researcher-urls", "researcher-url")
    ]
    found["research_fields"] = "\n".join(word for word in keywords if word)
    found["links"] = "\n".join(page for page in pages if page.startswith(("https://", "http://")))
    return {name: text for name, text in found.items() if text}


def _names(person: dict[str, Any]) -> dict[str, str]:
    given, family = (_at(person, "name", part, "value") or "" for part in ("given-names", "family-name"))
    written = _at(person, "name", "credit-name", "value") or f"{given} {family}".strip()
    others = [_at(each, "content") or "" for each in _list(person, "other-names", "other-name")]
    forms = {script_of(name): name for name in reversed([written, *others]) if name}
    return {
        "full_name": written,
        "family": family,
        "given": given,
        "kanji": forms.get(Script.KANJI, ""),
        "kana": forms.get(Script.KANA, ""),
        "latin": forms.get(Script.LATIN, ""),
    }


def _post(record: Any) -> dict[str, str]:
    """The first employment that has not ended."""
    for group in _list(record, "activities-summary", "employments", "affiliation-group"):
        for each in _list(group, "summaries"):
            post = _at(each, "employment-summary")
            if post and not post.get("end-date"):
                return {
                    "title": post.get("role-title") or "",
                    "unit": post.get("department-name") or "",
                    "institution": _at(post, "organization", "name") or "",
                    "city": _at(post, "organization", "address", "city") or "",
                    "country": _at(post, "organization", "address", "country") or "",
                }
    return {}


def _at(value: Any, *path: str) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _list(value: Any, *path: str) -> Iterator[Any]:
    found = _at(value, *path)
    return iter(found if isinstance(found, list) else [])


def differences(stored: dict[str, Any], said: dict[str, str]) -> list[tuple[str, str, str]]:
    """(field, as stored, as ORCID says) where they differ; of lists only what is new, added to what is there."""
    rows = []
    for name, text in said.items():
        before = str(stored.get(name) or "")
        if name in _SEVERAL:
            known = {_told(name, line) for line in before.splitlines()}
            new = [line for line in text.splitlines() if _told(name, line) not in known]
            text = "\n".join([*before.splitlines(), *new]) if new else before
        if text != before:
            rows.append((name, before, text))
    return rows


def _told(name: str, line: str) -> str:
    """A page is the same whatever it is called."""
    return (link_of(line)[0] if name == "links" and line.strip() else line).casefold()


NO_NUMBER: Lazy = _l("This record has no ORCID iD yet. Add it in the form first.")
