from uuid import UUID

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.permissions import Permission
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.imports.models import ImportFile, ImportRow
from crm.listings.fields import LISTING_FIELDS, known_fields
from crm.listings.forms import FieldsForm
from crm.listings.models import Listing, ListingState
from crm.people.models import Holding, Person

OVER = (ListingState.DECLINED, ListingState.WITHDRAWN)


def draft_listing(session: Session, actor: Actor, person: Person) -> Listing:
    """Begin an entry for a person whom the office holds; the one that is open already is given back.

    Whoever declined or withdrew is not asked again: their own link, or their word on paper, opens the entry anew.
    """
    if not actor.may(Permission.LISTINGS_PROPOSE):
        raise Forbidden()
    held = select(Holding).where(
        Holding.person_id == person.id, Holding.office_id == actor.office_id, col(Holding.until).is_(None)
    )
    if session.exec(held).first() is None:
        raise Missing()
    session.exec(select(Person).where(Person.id == person.id).with_for_update()).one()
    mine = select(Listing).where(Listing.person_id == person.id, Listing.office_id == actor.office_id)
    listing = session.exec(mine.order_by(col(Listing.id).desc())).first()
    if listing and listing.state in OVER:
        raise Refused(_l("This person has declined or withdrawn; only they can come back to it."))
    if listing is None:
        listing = Listing(person_id=person.id, office_id=actor.office_id, fields=list(LISTING_FIELDS))
        session.add(listing)
        session.flush()
        record(session, actor, "drafted", listing)
    return listing


def choose_fields(session: Session, actor: Actor, listing: Listing, form: FieldsForm) -> None:
    """Which fields the mission proposes; the person decides."""
    before, listing.fields = listing.fields, known_fields(form.proposed)
    session.flush()
    record(session, actor, "changed", listing, {"fields": [before, listing.fields]})


def draft_for_import(session: Session, actor: Actor, file_id: UUID) -> int:
    """Draft an entry for everybody whom an import of the own office brought; who refused before is left in peace."""
    brought = (
        select(Person)
        .join(ImportRow, col(ImportRow.person_id) == col(Person.id))
        .join(ImportFile, col(ImportFile.id) == col(ImportRow.file_id))
        .where(ImportRow.file_id == file_id, ImportFile.office_id == actor.office_id)
        .order_by(col(ImportRow.position))
    )
    drafted = 0
    for person in session.exec(brought).all():
        try:
            draft_listing(session, actor, person)
        except Refused:
            continue
        drafted += 1
    return drafted
