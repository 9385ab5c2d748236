"""The letters of an event: written side by side, looked at as any guest, tried on oneself, sent, held."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.responses import Response

from crm.accounts.access import Actor, EventInviter
from crm.approvals.routes import draft_page
from crm.core.db import Sess
from crm.core.errors import Missing
from crm.core.forms import Form, posted
from crm.core.i18n import gettext as _
from crm.core.i18n import ngettext
from crm.core.mail import Letter, post
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of
from crm.core.work import newest_job
from crm.events.actions import sending as actions
from crm.events.actions.pacing import hold_letters, release_letters
from crm.events.acts import proposed_invitation
from crm.events.forms import LetterForm, SendForm
from crm.events.letters import preview_of
from crm.events.models import Event, Guest, LetterKind
from crm.events.queries.events import own_event
from crm.events.queries.paper import Paper, paper_of
from crm.events.queries.sending import (
    OWED,
    addressees,
    barred_guests,
    letters_by_state,
    likely_wrong,
    mailing_of,
    plan_of,
    texts_of,
    texts_sent,
    wordings_of,
)
from crm.events.routes.planning import languages_of
from crm.events.wording import FIELDS, suggested

router = Router(prefix="/events")
_GUESTS = 200


@router.get("/{event_id}/letters", name="events:letters")
def letters(
    request: Request, session: Sess, sender: EventInviter, event_id: UUID, kind: LetterKind = LetterKind.INVITE,
    guest: UUID | None = None,
) -> Response:  # fmt: skip
    event = own_event(session, sender, event_id)
    return _page(request, session, sender, event, _texts_form(session, event, kind), guest=guest)


def _texts_form(session: Session, event: Event, kind: LetterKind) -> Form[LetterForm]:
    """As stored; else as we would begin."""
    boxes: dict[str, str] = {}
    stored = texts_of(session, event, kind)
    for code in event.languages:
        text = stored.get(code) or suggested(event, kind, code)
        boxes |= {f"subject.{code}": text.subject, f"body.{code}": text.body} if text else {}
    return Form(LetterForm, {"kind": kind.value, **boxes})


def _page(
    request: Request, session: Session, sender: Actor, event: Event, form: Form[LetterForm], *,
    guest: UUID | None = None, send_form: Form[SendForm] | None = None,
) -> Response:  # fmt: skip
    kind = _kind_of(form)
    texts = texts_sent(session, event) if kind is LetterKind.CORRECTION else []
    send_form = send_form or Form.of(SendForm, kind=kind.value, per_minute=60, wrong=likely_wrong(texts))
    mailing = mailing_of(session, event, kind, send_form.values.get("wrong") or ())
    spoken = languages_of(session, sender, event)
    faulty = form.errors or (send_form and send_form.errors)
    guests = session.execute(addressees(event, mailing).order_by(col(Guest.sort_key)).limit(_GUESTS)).scalars()
    return page(
        request, "events/letters", status=422 if faulty else 200, event=event, form=form, kind=kind,
        kinds=_kinds(event), fields=FIELDS, stored=mailing.wordings, texts=texts, owed=OWED,
        spoken=[(code, spoken[code]) for code in event.languages],
        plan=plan_of(session, event, mailing), guests=list(guests), chosen=guest,
        preview=_preview(session, event, kind, guest), states=letters_by_state(session, event),
        send_form=send_form, barred=barred_guests(session, event, _GUESTS), paper=_paper(session, event, kind),
        job=newest_job(session, actions.SEND, f"{event.id} {kind}"), smtp=bool(settings_of(request).smtp_url),
        today=sender.today, needs_approval=actions.wants_approval(session, sender, kind), names=spoken,
    )  # fmt: skip


def _paper(session: Session, event: Event, kind: LetterKind) -> Paper | None:
    if kind is not LetterKind.INVITE or event.cancelled_at:
        return None
    return paper_of(session, event, decided=actions.needs_decision(session, event))


def _kinds(event: Event) -> list[tuple[str, str]]:
    """What can be written about this event: of one that does not take place, only that it does not."""
    left_out = set(LetterKind) - set(OWED) if event.cancelled_at else {LetterKind.CANCELLATION}
    return [each for each in LetterKind.options() if LetterKind(each[0]) not in left_out]


def _kind_of(form: Form[Any]) -> LetterKind:
    try:
        return LetterKind(str(form.values.get("kind")))
    except ValueError:
        raise Missing() from None


def _preview(session: Session, event: Event, kind: LetterKind, guest_id: UUID | None) -> Letter | None:
    """As this guest would get it, with dots for the link."""
    guest = session.get(Guest, guest_id) if guest_id else None
    if guest is None or guest.event_id != event.id:
        return None
    return preview_of(actions.occasion_of(session, event), guest, kind, wordings_of(session, event, kind))


@router.post("/{event_id}/letters", name="events:save_letters")
def save(
    request: Request, session: Sess, sender: EventInviter, event_id: UUID,
    form: Annotated[Form[LetterForm], posted(LetterForm)],
) -> Response:  # fmt: skip
    event = own_event(session, sender, event_id)
    form.attempt(session, actions.save_texts, sender, event)
    if form.errors:
        return _page(request, session, sender, event, form)
    flash(request, _("The texts have been saved."))
    return go(request, "events:letters", event_id=event_id, query={"kind": form.data.kind.value})


@router.post("/{event_id}/letters/test", name="events:test_letters")
def test(
    request: Request, session: Sess, sender: EventInviter, event_id: UUID,
    form: Annotated[Form[SendForm], posted(SendForm)],
) -> Response:  # fmt: skip
    """One letter in each language to the sender's own address, as the first guest of that language would get it."""
    event = own_event(session, sender, event_id)
    number = _try_out(session, sender, event, form.data.kind)
    said = ngettext(
        "%(num)s letter to yourself is in the outbox.", "%(num)s letters to yourself are in the outbox.", number
    )
    flash(request, said)
    return go(request, "events:letters", event_id=event_id, query={"kind": form.data.kind.value})


