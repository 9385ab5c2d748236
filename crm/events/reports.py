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
from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext, said_in, speaking
from crm.core.templates import show_number
from crm.events.letters import Occasion
from crm.events.models import Event, EventReport, HostRole
from crm.events.queries.guests import Counts
from crm.events.queries.pictures import pictures_of
from crm.events.queries.surveys import Result, asked_count, overall, questions_of, results_of, sheets_of

_WIDEST, _HIGHEST = 15, 11
"""Centimetres of a picture in a text."""


@dataclass(frozen=True)
class Survey:
    """``rows``: question and what was answered."""

    said: str = ""
    rows: Sequence[tuple[str, str]] = ()


def report_parts(
    occasion: Occasion, report: EventReport, counts: Counts, language: str, survey: Survey
) -> dict[str, Any]:
    """Title, facts and parts in one language; with the pictures, data of ``templates/events/report.typ`` too.

    A part is its heading, paragraphs, and rows of a table.
    """
    event = occasion.event
    values = occasion.values(language)
    with speaking(language):
        facts = [
            [_("Day and time"), values["when"]],
            [_("Venue"), values["venue"]],
            [_("Main host"), values["host"]],
            *(
                [str(role.label), _(", ").join(each.name for each in occasion.carriers if each.host.role is role)]
                for role in HostRole
            ),
            [_("Initiative"), event.initiative or ""],
            [_("Attendance"), said_in(report.attendance, language) or attendance(counts)],
        ]
        parts = [
            (_("Programme"), values["programme"], ()),
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
            "parts": [[heading, text.split("\n"), rows] for heading, text, rows in parts if text],
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
    with speaking(language):
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


def attendance(counts: Counts) -> str:
    """What was counted, with its basis; somebody may say it otherwise."""
    said = ngettext("%(num)s person at the venue", "%(num)s people at the venue", counts.inside)
    if counts.joined:
        online = ngettext("%(num)s guest was online", "%(num)s guests were online", counts.joined)
        return _("%(venue)s; %(online)s", venue=said, online=online)
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
        table = document.add_table(rows=0, cols=2)
        table.style = "Table Grid"
        for row in rows:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = row


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
