"""What follows from what became of a guest: the page where it is noted, filled in."""

from datetime import timedelta
from typing import Any

from crm.accounts.access import Actor
from crm.accounts.permissions import Permission
from crm.core.i18n import gettext as _
from crm.events.models import Event, Guest, Outcome

SOON = timedelta(days=7)
Step = tuple[str, dict[str, Any]]


def next_step(actor: Actor, event: Event, guest: Guest) -> Step | None:
    """Name of the page and what its address says; None where there is none for this reader."""
    if guest.person_id is None or guest.outcome is None:
        return None
    if guest.outcome is Outcome.MET:
        return _contact(actor, event, guest) if actor.may(Permission.INTERACTIONS_EDIT) else None
    if guest.outcome is Outcome.INTRODUCE:
        asked = {"asker": guest.person_id}
        return ("introductions:new", asked) if actor.may(Permission.INTRODUCTIONS_EDIT) else None
    return _follow_up(actor, event, guest) if actor.may(Permission.TASKS_EDIT) else None


def _contact(actor: Actor, event: Event, guest: Guest) -> Step:
    day = min(event.starts_here.date(), actor.today)
    said = {"people": guest.person_id, "kind": "event", "day": day.isoformat(), "text": event.name}
    return "interactions:new", {**said, **({"place": event.where[:300]} if event.where else {})}


def _follow_up(actor: Actor, event: Event, guest: Guest) -> Step:
    said = {"name": guest.name, "event": event.name}
    titles = {
        Outcome.SEEKS_POST: _("Look for a post for %(name)s (%(event)s)", **said),
        Outcome.OFFERS_PLACE: _("Place that %(name)s offers: find somebody for it (%(event)s)", **said),
    }
    title = titles.get(guest.outcome or Outcome.FOLLOW_UP) or _("Write to %(name)s (%(event)s)", **said)
    due = (actor.today + SOON).isoformat()
    return "tasks:new", {"person": guest.person_id, "title": title[:300], "due": due}
