"""What a person sees of themself by a personal link: who holds a record, what it says, what they allowed, what came."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.models import Office, SignedLink
from crm.core.columns import now
from crm.core.errors import Missing
from crm.core.i18n import current_language
from crm.core.i18n import gettext as _
from crm.core.identifiers import SCHEMES
from crm.core.mail import LetterState, OutboxLetter
from crm.core.places import country_name
from crm.people.forms import field_labels
from crm.people.models import Affiliation, ContactKind, ContactPoint, Holding, Identifier, Interest, Link, Person, Share
from crm.people.queries.copies import by_link, copy_of
from crm.privacy.models import ConsentReceipt
from crm.privacy.texts import SENTENCES

_LETTERS = 200
_KEYWORDS = "keyword"


@dataclass(frozen=True)
class Fact:
    """``office`` alone sees it; None is every office that holds the record."""

    label: str
    value: str
    office: Office | None = None


@dataclass(frozen=True)
class Own:
    person: Person
    holders: list[tuple[Holding, Office]]
    shares: list[tuple[Share, Office, Office]]
    facts: list[Fact]
    consents: list[tuple[ConsentReceipt, Office]]
    letters: list[tuple[OutboxLetter, Office | None]]

    @property
    def name(self) -> str:
        return self.person.kanji or self.person.full_name

    @property
    def offices(self) -> list[Office]:
        """Whom a request can go to: those that hold the record now, each once."""
        return [office for holding, office in self.holders if holding.until is None]


def person_of(session: Session, link: SignedLink) -> Person:
    """The record that the link leads to, or the one that it has become since."""
    person = session.get(Person, link.subject_id)
    while person is not None and person.merged_into:
        person = session.get(Person, person.merged_into)
    if person is None or not person.full_name:
        raise Missing()
    return person


def own_data(session: Session, person: Person) -> Own:
    held = select(Holding, Office).join(Office, col(Office.id) == col(Holding.office_id))
    held = held.where(col(Holding.person_id) == person.id).order_by(col(Holding.since), col(Holding.id))
    return Own(
        person,
        [(holding, office) for holding, office in session.execute(held)],
        _shares(session, person.id),
        [*_names(person), *_posts(session, person.id), *_lists(session, person.id), *_reached(session, person.id)],
        _consents(session, person.id),
        _letters(session, person.id),
    )


def own_copy(session: Session, own: Own) -> dict[str, Any]:
    """The same for a program, with every row by its table."""
    return {
        "made_at": now().isoformat(timespec="seconds"),
        "held_by": [
            {"office": office.name_en, "since": str(holding.since), "until": holding.until and str(holding.until),
             "basis": holding.basis.value}
            for holding, office in own.holders
        ],
        "records": copy_of(session, own.person.id, by_link),
        "letters": [
            {"at": letter.created_at.isoformat(timespec="seconds"), "subject": letter.subject, "text": letter.text}
            for letter, _office in own.letters
        ],
    }  # fmt: skip


def _names(person: Person) -> list[Fact]:
    labels = field_labels()
    return [Fact(labels[name], value) for name, value in person.as_words().items() if value]


def _posts(session: Session, person_id: UUID) -> list[Fact]:
    rows = select(Affiliation).where(col(Affiliation.person_id) == person_id).order_by(col(Affiliation.id))
    facts = []
    for post in session.execute(rows).scalars():
        land = country_name(post.country, current_language()) if post.country else ""
        words = (post.institution, post.unit, post.title, post.city, land)
        facts.append(Fact(_("Post"), ", ".join(word for word in words if word)))
    return facts


def _lists(session: Session, person_id: UUID) -> list[Fact]:
    fields = select(col(Interest.value)).where(col(Interest.person_id) == person_id, col(Interest.scheme) == _KEYWORDS)
    keywords = list(session.execute(fields.order_by(col(Interest.id))).scalars())
    numbers = select(Identifier).where(col(Identifier.person_id) == person_id).order_by(col(Identifier.id))
    pages = select(Link).where(col(Link.person_id) == person_id).order_by(col(Link.id))
    labels = field_labels()
    return [
        *([Fact(labels["research_fields"], ", ".join(keywords))] if keywords else []),
        *(Fact(str(SCHEMES.get(row.scheme, row.scheme)), row.value) for row in session.execute(numbers).scalars()),
        *(Fact(labels["links"], row.address) for row in session.execute(pages).scalars()),
    ]


def _reached(session: Session, person_id: UUID) -> list[Fact]:
    rows = select(ContactPoint, Office).join(Office, col(Office.id) == col(ContactPoint.office_id))
    rows = rows.where(col(ContactPoint.person_id) == person_id).order_by(col(ContactPoint.id))
    return [Fact(str(ContactKind(point.kind).label), point.value, office) for point, office in session.execute(rows)]


def _shares(session: Session, person_id: UUID) -> list[tuple[Share, Office, Office]]:
    """(share, who gave it, who got it), those that are in force."""
    offices = {office.id: office for office in session.execute(select(Office)).scalars()}
    rows = select(Share).where(col(Share.person_id) == person_id, col(Share.withdrawn_at).is_(None))
    today = now().date()
    return [
        (share, offices[share.from_office_id], offices[share.to_office_id])
        for share in session.execute(rows.order_by(col(Share.id))).scalars()
        if share.since <= today and (share.until is None or share.until >= today)
    ]


def _consents(session: Session, person_id: UUID) -> list[tuple[ConsentReceipt, Office]]:
    rows = select(ConsentReceipt, Office).join(Office, col(Office.id) == col(ConsentReceipt.office_id))
    rows = rows.where(col(ConsentReceipt.person_id) == person_id, col(ConsentReceipt.purpose).in_(list(SENTENCES)))
    return [(receipt, office) for receipt, office in session.execute(rows.order_by(col(ConsentReceipt.id).desc()))]


def _letters(session: Session, person_id: UUID) -> list[tuple[OutboxLetter, Office | None]]:
    rows = select(OutboxLetter, Office).outerjoin(Office, col(Office.id) == col(OutboxLetter.office_id))
    rows = rows.where(
        col(OutboxLetter.person_id) == person_id,
        col(OutboxLetter.state).not_in([LetterState.STOPPED, LetterState.HELD]),
    )
    newest = rows.order_by(col(OutboxLetter.id).desc()).limit(_LETTERS)
    return [(letter, office) for letter, office in session.execute(newest)]
