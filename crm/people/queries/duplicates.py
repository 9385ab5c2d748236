"""Records of an office that are likely one person."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.matching import Candidate, Match, score
from crm.people.models import (
    Affiliation,
    ContactKind,
    ContactPoint,
    Holding,
    Identifier,
    Interest,
    LikelyPair,
    Person,
    PersonName,
)
from crm.people.queries.known import Known, describe
from crm.people.queries.visible import OFFICE, seen_by, sees

_SHOWN = 30
_FIRST, _SECOND = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class Pair:
    """With what speaks for one person and what against, as the records stand now."""

    id: UUID
    first: Known
    second: Known
    match: Match


_OPEN = (
    select(col(LikelyPair.id), col(LikelyPair.first_id), col(LikelyPair.second_id))
    .select_from(LikelyPair)
    .join(_FIRST, col(_FIRST.id) == col(LikelyPair.first_id))
    .join(_SECOND, col(_SECOND.id) == col(LikelyPair.second_id))
    .where(
        col(LikelyPair.office_id) == OFFICE,
        col(LikelyPair.apart_at).is_(None),
        col(_FIRST.merged_into).is_(None),
        col(_SECOND.merged_into).is_(None),
        sees(col(LikelyPair.first_id)),
        sees(col(LikelyPair.second_id)),
    )
)


def likely_duplicates(session: Session, actor: Actor) -> list[Pair]:
    """The likeliest first, a pageful: each that is settled makes room for the next."""
    wanted = _OPEN.order_by(col(LikelyPair.score).desc(), col(LikelyPair.id)).limit(_SHOWN)
    rows = session.execute(wanted, seen_by(actor)).all()
    known = describe(session, actor, {id for row in rows for id in row[1:]})
    return [
        Pair(id, known[one], known[other], score(known[one].candidate, known[other].candidate))
        for id, one, other in rows
    ]


def duplicate_count(session: Session, actor: Actor) -> int:
    counted = select(func.count()).select_from(_OPEN.subquery())
    return int(session.execute(counted, seen_by(actor)).scalar_one())


def candidates_of(session: Session, office_id: UUID) -> dict[UUID, Candidate]:
    """All whom the office holds, as far as telling them apart needs it. Six queries, however many they are."""
    held = select(col(Holding.person_id)).where(col(Holding.office_id) == office_id, col(Holding.until).is_(None))
    columns = (col(Person.full_name), col(Person.kanji), col(Person.latin), col(Person.kana))
    people = session.execute(
        select(col(Person.id), *columns).where(col(Person.id).in_(held), col(Person.merged_into).is_(None))
    ).all()
    own_name = or_(col(PersonName.office_id).is_(None), col(PersonName.office_id) == office_id)
    own_mail = (col(ContactPoint.office_id) == office_id) & (col(ContactPoint.kind) == ContactKind.EMAIL)
    names = _by_person(session, held, PersonName, (col(PersonName.full),), own_name)
    mails = _by_person(session, held, ContactPoint, (col(ContactPoint.value),), own_mail)
    numbers = _by_person(session, held, Identifier, (col(Identifier.scheme), col(Identifier.value)))
    fields = _by_person(session, held, Interest, (col(Interest.value),), col(Interest.scheme) == "keyword")
    place = (col(Affiliation.institution), col(Affiliation.city), col(Affiliation.country))
    posts = _by_person(session, held, Affiliation, place, col(Affiliation.until).is_(None))
    found = {}
    for id, full_name, kanji, latin, kana in people:
        institution, city, country = next(iter(posts[id]), ("", None, None))
        written = [full_name, kanji, latin, *(name for (name,) in names[id])]
        found[id] = Candidate(
            names=tuple(dict.fromkeys(name for name in written if name)),
            readings=(kana,) if kana else (),
            institution=institution or "",
            fields=tuple(field for (field,) in fields[id]),
            emails=tuple(mail for (mail,) in mails[id]),
            identifiers=tuple((scheme, value) for scheme, value in numbers[id]),
            city=city,
            country=country,
        )
    return found


def _by_person(
    session: Session, held: Any, model: Any, columns: tuple[Any, ...], *where: Any
) -> defaultdict[UUID, list[tuple[Any, ...]]]:
    rows: Iterator[Any] = session.execute(
        select(model.person_id, *columns).where(model.person_id.in_(held), *where).order_by(model.id)
    )
    found: defaultdict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for person_id, *values in rows:
        found[person_id].append(tuple(values))
    return found
