"""A consent counts while it is in force, and for its purpose alone."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from crm.core.columns import now
from crm.core.errors import Refused
from crm.privacy.actions import Consent, give_consent, withdraw_consent
from crm.privacy.models import Purpose
from crm.privacy.queries import consent_to, may
from tests.factories.accounts import an_actor
from tests.factories.listings import a_person

pytestmark = pytest.mark.both
LISTED = Consent(Purpose.PUBLIC_LISTING, "ja", fields=("title",))


def test_a_consent_counts_for_its_purpose_until_it_is_withdrawn(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor)
    give_consent(session, actor, person.id, actor.office_id, LISTED)
    assert may(session, person.id, Purpose.PUBLIC_LISTING)
    assert not may(session, person.id, Purpose.BULK_REUSE)
    assert withdraw_consent(session, actor, person.id, actor.office_id, [Purpose.PUBLIC_LISTING]) == 1
    assert not may(session, person.id, Purpose.PUBLIC_LISTING)


def test_an_expired_consent_no_longer_counts(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor)
    ended = Consent(Purpose.PUBLIC_LISTING, "en", expires_at=now() - timedelta(minutes=1))
    give_consent(session, actor, person.id, actor.office_id, ended)
    assert not may(session, person.id, Purpose.PUBLIC_LISTING)


def test_a_consent_was_given_to_one_office(session: Session) -> None:
    boston, london = an_actor(session), an_actor(session, office_code="uk")
    person = a_person(session, boston)
    receipt = give_consent(session, boston, person.id, boston.office_id, LISTED)
    assert consent_to(session, person.id, Purpose.PUBLIC_LISTING, boston.office_id) == receipt
    assert consent_to(session, person.id, Purpose.PUBLIC_LISTING, london.office_id) is None


def test_a_consent_cannot_lie_in_the_future(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor)
    tomorrow = Consent(Purpose.PUBLIC_LISTING, "ja", given_at=now() + timedelta(days=1))
    with pytest.raises(Refused):
        give_consent(session, actor, person.id, actor.office_id, tomorrow)
