"""Word lists kept as text: sections in square brackets, one word or pattern a line, comments after "# "."""

import re
from pathlib import Path

Sections = list[tuple[str, list[str]]]
_SECTION = re.compile(r"^\[([a-z][a-z_ ]+(?: [0-9.]+)?)\]$")


def read_words(path: Path) -> Sections:
    """(section, its lines) in the order of the file; a section's name may come more than once."""
    sections: Sections = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("# "):
            continue
        if heading := _SECTION.match(line):
            sections.append((heading.group(1), []))
        else:
            sections[-1][1].append(line)
    return sections


def pairs(lines: list[str]) -> dict[str, str]:
    """Lines of the form "left = right"."""
    return {left: right for left, _, right in (line.partition(" = ") for line in lines)}
