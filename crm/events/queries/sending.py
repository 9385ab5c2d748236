"""Who gets a letter of an event, and what would keep it from leaving."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, false, func, or_, select
from sqlmodel import Session, col

from crm.core.columns import now
from crm.core.mail import LetterState, OutboxLetter
from crm.events.models import Event, Guest, GuestLetter, LetterKind, LetterText, Objection, Reply, Reserve
from crm.events.queries.guests import CAME, UNKNOWN
from crm.events.queries.standing import Against, written_to_by_others
from crm.events.wording import Wording
from crm.people.models import ContactKind, ContactPoint, ContactState

QUIET = timedelta(days=3)
"""The silent are left alone so long after a letter."""
LEFT = (LetterState.SENDING, LetterState.SENT)
WAITING = (LetterState.QUEUED, LetterState.HELD)
CORRECTED = (LetterKind.INVITE, LetterKind.REMINDER)
"""Kinds whose text can have been wrong."""
OWED = (LetterKind.CORRECTION, LetterKind.CANCELLATION)
"""Who comes is told of a change, whatever else they wish to be spared."""
REACHABLE = or_(col(Guest.email).is_not(None), col(Guest.assistant).is_not(None))
_ADDRESSES = (func.lower(col(Guest.email)), func.lower(col(Guest.assistant)))
_ASKED = exists().where(
    col(Objection.office_id) == col(Event.office_id),
    or_(col(Objection.person_id) == col(Guest.person_id), col(Objection.email).in_(_ADDRESSES)),
)
_OFFICES = (col(ContactPoint.office_id) == col(Event.office_id)) & (col(ContactPoint.kind) == ContactKind.EMAIL)
_POINT = _OFFICES & (col(ContactPoint.person_id) == col(Guest.person_id))
_NOT_TO_BE_USED = col(ContactPoint.state).in_([ContactState.DO_NOT_USE, ContactState.UNSUBSCRIBED])
_CLOSED = or_(
    exists().where(_OFFICES, _NOT_TO_BE_USED, col(ContactPoint.value).in_(_ADDRESSES)),
    exists().where(_POINT, _NOT_TO_BE_USED) & ~exists().where(_POINT, ~_NOT_TO_BE_USED),
)
"""The office keeps one of their addresses, whoever's record it stands in, or all of them, as not to be used."""
OBJECTS = or_(_ASKED, _CLOSED)
_COMES = col(Guest.reply).is_not(None) & (col(Guest.reply) != Reply.NO)


@dataclass(frozen=True)
class Mailing:
    """One round of letters. ``wrong``: a correction goes to who got one of these texts (``SentText.value``)."""

    kind: LetterKind
    wordings: dict[str, Wording]
    wrong: Sequence[str] = ()
    starts: datetime | None = None

    @property
    def digests(self) -> dict[str, str]:
        return {code: wording.digest for code, wording in self.wordings.items()}


def texts_of(session: Session, event: Event, kind: LetterKind) -> dict[str, LetterText]:
    """By language."""
    mine = select(LetterText).where(col(LetterText.event_id) == event.id, col(LetterText.kind) == kind)
    return {text.language: text for text in session.execute(mine).scalars()}


def wordings_of(session: Session, event: Event, kind: LetterKind) -> dict[str, Wording]:
    return {code: Wording(text.subject, text.body) for code, text in texts_of(session, event, kind).items()}


def mailing_of(
    session: Session, event: Event, kind: LetterKind, wrong: Sequence[str] = (), starts: datetime | None = None
) -> Mailing:
    return Mailing(kind, wordings_of(session, event, kind), wrong, starts)


def _got(kind: LetterKind, *more: Any) -> Any:
    return exists().where(col(GuestLetter.guest_id) == col(Guest.id), col(GuestLetter.kind) == kind.value, *more)


def _has_left(*more: Any) -> Any:
    """A letter that is with them now, or in doubt."""
    letters = select(col(GuestLetter.id)).join(OutboxLetter, col(OutboxLetter.id) == col(GuestLetter.letter_id))
    return letters.where(
        col(GuestLetter.guest_id) == col(Guest.id), col(OutboxLetter.state).in_(LEFT), *more
    ).exists()  # fmt: skip


def of_texts(wrong: Sequence[str]) -> Any:
    """A condition on a letter: it was made from one of these texts."""
    pairs = [value.partition(".") for value in wrong]
    return or_(
        false(),
        *(
            and_(col(OutboxLetter.language) == language, col(GuestLetter.digest) == digest)
            for language, _, digest in pairs
        ),
    ) & col(GuestLetter.kind).in_([kind.value for kind in CORRECTED])


def addressees(event: Event, mailing: Mailing) -> Select[Guest]:
    """Guests to whom this letter is still to be written, whether or not they can be reached."""
    kind = mailing.kind
    mine = select(Guest).join(Event, col(Event.id) == col(Guest.event_id)).where(col(Guest.event_id) == event.id)
    mine = mine.where(or_(~_ASKED, _COMES), ~_CLOSED) if kind in OWED else mine.where(~OBJECTS)
    invited = col(Guest.invited_at).is_not(None)
    if kind is LetterKind.INVITE:
        return mine.where(~invited, col(Guest.reply).is_(None), col(Guest.reserve) == Reserve.A)
    if kind is LetterKind.REMINDER:
        lately = exists().where(col(GuestLetter.guest_id) == col(Guest.id), col(GuestLetter.created_at) > now() - QUIET)
        return mine.where(invited, col(Guest.reply).is_(None), ~lately)
    if kind is LetterKind.CORRECTION:
        this = _got(kind, col(GuestLetter.digest).in_(mailing.digests.values()))
        return mine.where(_has_left(of_texts(mailing.wrong)), ~this)
    if kind is LetterKind.CANCELLATION:
        knows = or_(_has_left(), col(Guest.posted_on).is_not(None), _COMES)
        return mine.where(knows, or_(col(Guest.reply).is_(None), _COMES), ~_got(kind))
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
    anew: int = 0
    """Letters with a wrong text that have not left: they are written anew."""


