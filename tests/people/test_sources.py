"""Each fact tells where it is from; another office's lists are never named; merges and back keep it."""

from typing import Any

import pytest
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.listings.actions.corrections import correct_record
from crm.listings.forms import CorrectionForm
from crm.people.actions import change_person
from crm.people.actions.merge import undo_merge
from crm.people.forms import PersonForm
from crm.people.models import Interest, Origin, Person, Source
from crm.people.queries.record import record_of
from crm.people.queries.sources import sources_of
from crm.vocabularies.models import Scheme
from crm.vocabularies.queries import terms_of
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.listings import a_listing
from tests.factories.people import a_person, a_share
from tests.people.test_merging import everything, merged

pytestmark = pytest.mark.both
LIST = Source(Origin.IMPORT, "boston.xlsx", 7)


def told(session: Session, actor: Actor, person: Person) -> dict[str, list[str]]:
    session.flush()
    found: dict[str, list[str]] = {}
    for one in sources_of(session, actor, person.id):
        found.setdefault(one.where, []).extend(text for _label, text in one.facts)
        assert one.on in (None, now().date())
    return found


def changed(session: Session, actor: Actor, person: Person, source: Source, **values: Any) -> None:
    stored = record_of(session, actor, person.id).form_values()
    form = PersonForm.model_validate({**stored, **values})
    change_person(session, actor, person, form, source)


def test_what_a_list_an_office_and_orcid_said_is_told_apart(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor, kana=None, source=LIST)
    where = "Your list boston.xlsx, row 7"
    assert list(told(session, actor, person)) == [where]
    changed(session, actor, person, Source(Origin.ORCID), research_fields="quantum information\noptics")
    changed(session, actor, person, Source(), title="Professor", kana="タカセ マリ")
    found = told(session, actor, person)
    assert found["ORCID"] == ["optics"]
    assert found["Your office, by hand"] == [
        "タカセ マリ", "Northbridge University · Quantum Information Center · Professor",
    ]  # fmt: skip
    assert "quantum information" in found[where] and "TAKASE Mari" in found[where]


def test_coded_fields_and_what_somebody_is_open_to_have_a_source_too(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor, source=LIST)
    field = terms_of(session, Scheme.KAKENHI)[-1]
    changed(session, actor, person, Source(Origin.PERSON), open_to=["talks"], kakenhi=[field.code])
    labelled = [(label, text) for one in sources_of(session, actor, person.id) for label, text in one.facts]
    [talks] = [term for term in terms_of(session, Scheme.OPEN_TO) if term.code == "talks"]
    assert ("Open to", talks.name) in labelled
    assert ("KAKENHI section", field.name) in labelled


def test_the_lists_of_other_offices_are_not_named(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston, source=LIST, former="OLD Secret")
    a_share(session, person, boston, berlin)
    found = told(session, berlin, person)
    assert set(found) == {"Shared facts; who noted them is not shown"}
    assert "OLD Secret" not in found["Shared facts; who noted them is not shown"]
    assert "OLD Secret" in told(session, boston, person)["Your list boston.xlsx, row 7"]


def test_what_the_person_corrected_is_theirs(session: Session) -> None:
    actor = an_actor(session)
    listing = a_listing(session, actor)
    person = session.get_one(Person, listing.person_id)
    stored = record_of(session, actor, person.id).form_values()
    names = {name: stored[name] for name in ("full_name", "kanji", "kana", "latin", "title", "institution", "city")}
    correct_record(session, listing, CorrectionForm(**{**names, "unit": "New Laboratory", "keywords": "optics"}))
    found = told(session, actor, person)
    assert "optics" in found["The person"] and any("New Laboratory" in fact for fact in found["The person"])


def test_a_merge_and_its_undoing_keep_the_sources(session: Session) -> None:
    actor = an_actor(session)
    kept = a_person(session, actor)
    lost = a_person(session, actor, full_name="MARIE Other", research_fields=("optics",), source=LIST)
    before = everything(session)
    merge = merged(session, actor, kept, lost)
    assert "optics" in told(session, actor, kept)["Your list boston.xlsx, row 7"]
    assert undo_merge(session, actor, merge.id)[1] == []
    assert everything(session) == before


def test_what_stood_there_before_is_said_to_be_unknown(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor)
    for row in session.exec(select(Interest)):
        row.source = {}
    assert told(session, actor, person)["Noted before sources were kept"] == ["quantum information"]


def test_the_record_leads_to_its_sources(sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        person = a_person(session, an_actor(session), source=LIST)
    desk = sign_in("fellow")
    assert f"/people/{person.id}/sources" in desk.get(f"/people/{person.id}").text
    shown = desk.get(f"/people/{person.id}/sources").text
    assert "boston.xlsx, row 7" in shown
    assert sign_in("attache", "de-ber-test").get(f"/people/{person.id}/sources").status_code == 404
