from typing import Any
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.core.errors import WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.places import find_city
from crm.organisations.forms import OrganisationForm
from crm.organisations.models import Organisation, OrganisationName
from crm.organisations.queries import name_key
from crm.organisations.shown import NamesOf, city_line, names_of


def add_organisation(session: Session, actor: Actor, form: OrganisationForm) -> Organisation:
    _refuse_known_ror(session, form.ror)
    same = select(Organisation).where(
        col(Organisation.name_key) == name_key(form.name), col(Organisation.country) == form.country
    )
    if known := session.exec(same).first():
        raise WrongField("name", _l("%(name)s is in the directory already.", name=known.name))
    organisation = Organisation(**_columns(form), **_place(form))
    session.add(organisation)
    session.flush()
    _set_names(session, organisation.id, form)
    record(session, actor, "added", organisation)
    return organisation


def change_organisation(session: Session, actor: Actor, organisation: Organisation, form: OrganisationForm) -> None:
    """Coordinates follow the city; a place that was not touched keeps the ones it has."""
    _refuse_known_ror(session, form.ror, but=organisation.id)
    moved = (form.city or "", form.country) != (city_line(organisation), organisation.country)
    changes = _set_names(session, organisation.id, form)
    changes |= change(organisation, _columns(form) | (_place(form) if moved else {}))
    if changes:
        # Names stand in rows of their own; whoever has the form open must see that the record is newer.
        flag_modified(organisation, "name")
        changes.pop("name_key", None)
        record(session, actor, "changed", organisation, changes)


def _refuse_known_ror(session: Session, ror: str | None, but: UUID | None = None) -> None:
    other = session.exec(select(Organisation).where(col(Organisation.ror) == ror)).first() if ror else None
    if other and other.id != but:
        raise WrongField("ror", _l("%(name)s has this ROR ID already.", name=other.name))


def _columns(form: OrganisationForm) -> dict[str, Any]:
    columns = form.model_dump(include={"name", "kind", "ror", "country", "website"})
    return {**columns, "name_key": name_key(form.name)}


def _place(form: OrganisationForm) -> dict[str, Any]:
    """The city that the gazetteer takes it for; else as written, without coordinates."""
    place = find_city(form.city, form.country) if form.city else None
    return {
        "city": place.name if place else form.city,
        "region": place.region if place else None,
        "geonames_id": place.geonames_id if place else None,
        "latitude": place.lat if place else None,
        "longitude": place.lon if place else None,
    }


def _set_names(session: Session, organisation_id: UUID, form: OrganisationForm) -> dict[str, Any]:
    """Names of other languages keep their language as long as their line stays."""
    sorted_out = NamesOf(names_of(session, organisation_id))
    languages: dict[str, set[str]] = {}
    for row in sorted_out.others:
        languages.setdefault(row.name, set()).add(row.language)
    wanted = {(each, line) for line in form.other_names.split("\n") if line for each in languages.get(line, {""})}
    wanted |= {(language, name) for language, name in (("en", form.name_en), ("ja", form.name_ja)) if name}
    present = {(row.language, row.name): row for row in sorted_out.rows}
    gone, new = sorted(present.keys() - wanted), sorted(wanted - present.keys())
    for pair in gone:
        session.delete(present[pair])
    for language, name in new:
        row = OrganisationName(organisation_id=organisation_id, language=language, name=name, name_key=name_key(name))
        session.add(row)
    return {"names": [[name for _, name in gone], [name for _, name in new]]} if gone or new else {}