def plan_of(session: Session, event: Event, mailing: Mailing) -> Plan:
    chosen = addressees(event, mailing)
    counted = reachable(chosen).with_only_columns(col(Guest.language), func.count()).group_by(col(Guest.language))
    languages = Counter(dict(session.execute(counted).all()))
    lost = chosen.where(~REACHABLE).with_only_columns(func.count())
    objecting = select(func.count()).select_from(Guest).join(Event, col(Event.id) == col(Guest.event_id))
    inviting, correcting = mailing.kind is LetterKind.INVITE, mailing.kind is LetterKind.CORRECTION
    return Plan(
        letters=languages.total(),
        languages=languages,
        missing=[code for code in sorted(languages) if code not in mailing.wordings],
        unreachable=session.execute(lost).scalar_one(),
        objecting=session.execute(objecting.where(col(Guest.event_id) == event.id, OBJECTS)).scalar_one(),
        others=written_to_by_others(session, event, mailing.starts or now()) if inviting else 0,
        anew=session.execute(_count(wrong_waiting(event, mailing.wrong))).scalar_one() if correcting else 0,
    )


def _count(chosen: Any) -> Any:
    return select(func.count()).select_from(chosen.subquery())


def wrong_waiting(event: Event, wrong: Sequence[str]) -> Any:
    """Ids of letters made from these texts that have not left."""
    return letters_of(event.id).where(of_texts(wrong), col(OutboxLetter.state).in_(WAITING))


def letters_of(event_id: UUID) -> Any:
    """Ids in the outbox, with ``guest_letter`` and ``guest`` beside."""
    mine = select(col(OutboxLetter.id)).join(GuestLetter, col(GuestLetter.letter_id) == col(OutboxLetter.id))
    return mine.join(Guest, col(Guest.id) == col(GuestLetter.guest_id)).where(col(Guest.event_id) == event_id)


@dataclass(frozen=True)
class SentText:
    """A text in one language that letters of the event were made from, and how many of them have left."""

    kind: LetterKind
    language: str
    digest: str
    subject: str
    since: datetime
    left: int
    waiting: int
    is_current: bool

    @property
    def value(self) -> str:
        return f"{self.language}.{self.digest}"


def texts_sent(session: Session, event: Event) -> list[SentText]:
    """The oldest first."""
    kinds = [kind.value for kind in CORRECTED]
    texts = select(LetterText).where(col(LetterText.event_id) == event.id, col(LetterText.kind).in_(CORRECTED))
    kept = {
        (text.language, Wording(text.subject, text.body).digest) for text in session.execute(texts).scalars()
    }  # fmt: skip
    group = (col(GuestLetter.kind), col(OutboxLetter.language), col(GuestLetter.digest))
    numbers = [func.count().filter(col(OutboxLetter.state).in_(states)) for states in (LEFT, WAITING)]
    first = func.min(col(GuestLetter.created_at))
    rows = letters_of(event.id).with_only_columns(*group, func.min(col(OutboxLetter.subject)), first, *numbers)
    rows = rows.where(col(GuestLetter.kind).in_(kinds), col(GuestLetter.digest) != "").group_by(*group).order_by(first)
    found = session.execute(rows).all()
    return [
        SentText(LetterKind(row[0]), row[1], row[2], row[3], row[4], row[5], row[6], (row[1], row[2]) in kept)
        for row in found
        if row[5] or row[6]
    ]


def likely_wrong(texts: Sequence[SentText]) -> list[str]:
    """Those that have been changed since; else all of them: then it is the event that has changed."""
    changed = [text.value for text in texts if not text.is_current]
    return changed or [text.value for text in texts]


def barred_guests(session: Session, event: Event, most: int) -> list[tuple[str, Against]]:
    """Name and reason of those who are not written to."""
    mine = select(col(Guest.name), _ASKED).join(Event, col(Event.id) == col(Guest.event_id))
    mine = mine.where(col(Guest.event_id) == event.id, OBJECTS).order_by(col(Guest.sort_key)).limit(most)
    return [(name, Against.OBJECTED if asked else Against.DO_NOT_USE) for name, asked in session.execute(mine)]


def bar_of(session: Session, guest: Guest) -> Against | None:
    """Why this guest is not written to."""
    mine = select(_ASKED, _CLOSED).select_from(Guest).join(Event, col(Event.id) == col(Guest.event_id))
    asked, closed = session.execute(mine.where(col(Guest.id) == guest.id)).one()
    return Against.OBJECTED if asked else Against.DO_NOT_USE if closed else None


def letters_by_state(session: Session, event: Event) -> dict[LetterState, int]:
    counted = letters_of(event.id).with_only_columns(col(OutboxLetter.state), func.count())
    return dict(session.execute(counted.group_by(col(OutboxLetter.state))).all())


def waiting_count(session: Session, event: Event) -> int:
    waiting = letters_of(event.id).where(col(OutboxLetter.state) == LetterState.QUEUED)
    return int(session.execute(_count(waiting)).scalar_one())


def letter_ids_of(event_id: UUID) -> Any:
    """As a subquery: the outbox letters of an event."""
    mine = select(col(GuestLetter.letter_id)).join(Guest, col(Guest.id) == col(GuestLetter.guest_id))
    return mine.where(col(Guest.event_id) == event_id)
