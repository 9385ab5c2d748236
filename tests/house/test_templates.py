"""Templates: nothing inline, nothing unescaped, nothing unquoted (the content policy is strict)."""

import re

import pytest

from tests.house.source import ROOT, TEMPLATES, nothing

JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
FORBIDDEN = {
    "unescaped": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.DOTALL),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.DOTALL),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)[^>]*>"),
    "inline style": re.compile(r"<style\b"),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx without data-": re.compile(r"<[^>]*\shx-[a-z]", re.DOTALL),
}
QUOTED = re.compile(r"=\"[^\"]*\"|='[^']*'")
UNQUOTED = re.compile(r"<[a-z][^<>]*\s[a-z-]+=", re.DOTALL)


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 5


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_templates_have_no(fault: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0][:80]}"
        for path in TEMPLATES
        for match in FORBIDDEN[fault].finditer(path.read_text("utf-8"))
    ]
    nothing(found)


def test_attributes_are_quoted() -> None:
    found = []
    for path in TEMPLATES:
        html = QUOTED.sub("", JINJA.sub("J", path.read_text("utf-8")))
        found += [f"{path.relative_to(ROOT)}: {match[0][-80:]}" for match in UNQUOTED.finditer(html)]
    nothing(found)


@pytest.mark.parametrize(
    ("fault", "html"),
    [
        ("unescaped", "{{ text | safe }}"),
        ("style attribute", '<p class="a" style="color: red">'),
        ("event attribute", '<button type="button" onclick="go()">'),
        ("inline script", "<script>go()</script>"),
        ("htmx without data-", '<a hx-get="/x">'),
    ],
)
def test_the_patterns_find_what_they_name(fault: str, html: str) -> None:
    assert FORBIDDEN[fault].search(html)
