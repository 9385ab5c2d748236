"""Paper of an event: guest list, badges, cards for those without e-mail, the report as PDF and for a word processor."""

import io
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
from sqlalchemy import select
from sqlmodel import Session, col

from crm.core.dates import when_in
from crm.core.i18n import current_language, ngettext, said_in, speaking
from crm.core.i18n import gettext as _
from crm.core.templates import show_number
from crm.events.actions.seating import Proposed, suggested_order
from crm.events.actions.sending import occasion_of
from crm.events.letters import Occasion, guest_values
from crm.events.models import Companion, Event, EventReport, Guest, GuestPass, HostRole, LetterKind
from crm.events.queries.desks import Desk, by_desk
from crm.events.queries.guests import STATES, Counts
from crm.events.queries.pictures import pictures_of
from crm.events.queries.sending import wordings_of
from crm.events.queries.surveys import Result, asked_count, overall, questions_of, results_of, sheets_of
from crm.events.wording import fill

_WIDEST, _HIGHEST = 15, 11
"""Centimetres of a picture in a text."""


def qr_svg(text: str) -> str:
    """For Typst, which draws SVG."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, xmldecl=False, nl=False)
    return out.getvalue().decode()


def guests_for_paper(session: Session, event: Event, *, by: str = "name") -> list[Guest]:
    """Those who come to the venue."""
    orders: dict[str, list[Any]] = {
        "name": [col(Guest.sort_key)],
        "precedence": [col(Guest.precedence).is_(None), col(Guest.precedence), col(Guest.sort_key)],
        "table": [col(Guest.seat_at).is_(None), col(Guest.seat_at), col(Guest.precedence), col(Guest.sort_key)],
    }
    mine = select(Guest).where(col(Guest.event_id) == event.id, STATES["in_person"])
    return list(session.execute(mine.order_by(*orders.get(by, orders["name"]), col(Guest.id))).scalars())


def guest_list(event: Event, guests: Sequence[Guest], by: str = "name") -> dict[str, Any]:
    """Data of ``templates/events/guest_list.typ``: one table, or one for each reception desk, for each dinner table."""
    order = {one.guest.id: one for one in suggested_order(guests)} if by == "precedence" else {}
    if order:
        guests = [one.guest for one in order.values()]
    return {
        "language": current_language(),
        "title": _("Guest list: %(event)s", event=event.name),
        "subtitle": f"{when_in(event.starts_here, event.ends_here, current_language())}  {event.where}",
        "number": _people(guests),
        "columns": ["", _("Name"), _("Institution"), _("Places"), _("Table"), _("Order"), _("Came")],
        "sheets": by == "desk",
        "parts": [
            {"heading": heading, "number": _people(some), "rows": [_row(one, order.get(one.id)) for one in some]}
            for heading, some in _parts(event, guests, by)
        ],
    }


def _people(guests: Sequence[Guest]) -> str:
    return ngettext("%(num)s person", "%(num)s people", sum(guest.places for guest in guests))


def _parts(event: Event, guests: Sequence[Guest], by: str) -> list[tuple[str, Sequence[Guest]]]:
    if by == "table":
        tables = groupby(guests, lambda guest: guest.seat_at)
        return [(_("Table %(name)s", name=name) if name else _("Without a table"), list(some)) for name, some in tables]
    if by != "desk" or not event.desks:
        return [("", guests)]
    desks, others = by_desk(event.desks, guests)
    parts: list[tuple[str, Sequence[Guest]]] = [(_desk_name(desk), desk.guests) for desk in desks]
    return [*parts, (_("No desk"), others)] if others else parts


def _desk_name(desk: Desk) -> str:
    return _("Desk %(name)s (%(letters)s)", name=desk.name, letters=desk.said or _("everybody else"))


def _row(guest: Guest, proposed: Proposed | None) -> list[str]:
    """With its basis where it stands by precedence; what is only proposed stands in brackets."""
    number = str(guest.precedence or (f"({proposed.number})" if proposed else ""))
    return [
        "★" if guest.honoured else "",
        "\n".join(filter(None, [guest.badge_name, guest.reading])),
        "\n".join(filter(None, [guest.institution, guest.title, proposed.basis if proposed else ""])),
        show_number(guest.places) if guest.places > 1 else "",
        guest.seat_at or "",
        number,
        "",
    ]


def guard_list(session: Session, event: Event) -> dict[str, Any]:
    """Data of ``templates/events/guards.typ``: for the guards of the venue, as long as it is kept."""
    mine = select(Guest, GuestPass).join(GuestPass, col(GuestPass.guest_id) == col(Guest.id))
    rows = session.execute(mine.where(col(Guest.event_id) == event.id).order_by(col(GuestPass.legal_name)))
    return {
        "language": current_language(),
        "title": _("List for the guards: %(event)s", event=event.name),
        "subtitle": when_in(event.starts_here, event.ends_here, current_language()),
        "columns": [_("Legal name"), _("Institution"), _("Number plate of the car")],
        "rows": [[told.legal_name, guest.institution, told.plate] for guest, told in rows],
    }


def badges(event: Event, guests: Sequence[Guest], companions: dict[UUID, list[Companion]]) -> dict[str, Any]:
    """Data of ``templates/events/badges.typ``: one for the guest, one for each who comes along."""
    made = []
    for guest in guests:
        qr, said = qr_svg(f"meguri:{guest.code}"), guest.on_badge
        made.append({**said, "place": 0, "qr": qr})
        made += [
            {**said, "name": one.name, "second": "", "place": one.place, "qr": qr}
            for one in companions.get(guest.id, [])
        ]
    title = _("Badges: %(event)s", event=event.name)
    return {"language": current_language(), "title": title, "event": event.name, "badges": made, "single": False}


def guest_pass(occasion: Occasion, guest: Guest, companions: Sequence[str], language: str) -> dict[str, Any]:
    """Data of ``templates/events/pass.typ``."""
    said = occasion.values(language)
    return {
        "language": language,
        "title": f"{said['event']}: {guest.badge_name}",
        "event": said["event"],
        "host": said["host"],
        "lines": [line for line in (said["when"], said["place"], said["dress"]) if line],
        "name": guest.badge_name,
        "companions": list(companions),
        "qr": qr_svg(f"meguri:{guest.code}"),
        "alt": _("Code for the reception desk"),
    }


def share_card(occasion: Occasion, language: str, site_name: str) -> dict[str, Any]:
    """Data of ``templates/events/share.typ``."""
    said = occasion.values(language)
    with speaking(language):
        note = _("This event has been cancelled.") if occasion.event.cancelled_at else site_name
    return {"language": language, "note": note, **{name: said[name] for name in ("event", "when", "place", "host")}}


def cards(session: Session, event: Event, guests: Sequence[Guest], addresses: Sequence[str]) -> dict[str, Any]:
    """Data of ``templates/events/cards.typ``: the invitation on paper, with the personal link as a QR code."""
    occasion = occasion_of(session, event)
    wordings = wordings_of(session, event, LetterKind.INVITE)
    made = []
    for guest, address in zip(guests, addresses, strict=True):
        wording = wordings.get(guest.language)
        if wording is None:
            continue
        values = {**occasion.values(guest.language), **guest_values(guest, guest.language, address)}
        lines = fill(wording.body, values).split("\n\n")
        to = [line for line in (guest.institution, guest.title, guest.name) if line]
        made.append({"language": guest.language, "to": to, "paragraphs": lines, "qr": qr_svg(address)})
    return {"language": current_language(), "title": _("Invitations: %(event)s", event=event.name), "cards": made}


def report_parts(
    occasion: Occasion, report: EventReport, counts: Counts, language: str, heard: Sequence[str] = ()
) -> dict[str, Any]:
    """Title, facts and paragraphs, in one language; with the pictures, data of ``templates/events/report.typ`` too."""
    event = occasion.event
    values = occasion.values(language)
    with speaking(language):
        facts = [
            [_("Day and time"), values["when"]],
            [_("Venue"), values["place"]],
            [_("Main host"), values["host"]],
            *(
                [str(role.label), _(", ").join(each.name for each in occasion.carriers if each.host.role is role)]
                for role in HostRole
            ),
            [_("Initiative"), event.initiative or ""],
            [_("Attendance"), said_in(report.attendance, language) or attendance(counts)],
        ]
        parts = [
            [_("Programme"), values["programme"]],
            [_("Summary"), report.summary.get(language, "")],
            [_("Feedback"), report.feedback.get(language, "")],
            [_("Survey"), "\n".join(heard)],
            [_("Next steps"), report.next_steps.get(language, "")],
        ]
        return {
            "language": language,
            "title": _("Event report"),
            "event": values["event"],
            "facts": [fact for fact in facts if fact[1]],
            "parts": [[heading, text.split("\n")] for heading, text in parts if text],
            "photographs": _("Photographs"),
        }


def report_pictures(session: Session, event: Event, folder: Path, language: str) -> list[dict[str, str]]:
    """Those that somebody has vouched for, as far as their files are there; ``file`` is a name in ``folder``."""
    return [
        {"file": str(one.id), "alt": said_in(one.alt, language), "caption": one.caption.get(language, "")}
        for one in pictures_of(session, event)
        if one.agreed and (folder / str(one.id)).is_file()
    ]


def survey_lines(session: Session, event: Event, language: str) -> list[str]:
    """How many answered, and what; words are read by the office, who writes in the report what is to be known."""
    sheets = sheets_of(session, event)
    if not sheets:
        return []
    with speaking(language):
        asked = show_number(asked_count(session, event))
        said = _("%(number)s of %(asked)s guests who were there have answered.", number=len(sheets), asked=asked)
        results = [overall(sheets), *results_of(questions_of(session, event), sheets, language)]
        return [said, *(line for result in results for line in (result.label, _answers(result)))]


def _answers(result: Result) -> str:
    if not result.tallies:
        return ngettext("%(num)s answer in words", "%(num)s answers in words", result.number)
    each = (
        _("%(answer)s: %(number)s (%(share)s)", answer=one.label, number=show_number(one.number), share=one.percent)
        for one in result.tallies
    )
    said = _(", ").join(each)
    if result.average is None:
        return said
    return _("%(answers)s; on average %(number)s of 5", answers=said, number=show_number(result.average))


def attendance(counts: Counts) -> str:
    """What was counted, with its basis; somebody may say it otherwise."""
    said = ngettext("%(num)s person at the venue", "%(num)s people at the venue", counts.inside)
    if counts.online_places:
        online = ngettext("%(num)s had registered online", "%(num)s had registered online", counts.online_places)
        return _("%(venue)s; %(online)s", venue=said, online=online)
    return said


def report_docx(data: dict[str, Any], folder: Path) -> bytes:
    """The same for a word processor; ``folder``: of the pictures."""
    from docx import Document  # noqa: PLC0415 (a few megabytes that only a report needs)

    document = Document()
    document.core_properties.title = f"{data['title']}: {data['event']}"
    document.core_properties.language = data["language"]
    document.add_heading(data["event"], level=0)
    document.add_paragraph(data["title"])
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label, value in data["facts"]:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    for heading, lines in data["parts"]:
        document.add_heading(heading, level=1)
        for line in lines:
            document.add_paragraph(line)
    if data["pictures"]:
        document.add_heading(data["photographs"], level=1)
    for one in data["pictures"]:
        _add_picture(document, one, folder)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_picture(document: Any, picture: dict[str, str], folder: Path) -> None:
    """No wider and no higher than the page has room for beside its caption."""
    from docx.shared import Cm  # noqa: PLC0415

    shape = document.add_picture(str(folder / picture["file"]))
    scale = min(_WIDEST * Cm(1) / shape.width, _HIGHEST * Cm(1) / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    shape._inline.docPr.set("descr", picture["alt"])
    if picture["caption"]:
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.add_paragraph(picture["caption"], style="Caption")
