"""Inviting, as approval knows it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.core.contributions import OutwardAct, Reading
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.core.i18n import ngettext
from crm.events.actions.sending import INVITATIONS, send
from crm.events.forms import SendForm
from crm.events.models import Event, LetterKind
from crm.events.queries.events import events_of, own_event
from crm.events.queries.sending import addressees, reachable, wordings_of


def lines(session: Session, actor: Actor, ids: Sequence[UUID]) -> list[Reading]:
    chosen = session.execute(events_of(actor).where(col(Event.id).in_(ids))).scalars()
    return [_line(session, event) for event in chosen]


def _line(session: Session, event: Event) -> Reading:
    """With how many would be written to, for whoever decides."""
    said = _("%(event)s: %(number)s", event=event.name, number=_number(session, event))
    return Reading(said, f"/events/{event.id}/guests?state=to_invite")


def _number(session: Session, event: Event) -> str:
    chosen = reachable(addressees(event, LetterKind.INVITE, wordings_of(session, event, LetterKind.INVITE)))
    number = session.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
    return ngettext("%(num)s invitation", "%(num)s invitations", number)


def invite_approved(session: Session, actor: Actor, base_url: str, ids: Sequence[UUID]) -> str:
    number = sum(
        send(session, actor, own_event(session, actor, id), base_url, SendForm(kind=LetterKind.INVITE), approved=True)
        for id in ids
    )
    return ngettext("%(num)s invitation is being written.", "%(num)s invitations are being written.", number)


ACTS = [
    OutwardAct(INVITATIONS, _l("Inviting the guests of an event"), Permission.EVENTS_INVITE, lines, invite_approved)
]
