"""Planning an event: its facts, who carries it, its programme, a copy of last year's."""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, EventEditor, EventReader
from crm.accounts.models import Office
from crm.accounts.queries import offices_beside
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import GUEST_LANGUAGES, current_language, locale_of
from crm.core.i18n import gettext as _
from crm.core.qr import qr_path
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of, url_builder
from crm.events.actions import planning
from crm.events.forms import CopyForm, EventForm, EventSearch, HostForm, ItemForm, TasksForm, boxes_of
from crm.events.models import Admission, Event, HostRole, Mode
from crm.events.preparing import add_preparations, preparations
from crm.events.queries.campaigns import campaigns_of
from crm.events.queries.events import (
    by_fiscal_year,
    carriers_of,
    editable_event,
    event_of,
    list_events,
    may_edit,
    own_event,
    programme_of,
)
from crm.events.queries.guests import counts_of
from crm.events.queries.sending import letters_by_state
from crm.events.queries.zones import zones_of

router = Router(prefix="/events")


@router.get("", name="events:list")
def listing(
    request: Request, session: Sess, reader: EventReader, wanted: Annotated[EventSearch, Query()]
) -> Response:  # fmt: skip
    lines = list_events(session, reader, wanted)
    years = by_fiscal_year(lines) if wanted.when == "past" else []
    drawn = [(str(year), sum(line.came for line in inside)) for year, inside in years]
    return page(request, "events/list", lines=lines, wanted=wanted, years=years, years_drawn=drawn)


@router.get("/new", name="events:new")
def new(request: Request, session: Sess, editor: EventEditor) -> Response:
    starts, ends = planning.default_times(editor)
    spoken = languages_of(session, editor)
    form = Form.of(EventForm, starts=starts, ends=ends, zone=editor.zone, languages=list(spoken), asks_needs=True)
    form.values |= {"mode": Mode.VENUE.value, "admission": Admission.INVITATION.value, "asks_photo": True}
    return _form_page(request, session, editor, form)


def languages_of(session: Session, actor: Actor, event: Event | None = None, *more: str) -> dict[str, str]:
    """Code → name of the languages that an event of this office may speak: Japanese, English, those of the place."""
    office = session.get_one(Office, event.office_id if event else actor.office_id)
    names = locale_of(current_language()).languages
    codes = dict.fromkeys(["ja", "en", *office.languages, *(event.languages if event else ()), *more])
    return {code: names.get(code, code) for code in codes}


def _form_page(
    request: Request, session: Session, editor: Actor, form: Form[EventForm], event: Event | None = None
) -> Response:
    """With boxes in the languages of the place and those chosen; all can be chosen in which guests are spoken to."""
    zones = zones_of(session, editor, *([event.zone] if event else []))
    return page(
        request, "events/edit", status=422 if form.errors else 200, form=form, event=event,
        spoken=languages_of(session, editor, event, *form.values.get("languages", ())),
        offered=languages_of(session, editor, event, *GUEST_LANGUAGES), zones=zones,
        modes=Mode.options(), admissions=Admission.options(),
    )  # fmt: skip


@router.post("", name="events:add")
def add(
    request: Request, session: Sess, editor: EventEditor, form: Annotated[Form[EventForm], posted(EventForm)]
) -> Response:
    event = form.attempt(session, planning.add_event, editor)
    if event is None:
        return _form_page(request, session, editor, form)
    flash(request, _("The event is planned. Next: who carries it, the programme, the guest list."))
    return go(request, "events:detail", event_id=event.id)


@router.get("/{event_id}", name="events:detail")
def detail(
    request: Request, session: Sess, reader: EventReader, event_id: UUID,
    item: UUID | None = None, host: UUID | None = None,
) -> Response:  # fmt: skip
    """``item`` and ``host``: which of the programme and of the co-hosts is being changed where it stands."""
    event = event_of(session, reader, event_id)
    return _page(request, session, reader, event, _opened(session, event, item, host), item or host)


def _opened(session: Session, event: Event, item_id: UUID | None, host_id: UUID | None) -> Form[Any] | None:
    if item_id:
        item = planning.item_of(session, event, item_id)
        return Form(ItemForm, {"starts": item.starts, **boxes_of(title=item.title, speaker=item.speaker)})
    if host_id:
        host = planning.host_of(session, event, host_id)
        return Form(HostForm, {"role": host.role.value, "may_edit": host.may_edit, **boxes_of(name=host.name)})
    return None


def _page(
    request: Request, session: Session, reader: Actor, event: Event, form: Form[Any] | None = None,
    changing: UUID | None = None,
) -> Response:  # fmt: skip
    """``changing``: the row to which the form belongs, else it adds one."""
    host = form if form and form.model is HostForm else Form(HostForm)
    item = form if form and form.model is ItemForm else Form(ItemForm)
    editable = reader.may("events_edit") and may_edit(session, reader, event)
    return page(
        request, "events/detail", status=422 if form and form.errors else 200, event=event,
        changing=changing if editable else None, editable=editable,
        counts=counts_of(session, event),
        carriers=carriers_of(session, event), programme=programme_of(session, event),
        office=session.get_one(Office, event.office_id), letters=letters_by_state(session, event),
        own=event.office_id == reader.office_id, host_form=host, item_form=item,
        offices=offices_beside(session, reader), roles=HostRole.options(), spoken=languages_of(session, reader, event),
    )  # fmt: skip