def _try_out(session: Session, sender: Actor, event: Event, kind: LetterKind) -> int:
    occasion, wordings = actions.occasion_of(session, event), wordings_of(session, event, kind)
    number = 0
    for code in wordings:
        like = select(Guest).where(col(Guest.event_id) == event.id, col(Guest.language) == code).limit(1)
        nobody = Guest(event_id=event.id, office_id=sender.office_id, name=sender.name, language=code)
        guest = session.execute(like).scalars().first() or nobody
        made = preview_of(occasion, guest, kind, wordings)
        if made:
            more = {"to": sender.email, "to_name": sender.name, "kind": "event_test"}
            post(session, Letter(**{**made.__dict__, **more}), office_id=sender.office_id)
            number += 1
    return number


@router.post("/{event_id}/letters/send", name="events:send")
def send(
    request: Request, session: Sess, sender: EventInviter, event_id: UUID,
    form: Annotated[Form[SendForm], posted(SendForm)],
) -> Response:  # fmt: skip
    event = own_event(session, sender, event_id)
    if not form.errors and actions.wants_approval(session, sender, form.data.kind):
        return _draft(request, session, sender, event, form)
    base_url = settings_of(request).base_url
    number = form.attempt(session, lambda s, data: actions.send(s, sender, event, base_url, data))
    if number is None:
        return _faulty(request, session, sender, event, form)
    said = ngettext("%(num)s letter is being written.", "%(num)s letters are being written.", number)
    flash(request, said if number else _("The letters that wait are written anew."))
    return go(request, "events:letters", event_id=event_id, query={"kind": form.data.kind.value})


def _faulty(request: Request, session: Session, sender: Actor, event: Event, form: Form[SendForm]) -> Response:
    return _page(request, session, sender, event, _texts_form(session, event, _kind_of(form)), send_form=form)


def _draft(request: Request, session: Session, sender: Actor, event: Event, form: Form[SendForm]) -> Response:
    """The paper to be decided on, with all that was chosen here."""
    plan = form.attempt(session, lambda s, data: actions.ready_plan(s, sender, event, data))
    if plan and not plan.letters and not plan.unreachable:
        form.errors[""] = _("There is nobody to write to.")
    if form.errors:
        return _faulty(request, session, sender, event, form)
    proposed = proposed_invitation(event, form.data, mailing_of(session, event, form.data.kind))
    return draft_page(request, session, sender, proposed)


@router.post("/{event_id}/letters/hold", name="events:hold")
def hold(request: Request, session: Sess, sender: EventInviter, event_id: UUID) -> Response:
    """Keeps back what has not left yet."""
    number = hold_letters(session, sender, own_event(session, sender, event_id))
    flash(request, ngettext("%(num)s letter is held.", "%(num)s letters are held.", number), "warn")
    return go(request, "events:letters", event_id=event_id)


@router.post("/{event_id}/letters/release", name="events:release")
def release(request: Request, session: Sess, sender: EventInviter, event_id: UUID) -> Response:
    number = release_letters(session, sender, own_event(session, sender, event_id))
    flash(request, ngettext("%(num)s letter goes on its way.", "%(num)s letters go on their way.", number))
    return go(request, "events:letters", event_id=event_id)
