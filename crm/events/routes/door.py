"""The guest's own page: a personal link, no account. Looking changes nothing, for mail scanners look too."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.responses import Response

from crm.accounts.access import Public
from crm.accounts.links import find_link, issue_link
from crm.accounts.models import LinkPurpose
from crm.core.columns import now
from crm.core.db import Sess
from crm.core.documents import pdf
from crm.core.errors import Missing
from crm.core.forms import Form, Submitted, posted, values_of
from crm.core.i18n import gettext as _
from crm.core.qr import qr_path
from crm.core.web import flash, go, page
from crm.events.actions.answering import answer, object_to_invitations
from crm.events.actions.reporting import feedback_by
from crm.events.actions.sending import occasion_of
from crm.events.actions.surveying import answer_survey
from crm.events.actions.writing import days_open
from crm.events.documents import guest_pass
from crm.events.forms import FeedbackForm, ReplyForm
from crm.events.letters import calendar_entry
from crm.events.models import Event, Guest, Reply, SurveyQuestion
from crm.events.queries.guests import companions_of, whole_guest
from crm.events.queries.surveys import answer_by, questions_of
from crm.events.questionnaire import as_typed, boxes_for, form_for
from crm.events.routes.deciding import replies_of, reply_form
from crm.listings.routes.public.tongue import guest_router

router = guest_router()
CALENDAR = "text/calendar; charset=utf-8"


@router.get("/invitation/{token}", name="events:answer_page")
def door(request: Request, session: Sess, language: Public, token: str) -> Response:
    guest, event = _behind(session, token)
    return _page(request, session, guest, event, token, language)


def _behind(session: Session, token: str) -> tuple[Guest, Event]:
    """Missing for a link of somebody who has been taken from the list."""
    link = find_link(session, LinkPurpose.EVENT, token)
    guest = session.get(Guest, link.subject_id)
    if guest is None:
        raise Missing(_("You are not on the list of this event any more. Please write to the host."))
    return guest, session.get_one(Event, guest.event_id)


def _page(
    request: Request, session: Session, guest: Guest, event: Event, token: str, language: str,
    form: Form[Any] | None = None,
) -> Response:  # fmt: skip
    questions = questions_of(session, event) if event.is_over else []
    asked = form if form and issubclass(form.model, FeedbackForm) else _said_before(session, guest, questions)
    reply = form if form and form.model is ReplyForm else None
    occasion = occasion_of(session, event)
    code, side = qr_path(f"meguri:{guest.code}")
    whole = whole_guest(session, guest)
    response = page(
        request, "events/answer", status=422 if form else 200, event=event, guest=guest, whole=whole, token=token,
        said=occasion.values(language), occasion=occasion, form=reply or reply_form(whole), asked=asked,
        replies=replies_of(event), boxes=boxes_for(questions),
        qr=code, side=side, others=_others(session, guest, event), online=guest.comes and guest.reply is Reply.ONLINE,
    )  # fmt: skip
    return sealed(response)


def _said_before(session: Session, guest: Guest, questions: Sequence[SurveyQuestion]) -> Form[FeedbackForm]:
    stored = answer_by(session, guest) if questions else None
    said = as_typed(questions, stored.said) if stored else {}
    return Form.of(FeedbackForm, feedback_by(session, guest), **said)


def sealed(response: Response) -> Response:
    """The address is the key: it goes to no other site and into no index."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _others(session: Session, guest: Guest, event: Event) -> list[tuple[Event, Guest]]:
    """What else this host has invited them to: by the record, else by the address that the letters went to."""
    same = col(Guest.person_id) == guest.person_id if guest.person_id else col(Guest.email) == guest.email
    if guest.person_id is None and (guest.email is None or guest.assistant):
        return []
    mine = select(Event, Guest).join(Guest, col(Guest.event_id) == col(Event.id))
    mine = mine.where(
        same, col(Event.office_id) == event.office_id, col(Event.id) != event.id, col(Event.ends_at) > now(),
        col(Guest.invited_at).is_not(None),
    )  # fmt: skip
    return [(other, theirs) for other, theirs in session.execute(mine.order_by(col(Event.starts_at)))]


