"""Organisations by the batch, from files: new ones are added, known ones get what they lack and keep what they have."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from crm.core.columns import new_id, now
from crm.organisations.entries import OrganisationEntry
from crm.organisations.models import Organisation, OrganisationName
from crm.organisations.queries import name_key

_COLUMNS = ("ror", "region", "country", "website")
_PLACE = ("city", "geonames_id", "latitude", "longitude")


@dataclass(slots=True)
class Counts:
    added: int = 0
    filled: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class _Known:
    by_ror: dict[str, Organisation] = field(default_factory=dict)
    by_name: dict[tuple[str, str | None], Organisation] = field(default_factory=dict)
    names: dict[UUID, set[tuple[str, str]]] = field(default_factory=dict)

    def find(self, entry: OrganisationEntry) -> Organisation | None:
        """By the ROR id; else by the name, unless that one has another ROR id."""
        if entry.ror and entry.ror in self.by_ror:
            return self.by_ror[entry.ror]
        named = self.by_name.get((name_key(entry.name), entry.country))
        return None if named is None or (named.ror and entry.ror) else named

    def keep(self, organisation: Organisation) -> None:
        if organisation.ror:
            self.by_ror[organisation.ror] = organisation
        self.by_name.setdefault((organisation.name_key, organisation.country), organisation)


def store_entries(session: Session, entries: Sequence[OrganisationEntry], counts: Counts) -> None:
    """Meant for some hundreds of entries at a time."""
    known = _known(session, entries)
    new_names: list[dict[str, object]] = []
    for entry in entries:
        organisation = known.find(entry)
        if organisation is None:
            organisation = _added(session, entry)
            counts.added += 1
            changed = None
        else:
            changed = _fill(organisation, entry)
        known.keep(organisation)
        lacking = _lacking(entry, known.names.setdefault(organisation.id, set()))
        new_names += [_name_row(organisation.id, language, name) for language, name in lacking]
        if changed is not None:
            counts.filled += bool(changed or lacking)
            counts.unchanged += not (changed or lacking)
    session.flush()
    if new_names:
        session.execute(insert(OrganisationName), new_names)


def _added(session: Session, entry: OrganisationEntry) -> Organisation:
    values = {name: getattr(entry, name) for name in (*_COLUMNS, *_PLACE, "kind", "source")}
    organisation = Organisation(name=entry.name, name_key=name_key(entry.name), **values)
    session.add(organisation)
    return organisation


def _fill(organisation: Organisation, entry: OrganisationEntry) -> bool:
    """A place comes whole: coordinates of another city would be wrong."""
    columns = [*_COLUMNS]
    if organisation.city is None or (organisation.latitude is None and organisation.city == entry.city):
        columns += _PLACE
    changed = False
    for name in columns:
        if getattr(organisation, name) is None and getattr(entry, name) is not None:
            setattr(organisation, name, getattr(entry, name))
            changed = True
    return changed


def _lacking(entry: OrganisationEntry, present: set[tuple[str, str]]) -> list[tuple[str, str]]:
    lacking = [pair for pair in dict.fromkeys(entry.names) if pair not in present]
    present.update(lacking)
    return lacking


def _name_row(organisation_id: UUID, language: str, name: str) -> dict[str, object]:
    return {
        "id": new_id(),
        "created_at": now(),
        "organisation_id": organisation_id,
        "language": language,
        "name": name,
        "name_key": name_key(name),
    }


def _known(session: Session, entries: Iterable[OrganisationEntry]) -> _Known:
    entries = list(entries)
    rors = {entry.ror for entry in entries if entry.ror}
    keys = {name_key(entry.name) for entry in entries}
    wanted = col(Organisation.ror).in_(rors) | col(Organisation.name_key).in_(keys)
    known = _Known()
    ids = []
    for organisation in session.exec(select(Organisation).where(wanted).order_by(col(Organisation.id))):
        known.keep(organisation)
        ids.append(organisation.id)
    rows = session.exec(select(OrganisationName).where(col(OrganisationName.organisation_id).in_(ids)))
    for row in rows:
        known.names.setdefault(row.organisation_id, set()).add((row.language, row.name))
    return known
