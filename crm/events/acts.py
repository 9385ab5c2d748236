"""Inviting, as approval knows it: what was chosen with the draft is what is decided on, and carried out."""

from pydantic import ValidationError
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.core.contributions import OutwardAct, Proposed, Reading
from crm.core.dates import moment_in
from crm.core.errors import Refused
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.i18n import ngettext
from crm.core.mail import Letter
from crm.core.templates import show_moment
from crm.events.actions.inviting import decide_on
from crm.events.actions.sending import INVITATIONS, occasion_of, ready_plan, send
from crm.events.forms import SendForm
from crm.events.letters import preview_of
from crm.events.models import Event, Guest, LetterKind
from crm.events.queries.events import events_of, own_event
from crm.events.queries.sending import Mailing, Plan, addressees, mailing_of, plan_of


def proposed_invitation(event: Event, data: SendForm, mailing: Mailing) -> Proposed:
    """With the texts as they are now: others would have to be decided on anew."""
    chosen = data.model_dump(mode="json", include={"starts", "per_minute"})
    return Proposed(INVITATIONS, [event.id], {**chosen, "texts": mailing.digests})


def lines(session: Session, actor: Actor, proposed: Proposed) -> list[Reading]:
    data = _form(proposed)
    chosen = session.execute(events_of(actor).where(col(Event.id).in_(proposed.ids))).scalars()
    return [_line(session, event, data, proposed) for event in chosen]


def _form(proposed: Proposed) -> SendForm:
    try:
        return SendForm.model_validate({**proposed.chosen, "kind": LetterKind.INVITE})
    except ValidationError:
        raise Refused(_l("Something of what you chose is not there any more. Please choose again.")) from None


def _line(session: Session, event: Event, data: SendForm, proposed: Proposed) -> Reading:
    """With how many would be written to, when and how fast, and what they would read."""
    starts = moment_in("starts", data.starts, event.zone) if data.starts else None
    mailing = mailing_of(session, event, data.kind, starts=starts)
    plan = plan_of(session, event, mailing)
    number = plan.letters + plan.unreachable
    said = _(
        "%(event)s: %(number)s",
        event=event.name,
        number=ngettext("%(num)s invitation", "%(num)s invitations", number),
    )
    details = _details(event, data, mailing, plan)
    if _has_changed(proposed, mailing):
        details.append(_("The texts have been changed since this was drafted; it cannot be carried out like this."))
    path = f"/events/{event.id}/guests?state=to_invite"
    return Reading(said, path, details=details, letters=_letters(session, event, mailing))


def _details(event: Event, data: SendForm, mailing: Mailing, plan: Plan) -> list[str]:
    said = []
    if plan.letters:
        said.append(ngettext("%(num)s by e-mail", "%(num)s by e-mail", plan.letters))
        when = show_moment(mailing.starts, event.zone)
        said.append(_("Not before %(moment)s (%(zone)s)", moment=when, zone=event.zone) if when else _("At once"))
        said.append(ngettext("%(num)s letter a minute", "%(num)s letters a minute", data.per_minute))
    if plan.unreachable:
        said.append(ngettext("%(num)s on paper", "%(num)s on paper", plan.unreachable))
    if plan.others:
        said.append(
            ngettext(
                "Another office invites %(num)s of them in the same week.",
                "Other offices invite %(num)s of them in the same week.",
                plan.others,
            )
        )
    return said


def _has_changed(proposed: Proposed, mailing: Mailing) -> bool:
    texts = proposed.chosen.get("texts")
    return texts is not None and texts != mailing.digests


def _letters(session: Session, event: Event, mailing: Mailing) -> list[Letter]:
    """As the first guest of each language would get it."""
    occasion, made = occasion_of(session, event), []
    for language in sorted(mailing.wordings):
        first = addressees(event, mailing).where(col(Guest.language) == language).order_by(col(Guest.sort_key)).limit(1)
        guest = session.execute(first).scalars().first()
        made.append(preview_of(occasion, guest, mailing.kind, mailing.wordings) if guest else None)
    return [letter for letter in made if letter]


def invite_approved(session: Session, actor: Actor, base_url: str, proposed: Proposed) -> str:
    said = []
    for id in proposed.ids:
        said += _invite(session, actor, base_url, own_event(session, actor, id), proposed)
    return "\n".join(said)


def _invite(session: Session, actor: Actor, base_url: str, event: Event, proposed: Proposed) -> list[str]:
    data = _form(proposed)
    if _has_changed(proposed, mailing_of(session, event, data.kind)):
        raise Refused(
            _l("The texts have been changed since this was drafted. Send it back, so that it is drafted anew.")
        )
    plan = ready_plan(session, actor, event, data)
    if not plan.letters and not plan.unreachable:
        raise Refused(_l("There is nobody to write to."))
    decide_on(session, event)
    said = []
    if plan.letters:
        number = send(session, actor, event, base_url, data, approved=True)
        said.append(ngettext("%(num)s invitation is being written.", "%(num)s invitations are being written.", number))
    if plan.unreachable:
        said.append(
            ngettext(
                "%(num)s invitation on paper can be printed now.",
                "%(num)s invitations on paper can be printed now.",
                plan.unreachable,
            )
        )
    return said


ACTS = [
    OutwardAct(INVITATIONS, _l("Inviting the guests of an event"), Permission.EVENTS_INVITE, lines, invite_approved)
]
