"""What of a guest list goes into a spreadsheet, for those who may see it."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.i18n import current_language, locale_of
from crm.core.i18n import gettext as _
from crm.core.mail import LetterState
from crm.core.tables import csv_text, write_xlsx
from crm.core.templates import show_number
from crm.events.forms import GuestSearch
from crm.events.models import Companion, Event, Guest
from crm.events.models.guests import called
from crm.events.queries.guests import Line, companions_where, described, whole_list
from crm.events.queries.needs import Asked, deleted_by
from crm.people.models import Sector
from crm.people.queries.known import chunks

Format = Literal["csv", "xlsx"]
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
Table = tuple[list[str], list[list[str]]]
"""Headings, and a row for each line."""


def as_file(kind: Format, table: Table) -> bytes:
    headings, rows = table
    if kind == "csv":
        return csv_text([headings, *rows]).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        write_xlsx(path, headings, rows)
        return path.read_bytes()


def guest_table(session: Session, actor: Actor, event: Event, wanted: GuestSearch) -> Table:
    """Addresses of the guests whom another office has proposed are for the host alone, who writes to them."""
    companions = companions_where(session, col(Guest.event_id) == event.id)
    rows = []
    for guest, line in _lines(session, whole_list(session, event, wanted)):
        told = actor.office_id in (event.office_id, guest.office_id)
        addresses = [guest.email or "", guest.assistant or ""] if told else ["", ""]
        rows.append([*_cells(event, line, guest, companions.get(guest.id, [])), *addresses])
    return _headings(), rows


def _lines(session: Session, guests: Sequence[Guest]) -> Iterator[tuple[Guest, Line]]:
    for some in chunks(guests):
        yield from zip(some, described(session, some), strict=True)


def _headings() -> list[str]:
    return [
        _("Name"), _("Reading"), _("Name in Latin letters"), _("Position"), _("Institution"), _("Sector"), _("List"),
        _("Guest of honour"), _("Place in the order of precedence"), _("Invited together with"), _("Language"),
        _("Invited"), _("Letter"), _("Answer"), _("Instead comes"), _("Places"), _("Accompanying guests"), _("Table"),
        _("Came"), _("E-mail address"), _("E-mail of an assistant"),
    ]  # fmt: skip


def _cells(event: Event, line: Line, guest: Guest, companions: Sequence[Companion]) -> list[str]:
    return [
        guest.name, guest.kana or "", guest.latin or "", guest.title or "", guest.institution,
        sector_word(guest.sector), str(guest.reserve.label), _yes(guest.honoured),
        str(guest.precedence or ""), guest.partner or "",
        locale_of(current_language()).languages.get(guest.language, guest.language),
        _day(guest.invited_at, event), _letter(line.letter), answer_word(guest),
        guest.substitute or "", show_number(guest.places) if guest.places else "", _names(companions),
        guest.seat_at or "", _yes(line.came),
    ]  # fmt: skip


def _names(companions: Sequence[Companion]) -> str:
    return _(", ").join(one.name for one in companions)


def _day(moment: datetime | None, event: Event) -> str:
    """Where the event is."""
    return moment.astimezone(ZoneInfo(event.zone)).date().isoformat() if moment else ""


def _yes(said: bool) -> str:
    return "✓" if said else ""


def _letter(state: LetterState | None) -> str:
    words = {
        LetterState.QUEUED: _("Waiting"), LetterState.SENDING: _("On its way"), LetterState.SENT: _("Sent"),
        LetterState.FAILED: _("Failed"), LetterState.STOPPED: _("Stopped"),
    }  # fmt: skip
    return words[state] if state else ""


def sector_word(code: str) -> str:
    return str(Sector(code).label) if code else ""


def answer_word(guest: Guest) -> str:
    """As the list says it."""
    if guest.waiting_since:
        return _("Place offered") if guest.offered_until else _("Waiting list")
    if guest.reply:
        return str(guest.reply.label)
    return _("No answer yet") if guest.invited_at else _("Not invited yet")


def needs_table(event: Event, asked: Sequence[Asked]) -> Table:
    """A line for each guest and answer; the last column says until when it may be kept."""
    day = deleted_by(event).isoformat()
    headings = [
        _("Question"), _("Answer"), _("Name"), _("Institution"), _("Table"), _("How one takes part"), _("Delete by"),
    ]  # fmt: skip
    return headings, [
        [
            one.label, same.words, called(guest), guest.institution, guest.seat_at or "", str(guest.reply.label),
            day if one.is_careful else "",
        ]
        for one in asked
        for same in one.answers
        for guest in same.guests
    ]  # fmt: skip
