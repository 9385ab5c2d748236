"""Pages ask no other host for anything."""

import re

from tests.house.source import ROOT, TEMPLATES, nothing

ADDRESS = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
LOADING = re.compile(r"<(?:script|link|img|iframe|source|video|audio|form|use)\b[^>]*", re.DOTALL | re.IGNORECASE)
OWN = [path for path in sorted((ROOT / "static").rglob("*")) if path.suffix in (".css", ".js", ".svg")]
OWN = [path for path in OWN if "vendor" not in path.parts]


def test_templates_load_nothing_from_elsewhere() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {tag[0][:100]}"
        for path in TEMPLATES
        for tag in LOADING.finditer(path.read_text("utf-8"))
        if ADDRESS.search(tag[0]) and 'rel="license"' not in tag[0]
    ]
    nothing(found)


def test_styles_and_scripts_name_no_other_host() -> None:
    assert len(OWN) > 2
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in OWN
        for match in ADDRESS.finditer(path.read_text("utf-8"))
        if match[0] != "http://www.w3.org"
    ]
    nothing(found)
