"""Who the rows of a list are: the same person, perhaps the same, somebody new. Reads only."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.identifiers import InvalidIdentifier, normalise
from crm.core.matching import Candidate, score
from crm.core.places import country_code
from crm.core.search import fold
from crm.core.search.folding import is_latin, words
from crm.core.search.keys import LONGEST, NAME, READING
from crm.core.search.romaji import key_of_word, squeeze
from crm.core.settings import read_settings
from crm.imports.fields import fingerprint, names_of
from crm.imports.models import ImportFile, ImportRow, Outcome
from crm.imports.placing import GUESSED, Area, area_of, guess_place
from crm.imports.reading.sandbox import FIELD_NAMES
from crm.imports.reading.shapes import Entry
from crm.imports.reasons import ERASED
from crm.imports.seen import Seen
from crm.organisations.queries import OrganisationIndex
from crm.people.queries.known import Known, bearers, chunks, describe, named, reached_by, visible_ids
from crm.people.tombstones import Erased

CROWD = 40
"""People of one name whom a row is compared with at most."""
_OTHER_PERSON = 0.001
_OTHER_MAILBOX = 0.005


@dataclass(slots=True)
class Matched:
    """A row with what it was found to be. ``first`` is the place of the row in this file that it repeats."""

    entry: Entry
    fields: dict[str, Any]
    outcome: Outcome = Outcome.NEW
    reason: str | None = None
    match_id: UUID | None = None
    known_elsewhere: bool = False
    differences: dict[str, list[Any]] = field(default_factory=dict)
    fingerprint: str = ""
    first: int | None = None
    first_row: int | None = None


@dataclass(slots=True)
class Asked:
    """A row and what the database is asked about it."""

    matched: Matched
    identifiers: list[tuple[str, str]]
    email: str
    keys: list[str]
    organisation: str = ""

    @property
    def candidate(self) -> Candidate:
        fields = self.matched.fields
        return Candidate(
            names=names_of(fields),
            readings=(fields["kana"],) if fields.get("kana") else (),
            institution=fields.get("institution") or "",
            organisation=self.organisation,
            fields=tuple(fields.get("research_fields") or ()),
            emails=(self.email,) if self.email else (),
            identifiers=tuple(self.identifiers),
            city=fields.get("city"),
            country=fields.get("country"),
        )


class Matcher:
    """Takes the rows of one file in order, a few hundred at a time."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.seen = Seen()
        self.erased: Erased | None = None
        self.area: Area | None = None

    def match(self, session: Session, entries: Sequence[Entry]) -> list[Matched]:
        self.erased = self.erased or Erased(session, self.actor.office_id, read_settings())
        self.area = area_of(session, self.actor) if self.area is None else self.area
        asked = [self._asked(entry, self.erased) for entry in entries]
        for entry, one in zip(entries, asked, strict=True):
            guess_place(one.matched.fields, entry.doubts, self.area)
        readable = [one for one in asked if one.matched.outcome is not Outcome.UNREADABLE]
        found = Found(session, self.actor, readable)
        for one in asked:
            if one.matched.outcome is not Outcome.UNREADABLE:
                self._decide(one, found)
            self._remember(one)
        return [one.matched for one in asked]

    def _asked(self, entry: Entry, erased: Erased) -> Asked:
        fields = {name: getattr(entry.fields, name) for name in FIELD_NAMES}
        matched = Matched(entry, fields)
        if entry.problem or not fields["full_name"]:
            matched.outcome, matched.reason = Outcome.UNREADABLE, entry.problem or "no_name"
            return Asked(matched, [], "", [])
        if erased.knows(names_of(fields), fields, _identifiers(fields)):
            matched.outcome, matched.reason = Outcome.UNREADABLE, ERASED
            return Asked(matched, [], "", [])
        matched.fingerprint = fingerprint(self.actor.office_id, fields)
        names = (*names_of(fields), *((fields["kana"],) if fields["kana"] else ()))
        keys = list(dict.fromkeys(key for name in names for key in whole_keys(name)))
        return Asked(matched, _identifiers(fields), (fields["email"] or "").strip().lower(), keys)

    def _remember(self, one: Asked) -> None:
        fields = one.matched.fields
        if one.matched.outcome is Outcome.UNREADABLE:
            keys: list[str] = []
        else:
            keys = [one.matched.fingerprint, *(f"{scheme}:{value}" for scheme, value in one.identifiers)]
            keys += [one.email] if one.email else []
            keys += [_name_key(fields)]
        self.seen.keep(one.matched.entry.row, names_of(fields), keys)

    def _decide(self, one: Asked, found: "Found") -> None:
        steps = (self._applied, self._repeated, self._proven, self._proven_in_file, self._named, self._named_in_file)
        any(step(one, found) for step in steps)

    def _applied(self, one: Asked, found: "Found") -> bool:
        person_id = found.applied.get(one.matched.fingerprint)
        return person_id is not None and _settle(one, Outcome.SAME, "applied_before", person_id)

    def _repeated(self, one: Asked, _: "Found") -> bool:
        place = self.seen.find(one.matched.fingerprint)
        return place is not None and self._first(one, place, Outcome.SAME, "twice_in_file")

    def _proven(self, one: Asked, found: "Found") -> bool:
        by_identifier = next((found.bearers[pair] for pair in one.identifiers if pair in found.bearers), None)
        if by_identifier is not None and by_identifier not in found.known:
            one.matched.known_elsewhere = True
            by_identifier = None
        by_email = found.reached(one)
        if by_identifier and by_email and by_identifier not in by_email:
            return self._perhaps(one, found, by_identifier, "two_people")
        if by_identifier:
            if _likeness(one, found.known[by_identifier]) < _OTHER_PERSON:
                return self._perhaps(one, found, by_identifier, "identifier_other_name")
            return self._same(one, found, by_identifier, "by_identifier")
        if by_email:
            best = max(by_email, key=lambda each: _likeness(one, found.known[each]))
            if _likeness(one, found.known[best]) < _OTHER_MAILBOX:
                return self._perhaps(one, found, best, "email_other_name")
            return self._same(one, found, best, "by_email")
        return False

    def _proven_in_file(self, one: Asked, _: "Found") -> bool:
        for scheme, value in one.identifiers:
            if (place := self.seen.find(f"{scheme}:{value}")) is not None:
                fits = self._alike(one, place) >= _OTHER_PERSON
                return self._first(one, place, *_TWICE["identifier", fits])
        if one.email and (place := self.seen.find(one.email)) is not None:
            fits = self._alike(one, place) >= _OTHER_MAILBOX
            return self._first(one, place, *_TWICE["email", fits])
        return False

    def _named(self, one: Asked, found: "Found") -> bool:
        if one.matched.known_elsewhere:
            return False
        ids = dict.fromkeys(each for key in one.keys for each in found.named.get(key, ()))
        scored = [(score(one.candidate, found.known[each].candidate), each) for each in list(ids)[:CROWD]]
        best = max(scored, key=lambda pair: pair[0].score, default=None)
        if best is None or not best[0].perhaps:
            return False
        return self._perhaps(one, found, best[1], "\n".join(reason.message for reason in best[0].reasons))

    def _named_in_file(self, one: Asked, _: "Found") -> bool:
        place = self.seen.find(_name_key(one.matched.fields))
        return place is not None and self._first(one, place, Outcome.PERHAPS, "name_twice")

    def _alike(self, one: Asked, place: int) -> float:
        return score(
            Candidate(names_of(one.matched.fields)), Candidate(tuple(self.seen.names[place].split("\n")))
        ).score

    def _first(self, one: Asked, place: int, outcome: Outcome, reason: str) -> bool:
        one.matched.first, one.matched.first_row = place, self.seen.rows[place]
        one.matched.known_elsewhere = False
        return _settle(one, outcome, reason, None)

    def _same(self, one: Asked, found: "Found", person_id: UUID, reason: str) -> bool:
        return _settle(one, Outcome.SAME, reason, person_id, _differences(one, found.known[person_id]))

    def _perhaps(self, one: Asked, found: "Found", person_id: UUID, reason: str) -> bool:
        return _settle(one, Outcome.PERHAPS, reason, person_id, _differences(one, found.known[person_id]))


