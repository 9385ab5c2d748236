"""Who wrote what was sent on: found in the lines that mail programs put above a forwarded text, in any language."""

import re
from dataclasses import dataclass

_MARK = r"-{2,} ?(?:Forwarded message|Original Message|転送されたメッセージ|転送メッセージ|元のメッセージ).*"
_SUBJECT = re.compile(r"^\s*(?:fwd?|転送)\s*[:：]", re.IGNORECASE)
_FORWARDED = re.compile(r"^-{2,} ?(?:Forwarded message|転送(?:された)?メッセージ)", re.MULTILINE | re.IGNORECASE)
_LABELLED = re.compile(r"^[>*\s]*[^\s:：<>@]{1,12}(?: [^\s:：<>@]{1,12})?[*\s]*[:：][*\s]*\S")
_ADDRESS = re.compile(r'(?:"?([^"<>;,:：\[\]]*?)"?\s*[<\[](?:mailto:)?)?([\w.+%\'-]+@[\w-]+(?:\.[\w-]+)+)')
_LEAST_LINES = 3


@dataclass(frozen=True)
class Forwarded:
    """``addresses`` as (name, address), who wrote first; ``note`` is what was said about it, ``text`` what it says."""

    addresses: list[tuple[str, str]]
    note: str
    text: str


def is_forward(subject: str, text: str) -> bool:
    return bool(_SUBJECT.match(subject) or _FORWARDED.search(text))


def forwarded_in(text: str) -> Forwarded | None:
    """The first run of lines ``label: value`` that bears an address; None where nobody's address was kept."""
    lines = text.split("\n")
    for start in range(len(lines)):
        end = _end_of_block(lines, start)
        block = lines[start:end]
        found = [pair for line in block for pair in _ADDRESS.findall(line)]
        if found and sum(bool(_LABELLED.match(line)) for line in block) >= _LEAST_LINES:
            note = "\n".join(line for line in lines[:start] if not re.match(_MARK, line, re.IGNORECASE))
            return Forwarded([(_name(name), email) for name, email in found], note.strip(), "\n".join(lines[end:]))
    return None


def _end_of_block(lines: list[str], start: int) -> int:
    """A long list of recipients runs over several lines."""
    end = start
    while end < len(lines) and (_LABELLED.match(lines[end]) or (end > start and _ADDRESS.search(lines[end]))):
        end += 1
    return end


def _name(text: str) -> str:
    return text.strip().strip("*'").strip()