@router.get("/{event_id}/ways", name="events:ways")
def ways(request: Request, session: Sess, reader: EventReader, event_id: UUID, source: str = "") -> Response:
    """Links and codes for a poster or a newsletter that say where somebody came from, and how many came."""
    event, source = event_of(session, reader, event_id), source.strip()[:60]
    base = settings_of(request).base_url + url_builder(request)("events:open", event_id=event.id)
    named = {"source": source} if source else {}
    asked = [named, {"interest": "true", **named}] if event.takes_interest else [named]
    addresses = [f"{base}?{urlencode(each)}" if each else base for each in asked]
    return page(
        request, "events/ways", event=event, source=source, doors=[(each, *qr_path(each)) for each in addresses],
        campaigns=campaigns_of(session, event), own=event.office_id == reader.office_id,
    )  # fmt: skip


@router.get("/{event_id}/edit", name="events:edit")
def edit(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    return _form_page(request, session, editor, _stored(event), event)


def _stored(event: Event) -> Form[EventForm]:
    texts = boxes_of(**{name: getattr(event, name) for name in ("title", "text", "place", "access", "dress")})
    asked = {f"questions.{code}": "\n".join(each.get(code, "") for each in event.questions) for code in event.languages}
    times = {name: planning.here(event, getattr(event, f"{name}_at")) for name in ("starts", "ends")}
    times["change_until"] = planning.here(event, event.change_until)
    return Form.of(EventForm, event, **texts, **asked, **times)


@router.post("/{event_id}/edit", name="events:change")
def change(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[EventForm], posted(EventForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, planning.change_event, editor, event)
    if form.errors:
        return _form_page(request, session, editor, form, event)
    flash(request, _("The change has been saved."))
    return go(request, "events:detail", event_id=event_id)


@router.post("/{event_id}/hosts", name="events:add_host")
def add_host(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[HostForm], posted(HostForm)],
) -> Response:  # fmt: skip
    event = own_event(session, editor, event_id)
    form.attempt(session, planning.add_host, editor, event)
    if form.errors:
        return _page(request, session, editor, event, form)
    return go(request, "events:detail", event_id=event_id)


@router.post("/{event_id}/hosts/{host_id}/remove", name="events:remove_host")
def remove_host(request: Request, session: Sess, editor: EventEditor, event_id: UUID, host_id: UUID) -> Response:
    planning.remove_host(session, editor, own_event(session, editor, event_id), host_id)
    return go(request, "events:detail", event_id=event_id)


@router.post("/{event_id}/programme", name="events:add_item")
def add_item(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[ItemForm], posted(ItemForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, planning.add_item, editor, event)
    if form.errors:
        return _page(request, session, editor, event, form)
    return go(request, "events:detail", event_id=event_id)


@router.post("/{event_id}/programme/{item_id}/remove", name="events:remove_item")
def remove_item(request: Request, session: Sess, editor: EventEditor, event_id: UUID, item_id: UUID) -> Response:
    planning.remove_item(session, editor, editable_event(session, editor, event_id), item_id)
    return go(request, "events:detail", event_id=event_id)


@router.post("/{event_id}/programme/{item_id}/up", name="events:raise_item")
def raise_item(request: Request, session: Sess, editor: EventEditor, event_id: UUID, item_id: UUID) -> Response:
    planning.raise_item(session, editor, editable_event(session, editor, event_id), item_id)
    return go(request, "events:detail", event_id=event_id)


@router.post("/{event_id}/programme/{item_id}", name="events:change_item")
def change_item(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, item_id: UUID,
    form: Annotated[Form[ItemForm], posted(ItemForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, planning.change_item, editor, event, planning.item_of(session, event, item_id))
    if form.errors:
        return _page(request, session, editor, event, form, item_id)
    return go(request, "events:detail", event_id=event_id)


@router.post("/{event_id}/hosts/{host_id}", name="events:change_host")
def change_host(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, host_id: UUID,
    form: Annotated[Form[HostForm], posted(HostForm)],
) -> Response:  # fmt: skip
    event = own_event(session, editor, event_id)
    form.attempt(session, planning.change_host, editor, event, planning.host_of(session, event, host_id))
    if form.errors:
        return _page(request, session, editor, event, form, host_id)
    return go(request, "events:detail", event_id=event_id)


@router.get("/{event_id}/copy", name="events:copy_form")
def copy_form(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = own_event(session, editor, event_id)
    return page(request, "events/copy", event=event, form=Form.of(CopyForm))


@router.post("/{event_id}/copy", name="events:copy")
def copy(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[CopyForm], posted(CopyForm)],
) -> Response:  # fmt: skip
    old = own_event(session, editor, event_id)
    event = form.attempt(session, planning.copy_event, editor, old)
    if event is None:
        return page(request, "events/copy", status=422, event=old, form=form)
    flash(request, _("Copied. Please look through the dates and the letters."))
    return go(request, "events:detail", event_id=event.id)


@router.get("/{event_id}/preparations", name="events:preparations")
def prepare(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    return page(request, "events/preparations", event=event, steps=preparations(event, editor.today))


@router.post("/{event_id}/preparations", name="events:prepare")
def prepared(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[TasksForm], posted(TasksForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    form.attempt(session, add_preparations, editor, event)
    flash(request, _("The follow-ups are in your list."))
    return go(request, "events:detail", event_id=event_id)
