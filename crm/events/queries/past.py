"""Who came to earlier events of the office, who was invited and did not come, who was never invited."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.choices import Choice
from crm.core.columns import now
from crm.core.i18n import gettext as _
from crm.core.i18n import lazy_gettext as _l
from crm.events.models import CheckIn, Event, Guest
from crm.events.queries.guests import CAME

_MOST = 60
SERIES = "series:"
"""Before the name of an initiative, where else the id of an event stands."""


class Attendance(Choice):
    CAME = "came", _l("came")
    MISSED = "missed", _l("was invited and did not come")
    NEVER = "never", _l("was never invited")


def with_attendance(
    session: Session, actor: Actor, ids: Collection[UUID], wanted: Attendance, at: str = ""
) -> set[Any]:
    """Those of the people to whom it applies; ``at``: one event, or all of a series, else any event of the office."""
    mine = select(col(Guest.person_id)).join(Event, col(Event.id) == col(Guest.event_id))
    mine = mine.where(col(Event.office_id) == actor.office_id, col(Guest.person_id).in_(ids), _chosen(at))
    came = set(session.execute(mine.where(CAME)).scalars())
    if wanted is Attendance.CAME:
        return came
    invited = mine.where(col(Guest.invited_at).is_not(None))
    if wanted is Attendance.MISSED:
        return set(session.execute(invited.where(col(Event.ends_at) < now())).scalars()) - came
    return set(ids) - came - set(session.execute(invited).scalars())


def _chosen(at: str) -> Any:
    if at.startswith(SERIES):
        return col(Event.initiative) == at.removeprefix(SERIES)
    return col(Event.id) == event_id if (event_id := _id(at)) else col(Event.id).is_not(None)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def occasions(session: Session, actor: Actor, event: Event) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be chosen: series, and events that somebody was invited to or came to, from the newest."""
    guest = exists().where(col(Guest.event_id) == col(Event.id), col(Guest.invited_at).is_not(None) | _WAS_THERE)
    mine = select(Event).where(col(Event.office_id) == actor.office_id, col(Event.id) != event.id, guest)
    found = session.execute(mine.order_by(col(Event.starts_at).desc()).limit(_MOST)).scalars().all()
    series = sorted({one.initiative for one in found if one.initiative})
    events = [
        (str(one.id), _("%(event)s (%(day)s)", event=one.name, day=one.starts_here.date().isoformat())) for one in found
    ]
    groups = [(_("Series"), [(f"{SERIES}{name}", name) for name in series]), (_("Events"), events)]
    return [group for group in groups if group[1]]


_WAS_THERE = exists().where(col(CheckIn.guest_id) == col(Guest.id))
