"""Whether the journal is still what was sealed."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.models import JournalEntry, JournalSeal
from crm.accounts.sealing import SEALED, payload_digest, seal_of


@dataclass
class Verdict:
    """``emptied``: lines whose detail was erased; ``waiting``: lines that no seal covers yet."""

    days: int = 0
    lines: int = 0
    emptied: int = 0
    waiting: int = 0
    broken: date | None = None
    reason: str = ""

    def plain(self) -> dict[str, Any]:
        return {**asdict(self), "broken": self.broken.isoformat() if self.broken else None}


class _Differs(Exception):
    """The detail of a line is not what was sealed."""


def verify_journal(session: Session, key: bytes, kept: Mapping[date, str] | None = None) -> Verdict:
    """Goes through all that is sealed, up to the first broken day. ``kept``: seals noted outside, day → digest."""
    verdict, before = Verdict(), ""
    seals = {seal.day: seal for seal in session.execute(select(JournalSeal)).scalars()}
    kept = kept or {}
    for day in sorted({*seals, *kept}):
        verdict.reason = _fault(session, key, seals.get(day), before, kept.get(day), verdict)
        if verdict.reason:
            verdict.broken = day
            return verdict
        before, verdict.days = seals[day].digest, verdict.days + 1
    waiting = select(func.count()).select_from(JournalEntry).where(col(JournalEntry.sealed_on).is_(None))
    verdict.waiting = session.execute(waiting).scalar_one()
    return verdict


def _fault(
    session: Session, key: bytes, seal: JournalSeal | None, before: str, kept: str | None, verdict: Verdict
) -> str:
    if seal is None:
        return "Its seal was kept outside, but is no longer here."
    if kept not in (None, seal.digest):
        return "Its seal differs from the one that was kept outside."
    try:
        digest, number = seal_of(key, seal.day, before, _lines(session, key, seal.day, verdict))
    except _Differs as fault:
        return f"The detail of line {fault} was changed."
    verdict.lines += number
    if number != seal.lines:
        return f"It has {number} lines; {seal.lines} were sealed."
    return "" if digest == seal.digest else "A line, or the seal before, was changed."


def _lines(session: Session, key: bytes, day: date, verdict: Verdict) -> Iterator[Any]:
    columns = (getattr(JournalEntry, name) for name in SEALED)
    lines = select(*columns, col(JournalEntry.changes)).where(col(JournalEntry.sealed_on) == day)
    lines = lines.order_by(col(JournalEntry.id)).execution_options(yield_per=5_000)
    with session.execute(lines) as rows:
        for *line, changes in rows:
            if changes is None:
                verdict.emptied += line[-1] is not None
            elif payload_digest(key, changes) != line[-1]:
                raise _Differs(line[0])
            yield line
