"""All that the record page says of one person, as far as the reader's office may know it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry, Office, User
from crm.accounts.reader import OFFICE, seen_by
from crm.core.identifiers import SCHEMES, address
from crm.core.names import initials
from crm.people.entries import line_of
from crm.people.forms import CODED, PersonForm
from crm.people.models import (
    Affiliation,
    ContactKind,
    ContactPoint,
    Holding,
    Identifier,
    Interest,
    Link,
    NameKind,
    Person,
    PersonName,
    Share,
)
from crm.people.queries.moved import WENT_IN
from crm.people.queries.visible import IN_FORCE, known_person, visible_person

_LINES = 100


@dataclass(frozen=True)
class Record:
    """``holding`` is None where the person is only shared with the reader's office; ``shares`` are (office, share).

    ``terms``: scheme → codes of fields of research; ``names``: those beside the name as written.
    """

    person: Person
    holding: Holding | None
    posts: list[Affiliation]
    past: list[Affiliation]
    names: list[PersonName]
    terms: dict[str, list[str]]
    fields: list[str]
    open_to: list[str]
    links: list[Link]
    contacts: list[ContactPoint]
    identifiers: list[tuple[str, str, str | None]]
    shares: list[tuple[Office, Share]]

    @property
    def post(self) -> Affiliation | None:
        return self.posts[0] if self.posts else None

    @property
    def initials(self) -> str:
        return initials(self.person.kanji or self.person.full_name, None, None)

    def form_values(self) -> dict[str, Any]:
        """The record as the edit form has it."""
        person, post = self.person, self.post
        plain = {name: getattr(person, name) for name in ("full_name", "family", "given", "kanji", "kana", "latin")}
        at = {
            name: getattr(post, name) if post else None for name in ("title", "institution", "unit", "city", "country")
        }
        numbers = {scheme: value for scheme, value, _ in self.identifiers if scheme in ("orcid", "erad")}
        reached = {kind.value: point.value for point in reversed(self.contacts) for kind in [ContactKind(point.kind)]}
        return {
            **plain,
            **at,
            **numbers,
            "email": reached.get("email"),
            "phone": reached.get("phone"),
            "sector": person.sector.value,
            "research_fields": "\n".join(self.fields),
            "links": "\n".join(line_of(link.address, link.label) for link in self.links),
            **self.terms,
            "open_to": self.open_to,
            "languages": person.spoken_languages,
            "preferred_language": person.preferred_language,
            "note": self.holding.note if self.holding else None,
            "basis": self.holding.basis.value if self.holding else None,
            "version": person.version,
        }


_PERSON = bindparam("person", type_=Uuid())


def _of_person(model: Any, *where: Any) -> Select[Any]:
    return select(model).where(model.person_id == _PERSON, *where).order_by(model.id)


_OWN_FIRST = (col(Affiliation.office_id) == OFFICE).desc()
_POSTS = (
    select(Affiliation)
    .where(col(Affiliation.person_id) == _PERSON)
    .order_by(_OWN_FIRST, col(Affiliation.main).desc(), col(Affiliation.id))
)
_INTERESTS, _NUMBERS, _LINKS = _of_person(Interest), _of_person(Identifier), _of_person(Link)
_CONTACTS = _of_person(ContactPoint, col(ContactPoint.office_id) == OFFICE)
_NAMES = _of_person(
    PersonName,
    (col(PersonName.office_id) == OFFICE)
    | col(PersonName.office_id).is_(None) & (col(PersonName.kind) != NameKind.WRITTEN),
)


def record_of(session: Session, actor: Actor, person_id: UUID) -> Record:
    """Eight queries. Missing for a person whom the reader may not see."""
    person, holding = known_person(session, actor, person_id)
    values = {"person": person_id, "office": actor.office_id}

    def rows(statement: Select[Any]) -> list[Any]:
        return list(session.execute(statement, values).scalars())

    of_scheme: dict[str, list[str]] = defaultdict(list)
    for row in rows(_INTERESTS):
        of_scheme[row.scheme].append(row.value)
    posts = rows(_POSTS)
    return Record(
        person=person,
        holding=holding,
        posts=[post for post in posts if post.until is None],
        past=[post for post in posts if post.until is not None],
        names=rows(_NAMES),
        terms={scheme: of_scheme[scheme] for scheme in CODED},
        fields=of_scheme["keyword"],
        open_to=of_scheme["open_to"],
        links=rows(_LINKS),
        contacts=rows(_CONTACTS),
        identifiers=[(row.scheme, row.value, address(row.scheme, row.value)) for row in rows(_NUMBERS)],
        shares=_shares(session, actor, person_id),
    )


_SHARES = select(Office, Share).join(
    Share,
    or_(
        (col(Share.from_office_id) == col(Office.id)) & (col(Share.to_office_id) == OFFICE),
        (col(Share.to_office_id) == col(Office.id)) & (col(Share.from_office_id) == OFFICE),
    ),
).where(col(Share.person_id) == _PERSON, IN_FORCE)  # fmt: skip


def _shares(session: Session, actor: Actor, person_id: UUID) -> list[tuple[Office, Share]]:
    """Shares that the reader's office gave or got; those between others are none of its business."""
    rows = session.execute(_SHARES, {"person": person_id, **seen_by(actor)})
    return [(office, share) for office, share in rows]


def history_of(session: Session, actor: Actor, person_id: UUID) -> list[tuple[JournalEntry, str | None]]:
    """The newest journal lines of this record that the reader's own office wrote, with the doer's name."""
    visible_person(session, actor, person_id)
    lines = (
        select(JournalEntry, col(User.name))
        .outerjoin(User, col(User.id) == col(JournalEntry.actor_id))
        .where(
            col(JournalEntry.subject_kind) == "person",
            or_(col(JournalEntry.subject_id) == person_id, col(JournalEntry.subject_id).in_(WENT_IN)),
            col(JournalEntry.office_id) == actor.office_id,
        )
        .order_by(col(JournalEntry.created_at).desc(), col(JournalEntry.id).desc())
        .limit(_LINES)
    )
    values = {"person": person_id, "office": actor.office_id}
    return [(entry, name) for entry, name in session.execute(lines, values)]


def form_of(record: Record) -> PersonForm:
    """What is stored, as a valid form; for showing it beside what somebody else typed."""
    return PersonForm.model_validate(record.form_values())


def scheme_label(scheme: str) -> str:
    return str(SCHEMES.get(scheme, scheme))
