"""What the mission decides: publish, hide, withdraw on a person's word, and a consent that it holds already."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.models import Office
from crm.accounts.permissions import Permission
from crm.approvals.queries import needs_approval
from crm.core.columns import now
from crm.core.errors import Forbidden, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.listings.actions.moves import ALL_PURPOSES, confirm_until, move, office_settings, own_listings, take_down
from crm.listings.fields import known_fields
from crm.listings.forms import HeldConsentForm
from crm.listings.models import Listing, ListingState
from crm.listings.snapshots import snapshot_of, write_snapshot
from crm.people.letters import language_of
from crm.people.models import Person
from crm.privacy.actions import Consent, give_consent, withdraw_consent
from crm.privacy.models import Purpose
from crm.privacy.queries import consent_to

PUBLICATION = "publication"
HELD_TEXT = "held"
"""Text version of a consent that was not given on our own sentence."""


def record_consent(session: Session, actor: Actor, listing: Listing, form: HeldConsentForm) -> None:
    """Write down a consent given by mail, phone, paper …; on-line confirmation can be asked for later."""
    _check(actor, Permission.LISTINGS_EDIT)
    if listing.ended_at and form.given_at <= listing.ended_at:
        raise Refused(_l("This person has declined or withdrawn since that day."))
    person = session.get_one(Person, listing.person_id)
    withdraw_consent(session, actor, person.id, listing.office_id, ALL_PURPOSES)
    listing.fields = known_fields(form.fields)
    listing.search_engines, listing.bulk_reuse, listing.relay = form.search_engines, form.bulk_reuse, False
    wishes = {
        Purpose.PUBLIC_LISTING: True,
        Purpose.SEARCH_ENGINES: form.search_engines,
        Purpose.BULK_REUSE: form.bulk_reuse,
    }
    for purpose in (purpose for purpose, given in wishes.items() if given):
        consent = Consent(
            purpose,
            language_of(person),
            form.channel,
            fields=tuple(listing.fields),
            text_version=HELD_TEXT,
            given_at=form.given_at,
            evidence=form.evidence,
        )
        give_consent(session, actor, person.id, listing.office_id, consent)
    listing.confirmed_at, listing.ended_at = form.given_at, None
    confirm_until(session, listing)
    _allow_grace(session, listing)
    write_snapshot(session, listing)
    after = ListingState.PUBLISHED if listing.state.is_public else ListingState.AGREED
    move(session, actor, listing, after, "recorded_consent", channel=form.channel, note=form.evidence)


def _allow_grace(session: Session, listing: Listing) -> None:
    """An old consent still counts, but its on-line confirmation is due as soon as the grace allows."""
    soon = now() + timedelta(days=office_settings(session, listing.office_id).grace_days)
    if listing.confirm_by and listing.confirm_by < soon:
        listing.confirm_by = soon


def publish(session: Session, actor: Actor, listing: Listing, *, approved: bool = False) -> None:
    """Make the confirmed entry public. Needs a consent in force, no other mission's public entry, and the approval
    that the office may want.
    """
    _check(actor, Permission.LISTINGS_PUBLISH)
    if not approved and needs_approval(session, actor.office_id, PUBLICATION):
        raise Refused(_l("Your office wants this approved first."))
    if listing.state.is_public:
        return
    consent = consent_to(session, listing.person_id, Purpose.PUBLIC_LISTING, listing.office_id)
    if consent is None or listing.confirmed_at is None:
        raise Refused(_l("There is no consent in force for this entry. Please ask for it first."))
    if listing.state not in (ListingState.AGREED, ListingState.HIDDEN):
        raise Refused(_l("There is no consent in force for this entry. Please ask for it first."))
    if listing.confirm_by and listing.confirm_by < now():
        raise Refused(_l("The last confirmation is too old. Please ask the person to confirm the entry again."))
    _check_no_other(session, listing)
    snapshot = snapshot_of(session, listing) or write_snapshot(session, listing)
    snapshot.public, snapshot.changed_at, snapshot.withdrawn_at = True, now(), None
    listing.published_at = now()
    move(session, actor, listing, ListingState.PUBLISHED, "published")


def publish_all(
    session: Session, actor: Actor, ids: Sequence[UUID], *, approved: bool = False
) -> tuple[int, list[tuple[str, str]]]:
    """How many were published, and (name, why not) of the others: one that cannot be does not stop the rest."""
    done, refused = 0, []
    for listing in own_listings(session, actor, ids):
        if listing.state is not ListingState.AGREED:
            continue
        try:
            with session.begin_nested():
                publish(session, actor, listing, approved=approved)
                session.flush()
            done += 1
        except Refused as reason:
            refused.append((session.get_one(Person, listing.person_id).full_name, str(reason)))
    return done, refused


def _check_no_other(session: Session, listing: Listing) -> None:
    """The person's row is the lock: of two missions that publish at once, the second sees the first."""
    session.exec(select(Person).where(Person.id == listing.person_id).with_for_update()).one()
    public = (ListingState.PUBLISHED, ListingState.DUE)
    others = (
        select(Office)
        .join(Listing, col(Listing.office_id) == col(Office.id))
        .where(Listing.person_id == listing.person_id, Listing.id != listing.id, col(Listing.state).in_(public))
    )
    other = session.exec(others).first()
    if other:
        sentence = _l("This person is already public on the list of another mission (%(office)s).", office=other.name)
        raise Refused(sentence)


def hide(session: Session, actor: Actor, listing: Listing) -> None:
    """Take an entry out of the public for a while; the consent stays."""
    _check(actor, Permission.LISTINGS_PUBLISH)
    if not listing.state.is_public:
        raise Refused(_l("This entry is not public."))
    take_down(session, listing, withdrawn=False)
    move(session, actor, listing, ListingState.HIDDEN, "hidden")


def withdraw(session: Session, actor: Actor, listing: Listing) -> None:
    """The person said so by another channel than the door: consent and entry end at once."""
    _check(actor, Permission.LISTINGS_EDIT)
    if listing.state in (ListingState.DECLINED, ListingState.WITHDRAWN):
        return
    withdraw_consent(session, actor, listing.person_id, listing.office_id, ALL_PURPOSES)
    take_down(session, listing, withdrawn=True)
    listing.ended_at = now()
    move(session, actor, listing, ListingState.WITHDRAWN, "withdrawn")


def _check(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden()
