"""One guest as the office sees them: facts, answer, letters, what came of it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from crm.accounts.access import Actor, EventEditor, EventInviter, EventReader
from crm.core.db import Sess
from crm.core.errors import Refused
from crm.core.forms import Form, posted
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.places import countries
from crm.core.qr import qr_path
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.events.actions import guests as actions
from crm.events.actions.answering import answer
from crm.events.actions.inviting import awaits_decision
from crm.events.actions.recording import likely_records
from crm.events.actions.reporting import set_pass
from crm.events.actions.sending import door_address
from crm.events.following import next_step
from crm.events.forms import GuestForm, PassForm, ReplyForm
from crm.events.models import Event, Guest, Outcome, Reply, Reserve
from crm.events.queries.events import editable_event, event_of, may_edit
from crm.events.queries.guests import Whole, guest_of, whole_guest
from crm.events.queries.invited import invited
from crm.events.routes.planning import languages_of
from crm.events.story import events_with
from crm.people.models import Sector
from crm.people.queries.visible import is_visible, visible_person

router = Router(prefix="/events")


@router.get("/with/{person_id}", name="events:panel")
def panel(request: Request, session: Sess, reader: EventReader, person_id: UUID) -> Response:
    person = visible_person(session, reader, person_id)
    return page(request, "events/panel", person=person, entries=events_with(session, reader, person_id))


@router.get("/{event_id}/guests/{guest_id}", name="events:guest")
def detail(request: Request, session: Sess, reader: EventReader, event_id: UUID, guest_id: UUID) -> Response:
    event = event_of(session, reader, event_id)
    return _page(request, session, reader, event, guest_of(session, event, guest_id))


def _page(
    request: Request, session: Session, reader: Actor, event: Event, guest: Guest, form: Form[Any] | None = None
) -> Response:
    whole = whole_guest(session, guest)
    facts = form if form and form.model is GuestForm else Form.of(GuestForm, guest)
    reply = form if form and form.model is ReplyForm else reply_form(whole)
    spoken = languages_of(session, reader, event)
    editable = reader.may("events_edit") and may_edit(session, reader, event)
    known = guest.person_id is not None and is_visible(session, reader, guest.person_id)
    return page(
        request, "events/guest", status=422 if form and form.errors else 200, event=event, guest=guest, whole=whole,
        facts_form=facts, reply_form=reply, spoken=[(code, spoken[code]) for code in event.languages],
        asked=list(zip(event.questions, guest.said, strict=False)),
        countries=countries(current_language()), sectors=Sector.options(),
        reserves=Reserve.options(), replies=replies_of(event), outcomes=Outcome.options(),
        editable=editable,
        invited=invited(session, whole), awaits=awaits_decision(session, event, guest), today=reader.today,
        known=known, step=next_step(reader, event, guest) if known else None,
        alike=likely_records(session, reader, guest) if editable else [],
    )  # fmt: skip


def reply_form(whole: Whole) -> Form[ReplyForm]:
    """What the guest has said so far."""
    guest = whole.guest
    said = {f"said.{number}": said for number, said in enumerate(guest.said) if said != "–"}
    stored = {
        "reply": guest.reply.value if guest.reply else None,
        "companion": [one.name for one in whole.companions if not one.invited],
        "partner": guest.partner,
        "partner_comes": any(one.invited for one in whole.companions) or guest.reply in (None, Reply.NO),
        "substitute": guest.substitute,
        "needs": whole.needs.words if whole.needs else None,
        "needs_agreed": whole.needs is not None,
        "photo": None if guest.photo is None else "yes" if guest.photo else "no",
        "legal_name": whole.guest_pass.legal_name if whole.guest_pass else None,
        "plate": whole.guest_pass.plate if whole.guest_pass else "",
    }
    return Form(ReplyForm, {**stored, **said})


def replies_of(event: Event) -> list[tuple[str, str]]:
    """The answers that this event knows."""
    impossible = [] if event.has_venue else [Reply.VENUE, Reply.SUBSTITUTE]
    impossible += [] if event.is_online else [Reply.ONLINE]
    return [(reply.value, str(reply.label)) for reply in Reply if reply not in impossible]


@router.post("/{event_id}/guests/{guest_id}", name="events:change_guest")
def change(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID,
    form: Annotated[Form[GuestForm], posted(GuestForm)],
) -> Response:  # fmt: skip
    event = editable_event(session, editor, event_id)
    guest = guest_of(session, event, guest_id)
    form.attempt(session, actions.change_guest, editor, event, guest)
    if form.errors:
        return _page(request, session, editor, event, guest, form)
    flash(request, _("The change has been saved."))
    return go(request, "events:guest", event_id=event_id, guest_id=guest_id)


@router.post("/{event_id}/guests/{guest_id}/answer", name="events:note_answer")
def note_answer(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID,
    form: Annotated[Form[ReplyForm], posted(ReplyForm)],
) -> Response:  # fmt: skip
    """What a guest said by phone or on paper."""
    event = editable_event(session, editor, event_id)
    guest = guest_of(session, event, guest_id)
    form.attempt(session, lambda s, data: answer(s, guest, data, editor))
    if form.errors:
        return _page(request, session, editor, event, guest, form)
    flash(request, _("The answer has been noted."))
    return go(request, "events:guest", event_id=event_id, guest_id=guest_id)


@router.post("/{event_id}/guests/{guest_id}/link", name="events:guest_link")
def link(request: Request, session: Sess, sender: EventInviter, event_id: UUID, guest_id: UUID) -> Response:
    """A personal link to hand over by a messenger or on paper; it is shown once."""
    event = editable_event(session, sender, event_id)
    guest = guest_of(session, event, guest_id)
    if awaits_decision(session, event, guest):
        raise Refused(_("Your office wants this approved first."))
    address = door_address(session, guest, event, settings_of(request).base_url, sender)
    path, side = qr_path(address)
    return page(request, "events/link", event=event, guest=guest, address=address, qr=path, side=side)


@router.post("/{event_id}/guests/{guest_id}/pass", name="events:pass")
def guest_pass(
    request: Request, session: Sess, editor: EventEditor, event_id: UUID, guest_id: UUID,
    form: Annotated[Form[PassForm], posted(PassForm)],
) -> Response:  # fmt: skip
    """What the guards of the venue want to know."""
    event = editable_event(session, editor, event_id)
    form.attempt(session, set_pass, editor, event, guest_of(session, event, guest_id))
    flash(request, _("The change has been saved."))
    return go(request, "events:guest", event_id=event_id, guest_id=guest_id)