_TWICE = {
    ("identifier", True): (Outcome.SAME, "twice_in_file"),
    ("identifier", False): (Outcome.PERHAPS, "identifier_twice"),
    ("email", True): (Outcome.SAME, "twice_in_file"),
    ("email", False): (Outcome.PERHAPS, "email_twice"),
}


class Found:
    """What the database knows about a stretch of rows, in a handful of questions."""

    def __init__(self, session: Session, actor: Actor, asked: Sequence[Asked]) -> None:
        _place(session, asked)
        self.bearers = bearers(session, {pair for one in asked for pair in one.identifiers})
        self._reached = reached_by(session, actor, {one.email for one in asked if one.email})
        self.named = named(session, actor, {key for one in asked for key in one.keys})
        printed = applied_before(session, actor, [one.matched.fingerprint for one in asked])
        ids = {*self.bearers.values(), *printed.values(), *(each for ids in self._reached.values() for each in ids)}
        visible = visible_ids(session, actor, ids)
        self.applied = {mark: person_id for mark, person_id in printed.items() if person_id in visible}
        self.known: dict[UUID, Known] = describe(
            session, actor, visible | {each for ids in self.named.values() for each in sorted(ids)[:CROWD]}
        )
        self.named = {key: {each for each in ids if each in self.known} for key, ids in self.named.items()}

    def reached(self, one: Asked) -> list[UUID]:
        return [each for each in self._reached.get(one.email, ()) if each in self.known] if one.email else []


