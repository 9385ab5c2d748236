"""Who did what: the journal, its filters, and a table of it for an audit."""

from collections.abc import Iterable
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, JournalReader
from crm.accounts.actions.journal import record_export
from crm.accounts.forms import JournalSearch
from crm.accounts.queries import colleagues
from crm.accounts.queries.journal import MOST_EXPORTED, journal_to_export, list_journal
from crm.accounts.verbs import SUBJECTS, VERBS, changed_fields, choices
from crm.core.db import Sess
from crm.core.forms import Form, posted, values_of
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.tables import csv_text
from crm.core.web import page

router = Router(prefix="/journal")


@router.get("", name="accounts:journal")
def journal(request: Request, session: Sess, actor: JournalReader) -> Response:
    form = Form(JournalSearch, values_of(request.query_params, JournalSearch)).validate()
    return shown(request, session, actor, form)


@router.post("/export", name="accounts:journal_export")
def export(
    request: Request, session: Sess, actor: JournalReader, form: Annotated[Form[JournalSearch], posted(JournalSearch)]
) -> Response:
    if form.errors:
        return shown(request, session, actor, form)
    lines = journal_to_export(session, actor, form.data)
    record_export(session, actor, len(lines))
    headings = [_("Time"), _("Who"), _("What"), _("About"), _("Number"), _("Changes")]
    text = csv_text([headings, *cells(lines, actor)])
    named = {"Content-Disposition": f'attachment; filename="meguri-journal-{actor.today.isoformat()}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=named)


def shown(request: Request, session: Session, actor: Actor, form: Form[JournalSearch]) -> Response:
    wanted = JournalSearch() if form.errors else form.data
    lines, following = list_journal(session, actor, wanted)
    who = colleagues(session, actor)
    words = {**dict(who), **VERBS, **SUBJECTS, str(wanted.subject): _("One record")}
    return page(
        request,
        "accounts/journal",
        status=422 if form.errors else 200,
        form=form,
        wanted=wanted,
        lines=lines,
        following=following,
        who=who,
        named=lambda pairs: [(value, str(label), None) for value, label in pairs],
        verbs=VERBS,
        subjects=SUBJECTS,
        verb_choices=choices(VERBS),
        subject_choices=choices(SUBJECTS),
        chips=[(name, value, str(words.get(value, value))) for name, value in wanted.chosen],
        doors={kind: door for kind, door in request.app.state.doors.items() if actor.may(door[2])},
        changed_fields=changed_fields,
        most=MOST_EXPORTED,
    )


def cells(lines: Iterable[Any], actor: Actor) -> Iterable[list[str]]:
    zone = ZoneInfo(actor.zone)
    for entry, name in lines:
        yield [
            entry.created_at.astimezone(zone).isoformat(timespec="seconds"),
            name or _("the program"),
            str(VERBS.get(entry.verb, entry.verb)),
            str(SUBJECTS.get(entry.subject_kind, entry.subject_kind)),
            str(entry.subject_id or ""),
            _(", ").join(changed_fields(entry)),
        ]
