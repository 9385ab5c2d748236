from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.accounts.forms import AddressForm
from crm.accounts.journal import record
from crm.listings.models import Listing
from crm.people.keys import refresh_search_keys
from crm.people.models import ContactKind, ContactPoint, ContactState, Person


def add_address(session: Session, actor: Actor, listing: Listing, form: AddressForm) -> ContactPoint:
    """An address of the mission's own; one that bounced before is tried again."""
    same = select(ContactPoint).where(
        ContactPoint.person_id == listing.person_id,
        ContactPoint.office_id == listing.office_id,
        ContactPoint.kind == ContactKind.EMAIL,
        ContactPoint.value == form.email,
    )
    point = session.exec(same).first()
    if point is None:
        point = ContactPoint(person_id=listing.person_id, office_id=listing.office_id, value=form.email)
        session.add(point)
    point.state = ContactState.OK
    refresh_search_keys(session, [listing.person_id])
    record(session, actor, "changed", session.get_one(Person, listing.person_id), {"email": form.email})
    return point