def _place(session: Session, asked: Sequence[Asked]) -> None:
    """The institutions of the rows in the directory, which knows their names in other languages."""
    index = OrganisationIndex(session)
    index.prepare(one.matched.fields["institution"] for one in asked if one.matched.fields["institution"])
    for one in asked:
        fields = one.matched.fields
        known = index.find(fields["institution"], country_code(fields["country"] or ""))
        one.organisation = str(known.id) if known else ""


def applied_before(session: Session, actor: Actor, marks: Sequence[str]) -> dict[str, UUID]:
    """Whom rows with these fingerprints became in imports of the office that have not been undone."""
    found: dict[str, UUID] = {}
    for part in chunks(marks):
        rows = session.execute(
            select(col(ImportRow.fingerprint), col(ImportRow.person_id))
            .join(ImportFile, col(ImportFile.id) == col(ImportRow.file_id))
            .where(
                col(ImportRow.fingerprint).in_(part),
                col(ImportRow.person_id).is_not(None),
                col(ImportFile.office_id) == actor.office_id,
                col(ImportFile.undone_at).is_(None),
            )
        )
        found.update({mark: person_id for mark, person_id in rows if person_id})
    return found


def whole_keys(name: str) -> Iterator[str]:
    """The search keys that stand for a whole name; people have them in either order."""
    found = words(name)
    native = "".join(word for word in found if not is_latin(word))
    spoken = [key for word in found if (key := key_of_word(word))]
    if native:
        yield (NAME + native)[:LONGEST]
    if spoken:
        yield (READING + squeeze("".join(spoken)))[:LONGEST]


def _settle(
    one: Asked, outcome: Outcome, reason: str, person_id: UUID | None, differs: dict[str, list[Any]] | None = None
) -> bool:
    matched = one.matched
    matched.outcome, matched.reason, matched.match_id, matched.differences = outcome, reason, person_id, differs or {}
    matched.known_elsewhere = matched.known_elsewhere and not person_id
    return True


def _differences(one: Asked, known: Known) -> dict[str, list[Any]]:
    """A guess contradicts nothing that is stored."""
    found = known.differences(one.matched.fields)
    unsure = GUESSED in one.matched.entry.doubts and known.fields.get("country")
    return {name: pair for name, pair in found.items() if not (unsure and name == "country")}


def _likeness(one: Asked, known: Known) -> float:
    """How well the names alone fit, from 0 to 1; different names are near 0."""
    readings = (one.matched.fields["kana"],) if one.matched.fields.get("kana") else ()
    theirs = (known.fields["kana"],) if known.fields.get("kana") else ()
    return score(Candidate(names_of(one.matched.fields), readings), Candidate(tuple(known.names), theirs)).score


def _identifiers(fields: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for scheme in ("orcid", "erad"):
        if fields.get(scheme):
            with suppress(InvalidIdentifier):
                pairs.append((scheme, normalise(scheme, fields[scheme])))
    return pairs


def _name_key(fields: dict[str, Any]) -> str:
    return "n:" + fold(fields.get("full_name") or "") + "|" + fold(fields.get("institution") or "")
