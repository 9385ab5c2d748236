"""Listings in every state, so that each page has something to show. Only the first few hundred people get one."""

import random
from datetime import date, timedelta

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.listings.actions.drafting import draft_listing
from crm.listings.actions.publishing import hide, publish, record_consent, withdraw
from crm.listings.actions.requests import request_consent
from crm.listings.fields import LISTING_FIELDS
from crm.listings.forms import HeldConsentForm
from crm.people.models import Holding, Person
from crm.privacy.models import Channel

MOST_PER_MISSION = 60
BASE_URL = "http://localhost:8000"
_STATES = ["published"] * 10 + ["agreed", "awaiting", "hidden", "draft", "withdrawn", "draft"]


def list_some(session: Session, actors: list[Actor], seed: int) -> int:
    """Returns the number of listings made; most are published, every mission has some in other states."""
    dice = random.Random(seed)
    made = 0
    for actor in actors:
        held = select(Person).join(Holding, col(Holding.person_id) == col(Person.id))
        mine = held.where(Holding.office_id == actor.office_id).order_by(col(Person.id)).limit(MOST_PER_MISSION)
        for number, person in enumerate(session.exec(mine)):
            _bring_to(session, actor, person, _STATES[number % len(_STATES)], dice)
            made += 1
    return made


def _bring_to(session: Session, actor: Actor, person: Person, state: str, dice: random.Random) -> None:
    listing = draft_listing(session, actor, person)
    session.flush()
    if state == "draft":
        return
    if state == "awaiting":
        request_consent(session, actor, BASE_URL, [listing.id])
        return
    given_on = now().date() - timedelta(days=dice.randint(5, 300))
    record_consent(session, actor, listing, _consent(given_on, dice))
    if state != "agreed":
        publish(session, actor, listing)
    if state in ("hidden", "withdrawn"):
        {"hidden": hide, "withdrawn": withdraw}[state](session, actor, listing)


def _consent(given_on: date, dice: random.Random) -> HeldConsentForm:
    return HeldConsentForm.model_validate(
        {
            "given_on": given_on,
            "channel": dice.choice(list(Channel)),
            "evidence": "架空の記録 (fictional)",
            "fields": list(LISTING_FIELDS),
            "search_engines": dice.random() < 0.7,
            "bulk_reuse": dice.random() < 0.5,
        }
    )
