"""実施報告: written beside the numbers, with photographs, given out in two forms."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, EventEditor, EventEditorApart, EventReader
from crm.core.db import Sess, database_of
from crm.core.documents import pdf
from crm.core.errors import WrongField
from crm.core.files import Store, download
from crm.core.forms import Form, posted
from crm.core.i18n import current_language, ngettext
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.events import reports
from crm.events.actions import picturing as actions
from crm.events.actions.reporting import feedback_on, report_of, write_report
from crm.events.actions.sending import occasion_of
from crm.events.forms import boxes_of
from crm.events.models import Event, EventReport, Precision
from crm.events.pictures import ACCEPT, MEDIA_TYPE, Remade, photographs, remade_files
from crm.events.queries.events import editable_event, event_of
from crm.events.queries.figures import SHOWN, figures_of
from crm.events.queries.pictures import picture_of, pictures_of, refusing_count
from crm.events.report_forms import PictureForm, PicturesForm, ReportForm
from crm.events.routes.papers import file_of
from crm.events.routes.planning import languages_of

router = Router(prefix="/events")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NUMBERS = {"stated", "precision", "person_times", "stated_online", "precision_online"}
_TEXTS = ("attendance", "summary", "feedback", "next_steps")


@router.get("/{event_id}/report", name="events:report")
def report(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    return _page(request, session, editor, editable_event(session, editor, event_id))


def _page(
    request: Request, session: Session, editor: Actor, event: Event,
    form: Form[ReportForm] | Form[PicturesForm] | None = None,
) -> Response:  # fmt: skip
    """``form``: the one of the two in which something is wrong."""
    figures, heard = figures_of(session, event), feedback_on(session, event)
    return page(
        request, "events/report", status=422 if form else 200, event=event, figures=figures,
        form=form if form and form.model is ReportForm else _stored(session, event),
        picture_form=form if form and form.model is PicturesForm else Form(PicturesForm), accept=ACCEPT,
        pictures=pictures_of(session, event), spoken=_spoken(session, editor, event),
        counted=reports.counted(figures), heard=heard, precisions=Precision.options(), shown=SHOWN,
        answer_label=reports.answer_label, sector_label=reports.sector_label,
        average=round(sum(one.rating for one in heard) / len(heard), 1) if heard else 0,
    )  # fmt: skip


def _stored(session: Session, event: Event) -> Form[ReportForm]:
    stored = report_of(session, event)
    boxes = boxes_of(**{name: getattr(stored, name) for name in _TEXTS}) if stored else {}
    said = stored.model_dump(mode="json", include=set(_NUMBERS)) if stored else {"precision": "exact"}
    return Form(
        ReportForm, {"precision_online": "exact", **said, **boxes, "version": stored.version if stored else None}
    )


def _spoken(session: Session, editor: Actor, event: Event) -> list[tuple[str, str]]:
    names = languages_of(session, editor, event)
    return [(code, names[code]) for code in event.languages]


@router.post("/{event_id}/report", name="events:write_report")
def write(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[ReportForm], posted(ReportForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, write_report, editor, event)
    if form.errors:
        return _page(request, session, editor, event, form)
    flash(request, _("The report has been saved."))
    return go(request, "events:report", event_id=event_id)


@router.post("/{event_id}/report/pictures", name="events:add_pictures")
def add(
    request: Request, session: Sess, editor: EventEditorApart, event_id: UUID,
    form: Annotated[Form[PicturesForm], posted(PicturesForm)],
) -> Response:  # fmt: skip
    """They are made anew before this request's transaction begins: it would keep all other writers waiting."""
    with database_of(request).reading() as reading:
        editable_event(reading, editor, event_id)
    made, event = _remade(form), editable_event(session, editor, event_id)
    added = form.attempt(session, actions.add_pictures, editor, event, _store(request), made)
    if added is None:
        return _page(request, session, editor, event, form)
    flash(request, ngettext("%(num)s photograph is kept.", "%(num)s photographs are kept.", len(added)))
    if len(added) == 1:
        return go(request, "events:picture", event_id=event_id, picture_id=added[0].id)
    return go(request, "events:report", event_id=event_id)


