"""The report of an event on paper and for a word processor: facts, what is written, the survey, photographs."""

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from crm.core.errors import Missing
from crm.core.files import Store
from crm.core.i18n import GUEST_LANGUAGES, ngettext, plural_form, said_in, speaking
from crm.core.i18n import gettext as _
from crm.core.templates import show_number
from crm.events.letters import Occasion
from crm.events.models import Event, EventReport, HostRole, Precision
from crm.events.queries.figures import SHOWN, Figures, Number
from crm.events.queries.guests import UNSAID
from crm.events.queries.pictures import pictures_of
from crm.events.queries.surveys import Result, asked_count, overall, questions_of, results_of, sheets_of
from crm.people.models import Sector

_WIDEST, _HIGHEST = 15, 11
"""Centimetres of a picture in a text."""


@dataclass(frozen=True)
class Survey:
    """``rows``: question and what was answered."""

    said: str = ""
    rows: Sequence[tuple[str, str]] = ()


def report_parts(
    occasion: Occasion, report: EventReport, figures: Figures, language: str, survey: Survey
) -> dict[str, Any]:
    """Title, facts and parts in one language; with the pictures, data of ``templates/events/report.typ`` too.

    A part is its heading, paragraphs, and rows of a table.
    """
    event = occasion.event
    values = occasion.values(language)
    with speaking(language, GUEST_LANGUAGES):
        facts = [
            [_("Day and time"), values["when"]],
            [_("Venue"), values["venue"]],
            [_("Main host"), values["host"]],
            *(
                [str(role.label), _(", ").join(each.name for each in occasion.carriers if each.host.role is role)]
                for role in HostRole
            ),
            [_("Initiative"), event.initiative or ""],
            [_("Attendance"), report.attendance.get(language) or attendance(report, figures)],
        ]
        parts = [
            (_("Programme"), values["programme"], ()),
            (_("Guests by sector"), "", _sectors(figures)),
            (_("Guests by answer"), "", _answers_given(figures)),
            (_("Summary"), report.summary.get(language, ""), ()),
            (_("Feedback"), report.feedback.get(language, ""), ()),
            (_("Survey"), survey.said, survey.rows),
            (_("Next steps"), report.next_steps.get(language, ""), ()),
        ]
        return {
            "language": language,
            "title": _("Event report"),
            "event": values["event"],
            "facts": [fact for fact in facts if fact[1]],
            "parts": [
                [heading, text.split("\n") if text else [], rows] for heading, text, rows in parts if text or rows
            ],
            "photographs": _("Photographs"),
        }


def report_pictures(session: Session, event: Event, store: Store, folder: Path, language: str) -> list[dict[str, str]]:
    """Those that somebody has vouched for, as far as they are there, laid into ``folder`` under the name ``file``."""
    found = []
    for one in pictures_of(session, event):
        with suppress(Missing):
            if one.agreed:
                (folder / str(one.id)).write_bytes(b"".join(store.read(str(one.id))))
                caption = one.caption.get(language, "")
                found.append({"file": str(one.id), "alt": said_in(one.alt, language), "caption": caption})
    return found


def survey_part(session: Session, event: Event, language: str) -> Survey:
    """How many answered, and what; words are read by the office, who writes in the report what is to be known."""
    sheets = sheets_of(session, event)
    if not sheets:
        return Survey()
    with speaking(language, GUEST_LANGUAGES):
        asked = show_number(asked_count(session, event))
        said = _("%(number)s of %(asked)s guests who were there have answered.", number=len(sheets), asked=asked)
        results = [overall(sheets), *results_of(questions_of(session, event), sheets, language)]
        return Survey(said, [(result.label, _answers(result)) for result in results])


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


def attendance(report: EventReport, figures: Figures) -> str:
    """As somebody has stated it, with its qualifier; else what was counted."""
    if report.stated is None:
        return counted(figures)
    said = _qualified(report.stated, report.precision)
    if report.person_times:
        said = _("%(people)s (person-times)", people=said)
    if report.stated_online is None:
        return said
    return _(
        "%(people)s (online: %(online)s)", people=said, online=_qualified(report.stated_online, report.precision_online)
    )


def _qualified(number: int, precision: Precision) -> str:
    people = said_people(number)
    if precision is Precision.ABOUT:
        return _("about %(people)s", people=people)
    if precision is Precision.AT_LEAST:
        return _("at least %(people)s", people=people)
    return _("just under %(people)s", people=people) if precision is Precision.JUST_UNDER else people


def said_people(number: int) -> str:
    return plural_form("%(num)s person", "%(num)s people", number) % {"num": show_number(number)}


def counted(figures: Figures) -> str:
    """With its basis."""
    joined, online = figures["joined"].guests, figures["online"].people
    inside = figures["came"].people - joined
    venue = plural_form("%(num)s person at the venue", "%(num)s people at the venue", inside)
    said = venue % {"num": show_number(inside)}
    if joined:
        was = plural_form("%(num)s guest was online", "%(num)s guests were online", joined)
        return _("%(venue)s; %(online)s", venue=said, online=was % {"num": show_number(joined)})
    if not online:
        return said
    registered = plural_form("%(num)s had registered online", "%(num)s had registered online", online)
    return _("%(venue)s; %(online)s", venue=said, online=registered % {"num": show_number(online)})


def _sectors(figures: Figures) -> list[list[str]]:
    """Only where there is more to say than that nobody has said any."""
    if set(figures.sectors) <= {UNSAID}:
        return []
    head = [_("Sector"), _("On the list"), _("Said that they come"), _("Came")]
    return [head, *([sector_label(code), *_three(numbers)] for code, numbers in figures.sectors.items())]


def _three(numbers: dict[str, Number]) -> list[str]:
    return [show_number(numbers["listed"].guests), both(numbers["comes"]), both(numbers["came"])]


def _answers_given(figures: Figures) -> list[list[str]]:
    return [[answer_label(state), both(figures[state])] for state in SHOWN if figures[state].guests]


def both(number: Number) -> str:
    """Guests, and people where these are more."""
    guests = plural_form("%(num)s guest", "%(num)s guests", number.guests) % {"num": show_number(number.guests)}
    if number.people <= number.guests:
        return guests
    return _("%(guests)s, %(people)s in all", guests=guests, people=said_people(number.people))


def sector_label(code: str) -> str:
    return "" if not code else _("Not stated") if code == UNSAID else str(Sector(code).label)


def answer_label(state: str) -> str:
    words = {
        "in_person": _("Come in person"), "online": _("Come online"), "waiting": _("Waiting list"),
        "no": _("Said that they cannot come"), "silent": _("No answer yet"), "to_invite": _("Not invited yet"),
    }  # fmt: skip
    return words[state]


def report_docx(data: dict[str, Any], folder: Path) -> bytes:
    """The same for a word processor; ``folder``: of the pictures."""
    from docx import Document  # noqa: PLC0415 (a few megabytes that only a report needs)

    document = Document()
    document.core_properties.title = f"{data['title']}: {data['event']}"
    document.core_properties.language = data["language"]
    document.add_heading(data["event"], level=0)
    document.add_paragraph(data["title"])
    _add_table(document, data["facts"])
    for heading, lines, rows in data["parts"]:
        document.add_heading(heading, level=1)
        for line in lines:
            document.add_paragraph(line)
        _add_table(document, rows)
    if data["pictures"]:
        document.add_heading(data["photographs"], level=1)
    for one in data["pictures"]:
        _add_picture(document, one, folder)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        table.style = "Table Grid"
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text


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
