"""What a listed person does at their own door. The signed link is the proof; nothing here knows an actor."""

from sqlmodel import Session, select

from crm.accounts.models import Office, SignedLink
from crm.core.columns import now
from crm.core.errors import Missing, Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.mail import post
from crm.listings.actions.corrections import correct_record
from crm.listings.actions.moves import ALL_PURPOSES, confirm_until, move, office_settings, take_down
from crm.listings.fields import known_fields
from crm.listings.forms import AnswerForm
from crm.listings.letters import thanks
from crm.listings.models import Listing, ListingState
from crm.listings.queries.asking import addressee_of
from crm.listings.snapshots import write_snapshot
from crm.privacy.actions import Consent, give_consent, withdraw_consent
from crm.privacy.models import Purpose


def answer(session: Session, link: SignedLink, address: str, form: AnswerForm) -> Listing:
    """``address`` is the door itself, for the letter of thanks.

    Raises ``Refused`` when the entry has changed since it was shown: two people, or two tabs, answered at once.
    """
    listing = session.exec(select(Listing).where(Listing.id == link.subject_id).with_for_update()).first()
    if listing is None:
        raise Missing()
    session.refresh(listing)
    if listing.version != form.version:
        raise Refused(_l("This entry was changed a moment ago, perhaps in another window. Please look at it again."))
    listing.opened_at = listing.opened_at or now()
    if form.act == "withdraw":
        withdraw_by_person(session, listing)
    elif form.act == "decline":
        _decline(session, listing)
    else:
        correct_record(session, listing, form)
        if form.act == "show":
            _keep_choice(listing, form)
        else:
            _agree(session, listing, form)
            _say_thanks(session, link, listing, address)
    link.opened_at = link.opened_at or now()
    link.used_at = now()
    session.flush()
    return listing


def _keep_choice(listing: Listing, form: AnswerForm) -> None:
    listing.fields = known_fields(form.fields)
    listing.search_engines, listing.bulk_reuse, listing.relay = form.search_engines, form.bulk_reuse, form.relay


def _agree(session: Session, listing: Listing, form: AnswerForm) -> None:
    _keep_choice(listing, form)
    if not office_settings(session, listing.office_id).relay:
        listing.relay = False
    withdraw_consent(session, None, listing.person_id, listing.office_id, ALL_PURPOSES)
    language = addressee_of(session, listing).language
    wishes = {
        Purpose.PUBLIC_LISTING: True,
        Purpose.SEARCH_ENGINES: listing.search_engines,
        Purpose.BULK_REUSE: listing.bulk_reuse,
        Purpose.RELAY: listing.relay,
    }
    for purpose in (purpose for purpose, given in wishes.items() if given):
        consent = Consent(purpose, language, fields=tuple(listing.fields))
        give_consent(session, None, listing.person_id, listing.office_id, consent)
    listing.confirmed_at, listing.ended_at = now(), None
    confirm_until(session, listing)
    write_snapshot(session, listing)
    after = ListingState.PUBLISHED if listing.state.is_public else ListingState.AGREED
    move(session, None, listing, after, "confirmed")


def _decline(session: Session, listing: Listing) -> None:
    """A refusal also ends what is public: it is the stronger word."""
    withdraw_consent(session, None, listing.person_id, listing.office_id, ALL_PURPOSES)
    take_down(session, listing, withdrawn=True)
    listing.ended_at = now()
    move(session, None, listing, ListingState.DECLINED, "answered")


def withdraw_by_person(session: Session, listing: Listing) -> None:
    withdraw_consent(session, None, listing.person_id, listing.office_id, ALL_PURPOSES)
    take_down(session, listing, withdrawn=True)
    listing.ended_at = now()
    move(session, None, listing, ListingState.WITHDRAWN, "withdrawn")


def _say_thanks(session: Session, link: SignedLink, listing: Listing, address: str) -> None:
    addressee = addressee_of(session, listing)
    if addressee.email:
        office = session.get_one(Office, listing.office_id)
        until = link.expires_at.date()
        letter = thanks(addressee, office, address, until)
        post(session, letter, office_id=office.id, person_id=listing.person_id)
