"""Proposals from outside: kept apart until the mission has looked at them."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.accounts.models import Office
from crm.accounts.permissions import Permission
from crm.core.errors import Forbidden, Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.places import country_codes
from crm.listings.actions.corrections import split_keywords
from crm.listings.actions.drafting import draft_listing
from crm.listings.actions.moves import office_settings
from crm.listings.forms import NominationForm, ProposalForm
from crm.listings.models import Listing, Nomination
from crm.people.actions.batch import add_people
from crm.people.entries import PersonEntry
from crm.people.models import Basis, Person

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
    wanted = select(Nomination).where(Nomination.id == nomination_id, Nomination.office_id == actor.office_id)
    nomination = session.exec(wanted.with_for_update()).first()
    if nomination is None:
        raise Missing()
    return nomination


def approve(session: Session, actor: Actor, nomination: Nomination) -> Listing:
    """Make the person and a draft. Consent is asked for as of anybody else: who filled in the form is not proven."""
    _check_open(actor, nomination)
    said = nomination.fields
    entry = PersonEntry(
        full_name=said["full_name"],
        kanji=said.get("kanji"),
        title=said.get("title"),
        institution=said["institution"],
        unit=said.get("unit"),
        city=said.get("city"),
        country=said["country"],
        research_fields=tuple(split_keywords(said.get("keywords"))),
        email=said.get("email"),
        note=said.get("note"),
        links=(said["page"],) if said.get("page") else (),
    )
    [person_id] = add_people(session, actor, [entry], Basis.NOMINATION)
    person = session.get_one(Person, person_id)
    nomination.person_id, nomination.state = person.id, "approved"
    record(session, actor, "applied", nomination)
    return draft_listing(session, actor, person)


def turn_down(session: Session, actor: Actor, nomination: Nomination) -> None:
    """What was typed is deleted; that there was a proposal stays."""
    _check_open(actor, nomination)
    # The office's own proposer still sees of whom the office thought otherwise.
    kept = {"full_name": nomination.fields["full_name"]} if nomination.proposed_by else {}
    nomination.fields, nomination.nominator, nomination.state = kept, None, "declined"
    session.flush()
    record(session, actor, "answered", nomination)


def _check_open(actor: Actor, nomination: Nomination) -> None:
    if not actor.may(Permission.LISTINGS_EDIT):
        raise Forbidden()
    if nomination.state != "open":
        raise Refused(_l("This proposal has been dealt with already."))
