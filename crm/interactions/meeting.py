"""Cards that were exchanged, as a list of cards tells: a meeting on that day, in the name of who reads the list."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry
from crm.accounts.permissions import Permission
from crm.core.columns import new_id, now
from crm.core.i18n import gettext as _
from crm.core.i18n import speaking
from crm.interactions.models import Audience, Interaction, InteractionKind, Participant, words_of
from crm.people.rows import insert_rows

Met = tuple[UUID, date]


def note_exchanges(session: Session, actor: Actor, met: Sequence[Met]) -> dict[Met, list[tuple[str, UUID]]]:
    """One for each pair, unless the office has a meeting of that day with that person; nobody is met in the future."""
    if not (actor.user_id and actor.may(Permission.INTERACTIONS_EDIT)):
        return {}
    known = _noted(session, actor, met)
    new = {pair: (new_id(), new_id()) for pair in met if pair not in known and pair[1] <= actor.today}
    with speaking(actor.language):
        text = _("Business cards were exchanged.")
    at = now()
    contacts = [_contact(actor, id, day, at, text) for (_person, day), (id, _there) in new.items()]
    insert_rows(session, Interaction, contacts)
    there = [
        {"id": own, "created_at": at, "interaction_id": id, "person_id": person}
        for (person, _day), (id, own) in new.items()
    ]
    insert_rows(session, Participant, there)
    insert_rows(session, JournalEntry, [_line(actor, id, pair, at) for pair, (id, _there) in new.items()])
    return {pair: [("interaction", id), ("interaction_participant", own)] for pair, (id, own) in new.items()}


def _noted(session: Session, actor: Actor, met: Sequence[Met]) -> set[Met]:
    said = (
        select(col(Participant.person_id), col(Interaction.day))
        .join(Interaction, col(Interaction.id) == col(Participant.interaction_id))
        .where(
            col(Participant.person_id).in_({person for person, _day in met}),
            col(Interaction.office_id) == actor.office_id,
            col(Interaction.kind) == InteractionKind.MET,
        )
    )
    return {(person, day) for person, day in session.execute(said)}


def _contact(actor: Actor, id: UUID, day: date, created: datetime, text: str) -> dict[str, Any]:
    """Noon where the office is: no card says the hour."""
    return {
        "id": id, "created_at": created, "version": 1, "office_id": actor.office_id, "author_id": actor.user_id,
        "kind": InteractionKind.MET, "day": day, "at": datetime.combine(day, time(12), ZoneInfo(actor.zone)),
        "place": None, "text": text, "words": words_of(text, None), "audience": Audience.OFFICE, "careful": False,
        "task_id": None, "key": None, "message_id": None,
    }  # fmt: skip


def _line(actor: Actor, id: UUID, pair: Met, at: datetime) -> dict[str, Any]:
    changes = {"kind": InteractionKind.MET.value, "day": str(pair[1]), "people": [str(pair[0])]}
    return {
        "id": new_id(), "created_at": at, "actor_id": actor.user_id, "office_id": actor.office_id, "verb": "added",
        "subject_kind": "interaction", "subject_id": id, "changes": changes,
    }  # fmt: skip
