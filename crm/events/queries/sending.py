"""Who gets a letter of an event, and what would keep it from leaving."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlmodel import Session, col

from crm.core.columns import now
from crm.core.mail import LetterState, OutboxLetter
from crm.events.models import Event, Guest, GuestLetter, LetterKind, LetterText, Objection, Reserve
from crm.events.queries.guests import CAME, UNKNOWN
from crm.events.queries.standing import written_to_by_others
from crm.events.wording import Wording
from crm.people.models import ContactKind, ContactPoint, ContactState

QUIET = timedelta(days=3)
"""The silent are left alone so long after a letter."""
REACHABLE = or_(col(Guest.email).is_not(None), col(Guest.assistant).is_not(None))
_ASKED = exists().where(
    col(Objection.office_id) == col(Event.office_id),
    or_(
        col(Objection.person_id) == col(Guest.person_id),
        col(Objection.email) == func.lower(func.coalesce(col(Guest.email), col(Guest.assistant))),
    ),
)
_POINT = (
    (col(ContactPoint.person_id) == col(Guest.person_id))
    & (col(ContactPoint.office_id) == col(Event.office_id))
    & (col(ContactPoint.kind) == ContactKind.EMAIL)
)
_CLOSED = col(ContactPoint.state).in_([ContactState.DO_NOT_USE, ContactState.UNSUBSCRIBED])
_OBJECTS = or_(
    _ASKED,
    exists().where(_POINT, _CLOSED, col(ContactPoint.value) == func.lower(col(Guest.email))),
    exists().where(_POINT, _CLOSED) & ~exists().where(_POINT, ~_CLOSED),
)
"""They said so, or asked in the meantime not to be contacted at this address, or at all."""


def texts_of(session: Session, event: Event, kind: LetterKind) -> dict[str, LetterText]:
    """By language."""
    mine = select(LetterText).where(col(LetterText.event_id) == event.id, col(LetterText.kind) == kind)
    return {text.language: text for text in session.execute(mine).scalars()}


def wordings_of(session: Session, event: Event, kind: LetterKind) -> dict[str, Wording]:
    return {code: Wording(text.subject, text.body) for code, text in texts_of(session, event, kind).items()}


def _got(kind: LetterKind, *more: Any) -> Any:
    return exists().where(col(GuestLetter.guest_id) == col(Guest.id), col(GuestLetter.kind) == kind.value, *more)


def addressees(event: Event, kind: LetterKind, wordings: dict[str, Wording]) -> Select[Guest]:
    """Guests to whom this letter is still to be written, whether or not they can be reached."""
    mine = select(Guest).join(Event, col(Event.id) == col(Guest.event_id)).where(col(Guest.event_id) == event.id)
    mine = mine.where(~_OBJECTS)
    invited = col(Guest.invited_at).is_not(None)
    if kind is LetterKind.INVITE:
        return mine.where(~invited, col(Guest.reply).is_(None), col(Guest.reserve) == Reserve.A)
    if kind is LetterKind.REMINDER:
        lately = exists().where(col(GuestLetter.guest_id) == col(Guest.id), col(GuestLetter.created_at) > now() - QUIET)
        return mine.where(invited, col(Guest.reply).is_(None), ~lately)
    if kind is LetterKind.CORRECTION:
        digests = [wording.digest for wording in wordings.values()]
        this = _got(kind, col(GuestLetter.digest).in_(digests))
        return mine.where(_got(LetterKind.INVITE), ~this)
    met = CAME if kind is LetterKind.THANKS else and_(invited, ~CAME, ~UNKNOWN)
    return mine.where(met, ~_got(kind))


def reachable(chosen: Select[Guest]) -> Select[Guest]:
    return chosen.where(REACHABLE)


@dataclass(frozen=True)
class Plan:
    """What pressing the button would do. ``languages`` counts letters; ``missing`` are languages without a text."""

    letters: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    unreachable: int = 0
    objecting: int = 0
    others: int = 0
    """Guests whom another office invites in the same week."""


def plan_of(session: Session, event: Event, kind: LetterKind, wordings: dict[str, Wording]) -> Plan:
    chosen = addressees(event, kind, wordings)
    counted = reachable(chosen).with_only_columns(col(Guest.language), func.count()).group_by(col(Guest.language))
    languages = Counter(dict(session.execute(counted).all()))
    lost = chosen.where(~REACHABLE).with_only_columns(func.count())
    objecting = select(func.count()).select_from(Guest).join(Event, col(Event.id) == col(Guest.event_id))
    return Plan(
        letters=languages.total(),
        languages=languages,
        missing=[code for code in sorted(languages) if code not in wordings],
        unreachable=session.execute(lost).scalar_one(),
        objecting=session.execute(objecting.where(col(Guest.event_id) == event.id, _OBJECTS)).scalar_one(),
        others=written_to_by_others(session, event) if kind is LetterKind.INVITE else 0,
    )


def letters_by_state(session: Session, event: Event) -> dict[LetterState, int]:
    counted = select(col(OutboxLetter.state), func.count())
    counted = counted.join(GuestLetter, col(GuestLetter.letter_id) == col(OutboxLetter.id))
    counted = counted.join(Guest, col(Guest.id) == col(GuestLetter.guest_id)).where(col(Guest.event_id) == event.id)
    return dict(session.execute(counted.group_by(col(OutboxLetter.state))).all())


def letter_ids_of(event_id: UUID) -> Any:
    """As a subquery: the outbox letters of an event."""
    mine = select(col(GuestLetter.letter_id)).join(Guest, col(Guest.id) == col(GuestLetter.guest_id))
    return mine.where(col(Guest.event_id) == event_id)
