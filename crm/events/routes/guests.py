"""The guest list: who is on it, choosing more from the records, one guest."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, EventEditor, EventReader
from crm.core.db import Sess
from crm.core.forms import Form, posted
from crm.core.i18n import GUEST_LANGUAGES, current_language, locale_of, ngettext
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, redirect, url_builder
from crm.events.actions import guests as actions
from crm.events.forms import AddForm, GuestForm, GuestSearch
from crm.events.models import Event, Reserve
from crm.events.queries.alike import alike_to
from crm.events.queries.choosing import GuestChoice, choice_of, people_for, recent_lists
from crm.events.queries.events import editable_event, event_of, may_edit
from crm.events.queries.guests import counts_of, guest_of, list_guests
from crm.events.queries.near import Around, around
from crm.events.queries.past import Attendance, occasions
from crm.events.queries.standing import standing_of
from crm.events.reports import sector_label
from crm.events.routes.planning import languages_of
from crm.people.actions.views import query_of
from crm.people.models import Sector
from crm.people.queries.facets import Facet, people_facets
from crm.people.queries.search import Matching
from crm.people.queries.totals import totals_of
from crm.people.queries.views import views_of

router = Router(prefix="/events")
MOST = 500


@router.get("/{event_id}/guests", name="events:guests")
def listing(
    request: Request, session: Sess, reader: EventReader, event_id: UUID, wanted: Annotated[GuestSearch, Query()]
) -> Response:
    event = event_of(session, reader, event_id)
    lines, following = list_guests(session, event, wanted)
    editable = reader.may("events_edit") and may_edit(session, reader, event)
    return page(
        request, "events/guests", event=event, lines=lines, following=following, wanted=wanted,
        counts=counts_of(session, event), editable=editable, sector=sector_label(wanted.sector),
    )  # fmt: skip


@router.get("/{event_id}/guests/choose", name="events:choose")
def choose(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, wanted: Annotated[GuestChoice, Query()]
) -> Response:
    """People of the records who fit, with what speaks against inviting them; nothing happens yet."""
    event = editable_event(session, editor, event_id)
    return _choices(request, session, editor, event, Form.of(AddForm, query=query_of(wanted), reserve=Reserve.A.value))


def _choices(request: Request, session: Session, editor: Actor, event: Event, form: Form[AddForm]) -> Response:
    wanted = choice_of(str(form.values.get("query") or ""))
    circle = around(session, editor, event, wanted.within, wanted.near) if wanted.within else None
    if circle:
        wanted = wanted.model_copy(update={"place": circle.places})
    people = people_for(session, editor, event, wanted, MOST + 1)
    totals = totals_of(session, Matching(session, editor, wanted))
    facets = people_facets(totals, wanted)
    return page(
        request, "events/choose", status=422 if form.errors else 200, event=event, form=form, people=people[:MOST],
        more=len(people) > MOST, most=MOST, wanted=wanted, facets=facets, chips=_chips(facets, wanted, circle),
        tongues=_tongues(session, editor, event, wanted), attendances=Attendance.options(),
        occasions=occasions(session, editor, event),
        against=standing_of(session, editor, event, [one.id for one in people]), reserves=Reserve.options(),
        views=views_of(session, editor), lists=recent_lists(session, editor), circle=circle,
    )  # fmt: skip


def _chips(facets: list[Facet], wanted: GuestChoice, circle: Around | None) -> list[tuple[str, str, str]]:
    chosen = [(each, option) for each in facets for option in each.options if option[0] in each.chosen]
    more = [
        ("fresh", _("not invited lately"), wanted.fresh),
        ("news", _("agreed to news from us"), wanted.news),
    ]
    spoken = [
        ("letters", _("letters: %(language)s"), wanted.letters),
        ("speaks", _("speaks: %(language)s"), wanted.speaks),
    ]
    chips = [(each.name, value, label) for each, (value, label, _number) in chosen]
    chips += [(name, code, label % {"language": _language(code)}) for name, label, codes in spoken for code in codes]
    if wanted.attendance:
        chips.append(("attendance", wanted.attendance, str(Attendance(wanted.attendance).label)))
    chips += [(name, "true", label) for name, label, is_set in more if is_set]
    if circle and circle.centre:
        city = circle.centre.label(current_language())
        chips.append(
            ("within", str(wanted.within), _("within %(number)s km of %(city)s", number=wanted.within, city=city))
        )
    return chips


def _tongues(session: Session, editor: Actor, event: Event, wanted: GuestChoice) -> list[tuple[str, str, None]]:
    codes = languages_of(session, editor, event, *GUEST_LANGUAGES, *wanted.letters, *wanted.speaks)
    return [(code, name, None) for code, name in codes.items()]


def _language(code: str) -> str:
    return str(locale_of(current_language()).languages.get(code, code))


@router.post("/{event_id}/guests", name="events:add_guests")
def add(
    request: Request,
    session: Sess,
    editor: EventEditor,
    event_id: UUID,
    form: Annotated[Form[AddForm], posted(AddForm)],
) -> Response:
    event = editable_event(session, editor, event_id)
    added = form.attempt(session, actions.add_guests, editor, event)
    if added is None:
        return _choices(request, session, editor, event, form)
    flash(request, ngettext("%(num)s guest has been added.", "%(num)s guests have been added.", added.number))
    for reason, number in added.left_out.items():
        flash(request, _("Left out: %(number)s (%(reason)s)", number=number, reason=reason.label), "warn")
    return go(request, "events:guests", event_id=event_id)


@router.get("/{event_id}/guests/new", name="events:new_guest")
def new(request: Request, session: Sess, editor: EventEditor, event_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    form = Form.of(GuestForm, language=event.languages[0] if event.languages else "en", reserve=Reserve.A.value)
    return _form_page(request, session, editor, event, form)


def _form_page(request: Request, session: Session, editor: Actor, event: Event, form: Form[GuestForm]) -> Response:
    spoken = languages_of(session, editor, event)
    return page(
        request, "events/guest_new", status=422 if form.errors else 200, event=event, form=form,
        spoken=[(code, spoken[code]) for code in event.languages], reserves=Reserve.options(), sectors=Sector.options(),
        alike=alike_to(session, editor, event, form.data) if "anyway" in form.errors else [],
    )  # fmt: skip


@router.post("/{event_id}/guests/new", name="events:add_guest")
def add_one(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID,
    form: Annotated[Form[GuestForm], posted(GuestForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    guest = form.attempt(session, actions.add_named_guest, editor, event)
    if guest is None:
        return _form_page(request, session, editor, event, form)
    flash(request, _("The guest has been added."))
    return go(request, "events:guest", event_id=event_id, guest_id=guest.id)


@router.post("/{event_id}/guests/{guest_id}/remove", name="events:remove_guest")
def remove(request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID) -> Response:
    event = editable_event(session, editor, event_id)
    actions.remove_guest(session, editor, event, guest_of(session, event, guest_id))
    flash(request, _("The guest has been removed from the list."))
    return redirect(request, url_builder(request)("events:guests", event_id=event_id))


@router.post("/{event_id}/guests/{guest_id}/reserve/{reserve}", name="events:move_guest")
def move(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID, reserve: Reserve
) -> Response:
    """From the reserve to those who are invited, or back."""
    event = editable_event(session, editor, event_id)
    actions.move_to(session, editor, event, guest_of(session, event, guest_id), reserve)
    return go(request, "events:guest", event_id=event_id, guest_id=guest_id)
