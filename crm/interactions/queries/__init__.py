"""Contacts as far as the reader may know them: the office's own, and those given to it about people whom it sees."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Uuid, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry, Office, OfficeKind, User
from crm.accounts.permissions import Permission
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS, now
from crm.core.errors import Missing
from crm.core.paging import PER_PAGE
from crm.interactions.models import (
    NOT_KEPT,
    Attendance,
    Audience,
    Interaction,
    InteractionKind,
    InteractionReader,
    Participant,
)
from crm.people.models import Person
from crm.people.queries.visible import sees
from crm.tasks.models import Task

_OTHER = aliased(Participant)
_OWN = col(Interaction.office_id) == OFFICE
_NAMED = select(col(InteractionReader.id)).where(
    col(InteractionReader.interaction_id) == col(Interaction.id), col(InteractionReader.office_id) == OFFICE
)
_GIVEN = or_(
    and_(col(Interaction.audience) == Audience.MISSIONS, bindparam("is_mission", type_=Boolean())),
    exists(_NAMED.correlate(Interaction)),
)
_SEEN = select(col(_OTHER.id)).where(col(_OTHER.interaction_id) == col(Interaction.id), sees(col(_OTHER.person_id)))
_ORDINARY = col(Interaction.careful).is_(False)
_OURS = and_(_OWN, or_(_ORDINARY, bindparam("careful", type_=Boolean())))
_THEIRS = and_(NOT_KEPT, ~_OWN, _ORDINARY, _GIVEN, exists(_SEEN.correlate(Interaction)))
READABLE = or_(_OURS, _THEIRS)
"""A condition on ``interaction``; ``read_by`` fills it in."""
ARMS = (_OURS, _THEIRS)
"""The same as two conditions, each with an index of its own."""


def read_by(actor: Actor) -> dict[str, Any]:
    return {
        **seen_by(actor),
        "is_mission": OfficeKind(actor.office_kind).is_mission,
        "careful": actor.may(Permission.INTERACTIONS_CAREFUL),
    }


@dataclass(frozen=True)
class Line:
    """A contact with the people whom the reader sees; ``hidden`` others were there too."""

    interaction: Interaction
    office: Office
    author: str
    people: Sequence[Person]
    hidden: int


LINES = (
    select(Interaction, Office, col(User.name))
    .select_from(Interaction)
    .join(Office, col(Office.id) == col(Interaction.office_id))
    .join(User, col(User.id) == col(Interaction.author_id))
    .where(READABLE)
)
_WHO = (
    select(col(Participant.interaction_id), Person)
    .select_from(Participant)
    .outerjoin(Person, and_(col(Person.id) == col(Participant.person_id), sees(col(Participant.person_id))))
    .where(col(Participant.interaction_id).in_(IDS))
    .order_by(col(Participant.id))
)


def with_people(session: Session, actor: Actor, rows: Sequence[Any]) -> list[Line]:
    people: dict[UUID, list[Person]] = defaultdict(list)
    hidden: dict[UUID, int] = defaultdict(int)
    for id, person in session.execute(_WHO, {**seen_by(actor), "ids": [row[0].id for row in rows]}):
        if person:
            people[id].append(person)
        else:
            hidden[id] += 1
    return [Line(one, office, author, people[one.id], hidden[one.id]) for one, office, author in rows]


_THESE = LINES.where(col(Interaction.id).in_(IDS))


def interactions_by_id(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Line]:
    rows = session.execute(_THESE, {**read_by(actor), "ids": ids}).all()
    return {line.interaction.id: line for line in with_people(session, actor, rows)}


def interaction_of(session: Session, actor: Actor, interaction_id: UUID) -> Line:
    """Missing for one that is not there, or not open to the reader: nobody learns which."""
    found = interactions_by_id(session, actor, [interaction_id]).get(interaction_id)
    if found is None:
        raise Missing()
    return found


@dataclass(frozen=True)
class Edit:
    """Somebody wrote or changed it; ``before`` is the text that was replaced."""

    at: datetime
    by: str | None
    before: str | None


@dataclass(frozen=True)
class Whole:
    """All that the contact's own page says beside its line."""

    line: Line
    staff: list[tuple[UUID, str]]
    readers: list[Office]
    history: list[Edit]
    follow_up: Task | None


