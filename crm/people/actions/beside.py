"""The rows beside a record, one at a time: each change counts as one of the record, and is found again."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.core.columns import now
from crm.core.errors import Forbidden, Missing, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.names import script_of
from crm.organisations.queries import OrganisationIndex
from crm.people.actions.change import Conflict
from crm.people.beside import BesideForm, ContactForm, NameForm, PostForm
from crm.people.keys import refresh_search_keys
from crm.people.models import BY_HAND, Affiliation, ContactPoint, Person, PersonName
from crm.people.models.sources import Stated
from crm.people.queries.visible import holding_of
from crm.vocabularies.queries import position_class

Beside = TypeVar("Beside", Affiliation, ContactPoint, PersonName)


def save_post(session: Session, actor: Actor, person: Person, post: Affiliation | None, form: PostForm) -> None:
    _open_for(session, actor, person, form)
    known = OrganisationIndex(session).find(form.institution, form.country)
    values = form.model_dump(exclude={"version"})
    values["organisation_id"] = known.id if known else None
    values["title_class"] = position_class(form.title) if form.title else None
    values["verified_on"] = now().date()
    if form.main:
        _only_main(session, actor, person, but=post)
    _save(session, actor, person, post or Affiliation(person_id=person.id, office_id=actor.office_id), values)


def save_contact(session: Session, actor: Actor, person: Person, point: ContactPoint | None, form: ContactForm) -> None:
    _open_for(session, actor, person, form)
    same = select(ContactPoint).where(
        col(ContactPoint.person_id) == person.id,
        col(ContactPoint.office_id) == actor.office_id,
        col(ContactPoint.kind) == form.kind,
        col(ContactPoint.value) == form.value,
    )
    other = session.execute(same).scalars().first()
    if other is not None and other is not point:
        raise WrongField("value", _l("Your office has this already."))
    new = ContactPoint(person_id=person.id, office_id=actor.office_id, value=form.value)
    _save(session, actor, person, point or new, form.model_dump(exclude={"version"}))


def save_name(session: Session, actor: Actor, person: Person, name: PersonName | None, form: NameForm) -> None:
    """Legal, passport and former names are the office's own; the others are shared."""
    _open_for(session, actor, person, form)
    owner = actor.office_id if form.kind.is_restricted else None
    values = {"kind": form.kind, "full": form.full, "script": str(script_of(form.full)), "office_id": owner}
    _save(session, actor, person, name or PersonName(person_id=person.id, full=form.full), values)


def remove(session: Session, actor: Actor, person: Person, row: Any, form: BesideForm) -> None:
    _open_for(session, actor, person, form)
    session.delete(row)
    _written(session, actor, person, {row.__tablename__: [_said(row), None]})


def row_beside(session: Session, actor: Actor, person: Person, model: type[Beside], row_id: UUID) -> Beside:
    """Missing for a row of another person, or one that is another office's own."""
    row = session.get(model, row_id)
    if row is None or row.person_id != person.id or row.office_id not in (None, actor.office_id):
        raise Missing()
    return row


def _open_for(session: Session, actor: Actor, person: Person, form: BesideForm) -> None:
    if holding_of(session, actor, person.id) is None:
        raise Forbidden(_l("Your office does not hold this record, so it cannot change it."))
    session.refresh(person, with_for_update=True)
    if form.version != person.version:
        raise Conflict()


def _only_main(session: Session, actor: Actor, person: Person, but: Affiliation | None) -> None:
    mine = select(Affiliation).where(
        col(Affiliation.person_id) == person.id, col(Affiliation.office_id) == actor.office_id, col(Affiliation.main)
    )
    for other in session.execute(mine).scalars():
        other.main = other is but


def _save(session: Session, actor: Actor, person: Person, row: Any, values: dict[str, Any]) -> None:
    is_new = row not in session
    before = None if is_new else _said(row)
    changes = change(row, values)
    session.add(row)
    if is_new or changes.keys() - {"verified_on"}:
        if isinstance(row, Stated):
            row.source = BY_HAND.said_by(actor.office_id)
        _written(session, actor, person, {row.__tablename__: [before, _said(row)]})


def _written(session: Session, actor: Actor, person: Person, changes: dict[str, Any]) -> None:
    flag_modified(person, "full_name")
    session.flush()
    refresh_search_keys(session, [person.id])
    record(session, actor, "changed", person, changes)


def _said(row: Any) -> str:
    """The row in one line, for the history."""
    names = ("kind", "institution", "unit", "title", "value", "full", "state", "since", "until")
    values = (getattr(row, name, None) for name in names)
    return " · ".join(value.isoformat() if isinstance(value, date) else str(value) for value in values if value)