@router.post("/invitation/{token}", name="events:answer")
def answered(
    request: Request, session: Sess, language: Public, token: str, form: Annotated[Form[ReplyForm], posted(ReplyForm)]
) -> Response:
    guest, event = _behind(session, token)
    if form.values.get("reply") == Reply.NO.value:
        # What is half typed in the boxes must not keep anybody from saying no.
        form = Form(ReplyForm, {"reply": Reply.NO.value}).validate()
    form.attempt(session, lambda s, data: answer(s, guest, data))
    if form.errors:
        return _page(request, session, guest, event, token, language, form)
    flash(request, _thanks(guest))
    return sealed(go(request, "events:answer_page", language=language, token=token))


def _thanks(guest: Guest) -> str:
    if guest.waiting_since:
        return _("All places have been taken. You are on the waiting list, and we will write when one becomes free.")
    if guest.reply is Reply.NO:
        return _("Thank you for telling us. We are sorry that you cannot come.")
    return _("Thank you. We look forward to seeing you.")


@router.post("/invitation/{token}/feedback", name="events:feedback")
def feedback(
    request: Request, session: Sess, language: Public, token: str, sent: Submitted
) -> Response:  # fmt: skip
    """How it was, said by a guest on their own page."""
    guest, event = _behind(session, token)
    wanted = form_for(questions_of(session, event))
    form = Form(wanted, values_of(sent, wanted)).validate()
    form.attempt(session, lambda s, data: answer_survey(s, guest, data))
    if form.errors:
        return _page(request, session, guest, event, token, language, form)
    flash(request, _("Thank you for telling us."))
    return sealed(go(request, "events:answer_page", language=language, token=token))


@router.get("/invitation/{token}/feedback", name="events:feedback_page")
def feedback_page(request: Request, _session: Sess, language: Public, token: str) -> Response:
    """Where the page stands after a mistake, when it is asked for anew, or in another language."""
    return sealed(go(request, "events:answer_page", language=language, token=token))


@router.post("/invitation/{token}/other/{guest_id}", name="events:own_other")
def other(request: Request, session: Sess, language: Public, token: str, guest_id: UUID) -> Response:
    """From one invitation to another of the same guest, under a link of its own."""
    guest, event = _behind(session, token)
    found = next((one for one in _others(session, guest, event) if one[1].id == guest_id), None)
    if found is None:
        raise Missing()
    address = issue_link(session, LinkPurpose.EVENT, guest_id, days=days_open(found[0]))
    return sealed(go(request, "events:answer_page", language=language, token=address))


@router.get("/invitation/{token}/event.ics", name="events:own_calendar")
def own_calendar(_request: Request, session: Sess, language: Public, token: str) -> Response:
    guest, event = _behind(session, token)
    text = calendar_entry(occasion_of(session, event), language, guest.reply if guest.comes else None)
    headers = {"Content-Disposition": 'attachment; filename="event.ics"'}
    return sealed(Response(text, media_type=CALENDAR, headers=headers))


@router.get("/invitation/{token}/pass.pdf", name="events:own_pass")
def own_pass(_request: Request, session: Sess, language: Public, token: str) -> Response:
    """On paper, for who carries no phone."""
    guest, event = _behind(session, token)
    if not guest.comes or guest.reply is Reply.ONLINE:
        raise Missing()
    names = [one.name for one in companions_of(session, guest)]
    data = guest_pass(occasion_of(session, event), guest, names, language)
    return sealed(Response(pdf("events/pass", data), media_type="application/pdf"))


@router.get("/invitation/{token}/stop", name="events:stop_page")
def stop_page(request: Request, session: Sess, _language: Public, token: str) -> Response:
    guest, event = _behind(session, token)
    return sealed(page(request, "events/stop", event=event, guest=guest, token=token, office=_office(session, event)))


def _office(session: Session, event: Event) -> Any:
    return occasion_of(session, event).office


@router.post("/invitation/{token}/stop", name="events:stop")
def stop(request: Request, session: Sess, language: Public, token: str) -> Response:
    """No further invitations; also the one click of a mail program (RFC 8058)."""
    guest, event = _behind(session, token)
    object_to_invitations(session, event, guest)
    flash(request, _("You will get no further invitations from %(office)s.", office=_office(session, event).name))
    return sealed(go(request, "events:answer_page", language=language, token=token))