def whole_interaction(session: Session, actor: Actor, interaction_id: UUID) -> Whole:
    line = interaction_of(session, actor, interaction_id)
    is_own = line.office.id == actor.office_id
    staff = select(col(User.id), col(User.name)).join(Attendance, col(Attendance.user_id) == col(User.id))
    readers = select(Office).join(InteractionReader, col(InteractionReader.office_id) == col(Office.id))
    lines = (
        select(JournalEntry, col(User.name))
        .outerjoin(User, col(User.id) == col(JournalEntry.actor_id))
        .where(col(JournalEntry.subject_kind) == "interaction", col(JournalEntry.subject_id) == interaction_id)
        .where(col(JournalEntry.verb) != "opened")
        .order_by(col(JournalEntry.id).desc())
    )
    of_this = col(Attendance.interaction_id) == interaction_id
    given = readers.where(col(InteractionReader.interaction_id) == interaction_id).order_by(col(Office.position))
    return Whole(
        line=line,
        staff=[(id, name) for id, name in session.execute(staff.where(of_this).order_by(col(Attendance.id)))],
        readers=list(session.execute(given).scalars()) if is_own else [],
        history=[_edit(*row) for row in session.execute(lines)] if is_own else [],
        follow_up=session.get(Task, line.interaction.task_id) if is_own and line.interaction.task_id else None,
    )


def _edit(entry: JournalEntry, by: str | None) -> Edit:
    text = (entry.changes or {}).get("text")
    return Edit(entry.created_at, by, text[0] if text else None)


def story_of_contacts() -> Any:
    """Rows (at, id, kind) for the story of the person in ``person``."""
    return (
        select(col(Interaction.at).label("at"), col(Interaction.id).label("id"), literal("contact").label("kind"))
        .join(Participant, col(Participant.interaction_id) == col(Interaction.id))
        .where(col(Participant.person_id) == bindparam("person", type_=Uuid()), READABLE)
    )


QUIET_MONTHS = 6


@dataclass(frozen=True)
class Quiet:
    """Somebody not spoken to for long."""

    person: Person
    last: datetime


_LAST = (
    select(col(Participant.person_id), func.max(col(Interaction.at)).label("last"))
    .join(Interaction, col(Interaction.id) == col(Participant.interaction_id))
    .where(_OWN)
    .group_by(col(Participant.person_id))
    .subquery()
)
_QUIET = (
    select(Person, _LAST.c.last)
    .join(_LAST, _LAST.c.person_id == col(Person.id))
    .where(_LAST.c.last < bindparam("before"), sees(col(Person.id)))
    .order_by(_LAST.c.last.desc(), col(Person.id))
    .limit(8)
)


def quiet_people(session: Session, actor: Actor) -> list[Quiet]:
    """Those whom the office used to speak with and has not for ``QUIET_MONTHS``: the latest first."""
    before = now() - timedelta(days=30.5 * QUIET_MONTHS)
    rows = session.execute(_QUIET, {**seen_by(actor), "before": before})
    return [Quiet(person, last) for person, last in rows]


@dataclass(frozen=True)
class Quick:
    """What the small form on a person's page begins with."""

    person_id: UUID
    kinds: list[tuple[str, str]]
    key: UUID


def quick_form(_session: Session, _actor: Actor, person_id: UUID) -> Quick:
    return Quick(person_id, InteractionKind.options(), uuid4())


def met_since(office_id: UUID, before: date) -> Any:
    """Ids of people with whom this office has had a contact since then."""
    met = select(col(Participant.person_id)).join(Interaction, col(Interaction.id) == col(Participant.interaction_id))
    return met.where(col(Interaction.office_id) == office_id, col(Interaction.day) >= before)


def lines_of_author(session: Session, actor: Actor, user_id: UUID, since: date) -> list[Line]:
    """What a colleague has logged since then, as far as the reader may see it, from the newest."""
    theirs = LINES.where(
        col(Interaction.author_id) == user_id,
        col(Interaction.office_id) == actor.office_id,
        col(Interaction.day) >= since,
    )
    rows = session.execute(theirs.order_by(col(Interaction.at).desc()).limit(PER_PAGE), read_by(actor)).all()
    return with_people(session, actor, rows)