def _remade(form: Form[PicturesForm]) -> list[Remade]:
    try:
        return [] if form.errors else remade_files(form.data.files)
    except WrongField as fault:
        form.errors[fault.field] = str(fault)
        return []


def _store(request: Request) -> Store:
    return photographs(settings_of(request))


@router.get("/{event_id}/report/pictures/{picture_id}", name="events:picture")
def look(request: Request, session: Sess, editor: EventEditor, event_id: UUID, picture_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    stored = picture_of(session, event, picture_id)
    said = {**boxes_of(caption=stored.caption, alt=stored.alt), "agreed": stored.agreed, "version": stored.version}
    return _picture_page(request, session, editor, event, picture_id, Form(PictureForm, said))


def _picture_page(
    request: Request, session: Session, editor: Actor, event: Event, picture_id: UUID, form: Form[PictureForm]
) -> Response:
    pictures = pictures_of(session, event)
    picture = picture_of(session, event, picture_id)
    return page(
        request, "events/picture", status=422 if form.errors else 200, event=event, picture=picture, form=form,
        number=pictures.index(picture) + 1, spoken=_spoken(session, editor, event),
        refusing=refusing_count(session, event),
    )  # fmt: skip


@router.post("/{event_id}/report/pictures/{picture_id}", name="events:describe_picture")
def describe(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, picture_id: UUID,
    form: Annotated[Form[PictureForm], posted(PictureForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, lambda s, data: actions.describe_picture(s, editor, event, picture_id, data))
    if form.errors:
        return _picture_page(request, session, editor, event, picture_id, form)
    flash(request, _("The change has been saved."))
    return go(request, "events:report", event_id=event_id)


@router.get("/{event_id}/report/pictures/{picture_id}/file", name="events:picture_file")
def picture(request: Request, session: Sess, editor: EventEditor, event_id: UUID, picture_id: UUID) -> Response:
    found = picture_of(session, editable_event(session, editor, event_id), picture_id)
    return download(_store(request), found.id, f"report-{found.place}.jpg", MEDIA_TYPE)


@router.post("/{event_id}/report/pictures/{picture_id}/up", name="events:raise_picture")
def up(request: Request, session: Sess, editor: EventEditor, event_id: UUID, picture_id: UUID) -> Response:
    actions.raise_picture(session, editor, editable_event(session, editor, event_id), picture_id)
    return go(request, "events:report", event_id=event_id)


@router.post("/{event_id}/report/pictures/{picture_id}/remove", name="events:remove_picture")
def remove(request: Request, session: Sess, editor: EventEditor, event_id: UUID, picture_id: UUID) -> Response:
    actions.remove_picture(session, editor, editable_event(session, editor, event_id), picture_id)
    flash(request, _("It has been removed."))
    return go(request, "events:report", event_id=event_id)


@contextmanager
def _parts(request: Request, session: Session, event: Event, language: str) -> Iterator[tuple[dict[str, object], Path]]:
    """What the report says, and a folder with its pictures for as long as it is being made."""
    stored = report_of(session, event) or EventReport(event_id=event.id)
    language = language if language in event.languages else current_language()
    survey = reports.survey_part(session, event, language)
    parts = reports.report_parts(occasion_of(session, event), stored, figures_of(session, event), language, survey)
    with TemporaryDirectory(prefix="report-") as folder:
        pictures = reports.report_pictures(session, event, _store(request), Path(folder), language)
        yield {**parts, "pictures": pictures}, Path(folder)


@router.get("/{event_id}/report.pdf", name="events:report_pdf")
def report_pdf(request: Request, session: Sess, reader: EventReader, event_id: UUID, language: str = "") -> Response:
    with _parts(request, session, event_of(session, reader, event_id), language) as (parts, folder):
        return file_of(pdf("events/report", parts, files=folder), "report.pdf")


@router.get("/{event_id}/report.docx", name="events:report_docx")
def report_docx(request: Request, session: Sess, reader: EventReader, event_id: UUID, language: str = "") -> Response:
    with _parts(request, session, event_of(session, reader, event_id), language) as (parts, folder):
        return file_of(reports.report_docx(parts, folder), "report.docx", _WORD)
