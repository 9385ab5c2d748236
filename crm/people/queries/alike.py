"""Whom the office knows already, perhaps, while somebody is written down anew.

Somebody whom only other offices know is never hinted at: what is looked through is the office's own.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE
from crm.core.matching import Candidate, Match, score
from crm.core.matching.names import compare_names
from crm.core.names.readings import spellings_of
from crm.core.places import country_code
from crm.core.search import keys_for
from crm.core.search.keys import NAME
from crm.core.settings import Settings
from crm.organisations.queries import OrganisationIndex
from crm.people.entries import PersonEntry
from crm.people.models import SearchKey
from crm.people.queries.known import Known, bearers, describe, reached_by, visible_ids
from crm.people.tombstones import Erased

_FEW = 5
_LEAST = 0.25
"""Lower than what a list is asked about: here a part of a name is reason enough to look where the place fits."""
_LOOKED_AT = 20
_SHORT = 3
"""Letters of a key, its kind among them: shorter ones are in everybody's name."""


@dataclass(frozen=True)
class Alike:
    person: Known
    match: Match


_SHARING_KEYS = (
    select(col(SearchKey.person_id))
    .where(col(SearchKey.office_id) == OFFICE, col(SearchKey.key).in_(bindparam("keys", expanding=True)))
    .group_by(col(SearchKey.person_id))
    .order_by(func.count().desc(), col(SearchKey.person_id))
    .limit(_LOOKED_AT)
)


def people_alike(session: Session, actor: Actor, entry: PersonEntry) -> list[Alike]:
    """The likeliest first, with the reasons."""
    names = tuple(name for name in (entry.full_name, entry.kanji, entry.kana, entry.latin, entry.former) if name)
    organisation = OrganisationIndex(session).find(entry.institution, country_code(entry.country or ""))
    wanted = Candidate(
        names=names,
        institution=entry.institution or "",
        organisation=str(organisation.id) if organisation else "",
        fields=entry.research_fields,
        emails=(entry.email,) if entry.email else (),
        identifiers=tuple(entry.identifiers),
        city=entry.city,
        country=entry.country,
    )
    return _weighed(session, actor, wanted, _possible(session, actor, wanted))


def was_erased(session: Session, actor: Actor, settings: Settings, entry: PersonEntry) -> bool:
    """Whether the office has erased somebody of this description: it is told as when a list names them."""
    names = [name for name in (entry.full_name, entry.kanji, entry.kana, entry.latin, entry.former) if name]
    fields = {"institution": entry.institution, "email": entry.email}
    return Erased(session, actor.office_id, settings).knows(names, fields, entry.identifiers)


def people_like(session: Session, actor: Actor, person_id: UUID) -> list[Alike]:
    """Who could be the same as somebody known already."""
    known = describe(session, actor, [person_id])[person_id].candidate
    return _weighed(session, actor, known, _possible(session, actor, known) - {person_id})


def _weighed(session: Session, actor: Actor, wanted: Candidate, ids: set[UUID]) -> list[Alike]:
    known = describe(session, actor, ids)
    weighed = [Alike(one, score(wanted, one.candidate)) for one in known.values()]
    likely = [each for each in weighed if each.match.score >= _LEAST or _is_called_so(wanted, each)]
    return sorted(likely, key=lambda alike: -alike.match.weight)[:_FEW]


def _is_called_so(wanted: Candidate, alike: Alike) -> bool:
    """The whole name is the same, and nothing speaks against it: how many bear such a name is no reason to be silent
    while somebody types; whether it is the same person, a look tells.
    """
    return not alike.match.doubts and compare_names(wanted, alike.person.candidate).is_whole


def _possible(session: Session, actor: Actor, wanted: Candidate) -> set[UUID]:
    ids = set(bearers(session, list(wanted.identifiers)).values())
    for reached in reached_by(session, actor, [email.lower() for email in wanted.emails]).values():
        ids.update(reached)
    readings = (" ".join(words) for words in wanted.read)
    keys = [key for key in keys_for([*wanted.names, *readings]) if len(key) > _SHORT]
    if not wanted.scripts:
        keys += [f"{NAME}{spelling}" for heard in wanted.spoken for spelling in spellings_of(heard)]
    ids.update(session.execute(_SHARING_KEYS, {"office": actor.office_id, "keys": keys}).scalars())
    return visible_ids(session, actor, ids)
