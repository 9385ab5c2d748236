"""Where the facts of a record are from, as far as the reader may know it: of other offices nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, and_, bindparam, cast, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.i18n import gettext as _
from crm.core.identifiers import SCHEMES
from crm.people.models import Affiliation, Identifier, Interest, Link, Origin, PersonName
from crm.people.models.sources import Stated
from crm.vocabularies.models import Scheme, Term


@dataclass
class Told:
    """``where``: in words; ``on``: when it was stated; ``facts``: (what it is, what it says)."""

    where: str
    on: date | None
    facts: list[tuple[str, str]] = field(default_factory=list)


def sources_of(session: Session, actor: Actor, person_id: UUID) -> list[Told]:
    """The newest first, those that nobody has noted last. The reader sees the person: whoever asks has made sure."""
    told: dict[tuple[str, date | None], Told] = {}
    for row, label, text in _facts(session, actor, person_id):
        where, on = _where(row.source, actor), _day(row.source)
        told.setdefault((where, on), Told(where, on)).facts.append((label, text))
    return sorted(told.values(), key=lambda one: one.on or date.min, reverse=True)


def _facts(session: Session, actor: Actor, person_id: UUID) -> Iterator[tuple[Stated, str, str]]:
    names = col(PersonName.office_id).is_(None) | (col(PersonName.office_id) == actor.office_id)
    for row in _rows(session, PersonName, person_id, names):
        yield row, _("Name"), row.full
    for row in _rows(session, Affiliation, person_id):
        yield row, _("Post"), " · ".join(part for part in (row.institution, row.unit, row.title) if part)
    for row in _rows(session, Identifier, person_id):
        yield row, str(SCHEMES.get(row.scheme, row.scheme)), row.value
    for row in _rows(session, Link, person_id):
        yield row, _("Link"), row.label or row.address
    for row, term in session.execute(_INTERESTS, {"person": person_id}):
        label = _("Research field") if row.scheme == "keyword" else str(Scheme(row.scheme).label)
        yield row, label, term.name if term else row.value


_TERM = and_(cast(Term.scheme, String) == col(Interest.scheme), col(Term.code) == col(Interest.value))
_INTERESTS = (
    select(Interest, Term)
    .outerjoin(Term, _TERM)
    .where(col(Interest.person_id) == bindparam("person", type_=Uuid()))
    .order_by(col(Interest.id))
)


def _rows(session: Session, model: Any, person_id: UUID, *where: Any) -> list[Any]:
    rows = select(model).where(model.person_id == person_id, *where)
    return list(session.execute(rows.order_by(model.id)).scalars())


def _day(source: dict[str, Any]) -> date | None:
    return date.fromisoformat(source["on"]) if source.get("on") else None


def _where(source: dict[str, Any], actor: Actor) -> str:
    """Whose list it was, and its name, is the business of the office that has it."""
    match source.get("origin"):
        case Origin.PERSON:
            return _("The person")
        case Origin.ORCID:
            return _("ORCID")
        case Origin.HAND | Origin.IMPORT if source.get("office") != str(actor.office_id):
            return _("Shared facts; who noted them is not shown")
        case Origin.IMPORT if source.get("file"):
            return _("Your list %(file)s, row %(row)s", file=source["file"], row=source["row"])
        case Origin.IMPORT:
            return _("A list of your office")
        case Origin.HAND:
            return _("Your office, by hand")
    return _("Noted before sources were kept")
