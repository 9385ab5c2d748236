"""Proposals from outside: kept apart until the mission has looked at them."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import Office
from crm.accounts.permissions import Permission
from crm.core.errors import Forbidden, Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.places import country_codes
from crm.listings.actions.drafting import draft_listing
from crm.listings.actions.moves import office_settings
from crm.listings.forms import AcceptForm, NominationForm, ProposalForm
from crm.listings.models import Listing, Nomination
from crm.listings.queries.nominations import UNCONFIRMED, entry_from
from crm.people.actions.batch import add_people
from crm.people.actions.tagging import tag_people
from crm.people.forms import BulkForm
from crm.people.keys import refresh_search_keys
from crm.people.models import Basis, ContactKind, ContactPoint, ContactState, Person
from crm.people.queries.visible import holding_of, visible_person
from crm.privacy.actions.consents import Consent, give_consent
from crm.privacy.models import Purpose

CONSENT_DAYS = 730
"""An interest is somebody's for two years: the page where it is left says so."""
_ASIDE = {"by_self", "nominator", "website"}


def nominate(session: Session, office: Office, form: NominationForm) -> Nomination | None:
    """Keep a proposal; None for what a program filled in, to which the page says the same."""
    if not office_settings(session, office.id).nominations:
        raise Refused(_l("This mission does not take proposals here at present."))
    if form.country not in country_codes():
        raise WrongField("country", _l("Please choose one of the options."))
    if form.website:
        return None
    fields = form.model_dump(mode="json", exclude=_ASIDE, exclude_none=True)
    nomination = Nomination(office_id=office.id, by_self=form.by_self, nominator=form.nominator, fields=fields)
    session.add(nomination)
    session.flush()
    record(session, None, "added", nomination)
    return nomination


def propose(session: Session, actor: Actor, form: ProposalForm) -> Nomination:
    """By a fellow, say; the attaché decides."""
    if not actor.may(Permission.LISTINGS_PROPOSE):
        raise Forbidden()
    if form.country not in country_codes():
        raise WrongField("country", _l("Please choose one of the options."))
    fields = form.model_dump(mode="json", exclude=_ASIDE, exclude_none=True)
    nomination = Nomination(
        office_id=actor.office_id, by_self=False, nominator=actor.name, proposed_by=actor.user_id, fields=fields
    )
    session.add(nomination)
    session.flush()
    record(session, actor, "added", nomination)
    return nomination


def proposals_of(session: Session, actor: Actor) -> Sequence[Nomination]:
    """The reader's own, newest first."""
    own = select(Nomination).where(Nomination.proposed_by == actor.user_id, Nomination.office_id == actor.office_id)
    return session.exec(own.order_by(col(Nomination.id).desc()).limit(100)).all()


def own_nomination(session: Session, actor: Actor, nomination_id: UUID) -> Nomination:
    wanted = select(Nomination).where(
        Nomination.id == nomination_id, Nomination.office_id == actor.office_id, Nomination.state != UNCONFIRMED
    )
    nomination = session.exec(wanted.with_for_update()).first()
    if nomination is None:
        raise Missing()
    return nomination


def approve(
    session: Session, actor: Actor, nomination: Nomination, form: AcceptForm
) -> tuple[Person, Listing | None]:  # fmt: skip
    """Make the person, or take up the one that somebody has found to be the same: never by the name alone.

    A proposal becomes a draft; consent is asked for as of anybody else, for who filled in the form is not proven. An
    interest brings the consents that came with it.
    """
    _check_open(actor, nomination)
    person = _known(session, actor, nomination, form.person) if form.person else _made(session, actor, nomination)
    nomination.person_id, nomination.state = person.id, "approved"
    _keep_consents(session, nomination, person)
    if form.tag:
        tag_people(session, actor, BulkForm(name=form.tag, ids=[person.id]))
    session.flush()
    record(session, actor, "applied", nomination)
    return person, None if nomination.is_interest else draft_listing(session, actor, person)


def _made(session: Session, actor: Actor, nomination: Nomination) -> Person:
    basis = Basis.CONSENT if nomination.is_interest else Basis.NOMINATION
    [person_id] = add_people(session, actor, [entry_from(nomination)], basis)
    person = session.get_one(Person, person_id)
    person.preferred_language = nomination.fields.get("language")
    return person


def _known(session: Session, actor: Actor, nomination: Nomination, person_id: UUID) -> Person:
    """Missing for whom the office does not hold. The record stays as it is; the address is added, or works again."""
    person, email = visible_person(session, actor, person_id), nomination.fields.get("email")
    if holding_of(session, actor, person_id) is None:
        raise Missing()
    person.preferred_language = person.preferred_language or nomination.fields.get("language")
    if email:
        mine = select(ContactPoint).where(
            ContactPoint.person_id == person.id, ContactPoint.office_id == actor.office_id, ContactPoint.value == email
        )
        point = session.exec(mine).first() or ContactPoint(
            person_id=person.id, office_id=actor.office_id, kind=ContactKind.EMAIL, value=email
        )
        if nomination.is_interest:
            point.state = ContactState.OK
        session.add(point)
        session.flush()
        refresh_search_keys(session, [person.id])
    return person


def _keep_consents(session: Session, nomination: Nomination, person: Person) -> None:
    agreed, given_at = nomination.agreed, nomination.confirmed_at
    if not given_at:
        return
    for purpose in agreed.get("purposes", []):
        consent = Consent(
            Purpose(purpose), agreed["language"], text_version=agreed["version"], given_at=given_at,
            expires_at=given_at + timedelta(days=CONSENT_DAYS), evidence=nomination.came_from or None,
        )  # fmt: skip
        give_consent(session, None, person.id, nomination.office_id, consent)


def turn_down(session: Session, actor: Actor, nomination: Nomination) -> None:
    """What was typed is deleted; that there was a proposal stays."""
    _check_open(actor, nomination)
    # The office's own proposer still sees of whom the office thought otherwise.
    kept = {"full_name": nomination.fields["full_name"]} if nomination.proposed_by else {}
    nomination.fields, nomination.agreed, nomination.nominator = kept, {}, None
    nomination.state = "declined"
    session.flush()
    record(session, actor, "answered", nomination)


def _check_open(actor: Actor, nomination: Nomination) -> None:
    if not actor.may(Permission.LISTINGS_EDIT):
        raise Forbidden()
    if nomination.state != "open":
        raise Refused(_l("This proposal has been dealt with already."))
