"""The list of an online room (who joined, when), read as it is, and whom of the guests it names."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from crm.core.search import fold, without_accents, words
from crm.events.models import Event, Guest
from crm.events.queries.guests import EVENT
from crm.imports.reading.delimited import delimiter_of

_MAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\"]+")
_CLOCK = re.compile(r"(午前|午後)?\s*(\d{1,2}):(\d{2})(?::\d{2})?\s*([AaPp])?\.?[Mm]?")
_NAME = re.compile(r"name|名|nom\b|teilnehmer", re.IGNORECASE)
_OTHER = re.compile(r"mail|メール|join|参加|入室|beitritt|arriv", re.IGNORECASE)
_ASIDE = re.compile(r"[(（\[].*?[)）\]]")
_MOST_ROWS = 20_000


@dataclass(frozen=True)
class Joined:
    """A row of the list; ``said`` is its time as it stands there."""

    name: str
    email: str
    said: str
    at: datetime | None


@dataclass(frozen=True)
class Found:
    """``guest`` has id, name, institution, reply and joined_at; None for somebody whom the guest list does not have."""

    joined: Joined
    guest: Any
    by_address: bool = False


def joined_in(text: str, event: Event) -> list[Joined]:
    """Everybody once, when they first came. A heading is not needed: an address and a clock time are known by sight."""
    rows = [
        [cell.strip() for cell in row]
        for row, _ in zip(csv.reader(io.StringIO(text), delimiter=delimiter_of(text)), range(_MOST_ROWS), strict=False)
    ]
    heading = next((at for at, row in enumerate(rows) if _is_heading(row)), -1)
    named = next((at for at, cell in enumerate(rows[heading]) if _NAME.search(cell)), None) if heading >= 0 else None
    found: dict[str, Joined] = {}
    for row in rows[heading + 1 :]:
        one = _joined(row, named, event)
        if one and not _is_heading(row):
            found.setdefault(one.email or _key(one.name), one)
    return list(found.values())


def _is_heading(row: Sequence[str]) -> bool:
    return any(_NAME.search(cell) for cell in row) and any(_OTHER.search(cell) and "@" not in cell for cell in row)


def _joined(row: Sequence[str], named: int | None, event: Event) -> Joined | None:
    email = next((hit[0].lower() for cell in row if (hit := _MAIL.search(cell))), "")
    said = next((cell for cell in row if _CLOCK.search(cell) and "@" not in cell), "")
    texts = [cell for cell in row if cell and cell != said and "@" not in cell and not cell.isdigit()]
    name = row[named] if named is not None and named < len(row) else next(iter(texts), "")
    if not email and not (name and (said or len(row) == 1)):
        return None
    return Joined(_ASIDE.sub("", name).strip(), email, said, _moment(said, event))


def _moment(said: str, event: Event) -> datetime | None:
    """The clock time, on the day of the event, where it is; one that is far from it is of another zone."""
    found = _CLOCK.search(said)
    if found is None:
        return None
    hour, afternoon = int(found[2]), found[1] == "午後" or (found[4] or "").lower() == "p"
    hour = hour % 12 + 12 * afternoon if found[1] or found[4] else hour
    if hour > 23 or int(found[3]) > 59:
        return None
    zone = ZoneInfo(event.zone)
    there = datetime.combine(event.starts_here.date(), time(hour, int(found[3])), zone)
    around = event.starts_at - timedelta(hours=2) <= there <= event.ends_at + timedelta(hours=2)
    return there if around else None


def _key(name: str) -> str:
    return "".join(sorted(without_accents(word) for word in words(name)))


_GUESTS = select(
    col(Guest.id), col(Guest.name), col(Guest.latin), col(Guest.substitute), col(Guest.email), col(Guest.assistant),
    col(Guest.institution), col(Guest.reply), col(Guest.joined_at),
).where(col(Guest.event_id) == EVENT)  # fmt: skip


def guests_who_joined(session: Session, event: Event, joined: Sequence[Joined]) -> list[Found]:
    """By the address, else by a name that only one of the guests has."""
    guests = session.execute(_GUESTS, {"event": event.id}).all()
    addresses = {fold(one): guest for guest in guests for one in (guest.assistant, guest.email) if one}
    names: dict[str, list[Any]] = defaultdict(list)
    for guest in guests:
        for key in {_key(name) for name in (guest.name, guest.latin, guest.substitute) if name}:
            names[key].append(guest)
    found = []
    for one in joined:
        known = addresses.get(fold(one.email)) if one.email else None
        alike = names.get(_key(one.name), []) if one.name else []
        found.append(Found(one, known or (alike[0] if len(alike) == 1 else None), known is not None))
    return sorted(found, key=lambda one: one.guest is None)
