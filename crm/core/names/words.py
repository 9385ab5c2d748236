"""Word lists kept as text: sections in square brackets, one word or pattern a line, comments after "# "."""

import re
from pathlib import Path

_SECTION = re.compile(r"^\[[a-z][a-z_ ]+(?: [0-9.]+)?\]$")
Sections = list[tuple[str, list[str]]]


def read_words(path: Path) -> Sections:
    """(section, its lines) in the order of the file; a section's name may come more than once."""
    sections: _SECTION = re.compile(r"^\[[a-z][a-z_ ]+(?: [0-9.]+)?\]$")
Sections = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("# "):
            continue
        if _SECTION.match(line):
            sections.append((line[1:-1], []))
        else:
            sections[-1][1].append(line)
    return sections


def pairs(lines: list[str]) -> dict[str, str]:
    """Lines of the form "left = right"."""
    return {left: right for left, _, right in (line.partition(" = ") for line in lines)}
