"""The guest list: chosen from the records, what speaks against it, searched, one by one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from crm.accounts.models import JournalEntry
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Refused
from crm.events.actions.receiving import Arrival, check_in
from crm.events.models import CheckIn, Event, Guest, Objection, Outcome, Reserve
from crm.events.story import settle_before_merge
from crm.people.models import ContactPoint, ContactState, Person
from crm.privacy.actions import Consent, give_consent
from crm.privacy.models import Purpose
from tests.conftest import SignIn
from tests.factories.accounts import an_actor
from tests.factories.events import a_guest, an_event, guests
from tests.factories.imports import a_list, an_applied_list
from tests.factories.people import a_person, people_called

pytestmark = pytest.mark.both


def stored(database: Database) -> list[Guest]:
    with database.reading() as session:
        return list(session.exec(select(Guest).order_by(Guest.sort_key)))


def plan(database: Database, **said: Any) -> tuple[Event, Person]:
    with database.writing() as session:
        actor = an_actor(session)
        return an_event(session, actor, **said), a_person(session, actor)


def test_people_of_the_records_get_on_the_list_once(sign_in: SignIn, database: Database) -> None:
    event, person = plan(database)
    desk = sign_in()
    chosen = desk.get(f"/events/{event.id}/guests/choose?q=takase").text
    assert "高瀬 真理" in chosen and f'value="{person.id}">' in chosen
    sent = {"ids": [str(person.id)], "reserve": "b", "query": "q=takase"}
    assert desk.post(f"/events/{event.id}/guests", data=sent).status_code == 303
    [guest] = stored(database)
    assert (guest.name, guest.language, guest.reserve) == ("高瀬 真理", "ja", Reserve.B)
    assert (guest.institution, guest.email) == ("Northbridge University", "takase@example.org")
    again = desk.post(f"/events/{event.id}/guests", data=sent)
    assert "on the list already" in desk.get(again.headers["location"]).text
    assert len(stored(database)) == 1
    assert f'value="{person.id}" disabled' in desk.get(f"/events/{event.id}/guests/choose").text


def test_a_guest_is_spoken_to_in_the_language_for_letters_if_the_event_has_it(database: Database) -> None:
    with database.writing() as session:
        actor = an_actor(session)
        mari = a_person(session, actor, preferred_language="fr")
        [asked] = guests(session, actor, an_event(session, actor, languages=["ja", "fr"]), mari)
        [other] = guests(session, actor, an_event(session, actor, languages=["en", "ja"]), mari)
        assert (asked.language, asked.name, other.language) == ("fr", "TAKASE Mari", "ja")


def test_nobody_ticked_is_an_error_that_keeps_the_choice(sign_in: SignIn, database: Database) -> None:
    event, _person = plan(database)
    answer = sign_in().post(f"/events/{event.id}/guests", data={"query": "q=takase"})
    assert answer.status_code == 422
    assert "Please choose at least one person." in answer.text and "高瀬 真理" in answer.text
    assert "checked><span><span" not in answer.text  # nobody is ticked whom nobody has chosen


def test_who_objects_or_must_not_be_contacted_is_left_out_with_the_reason(sign_in: SignIn, database: Database) -> None:
    event, person = plan(database)
    with database.writing() as session:
        actor = an_actor(session)
        other = a_person(session, actor, full_name="ONO Ken", email="ono@example.org", kanji=None, kana=None)
        session.add(Objection(office_id=event.office_id, person_id=person.id))
        points = session.exec(select(ContactPoint).where(ContactPoint.person_id == other.id)).all()
        for point in points:
            point.state = ContactState.DO_NOT_USE
    desk = sign_in()
    page = desk.get(f"/events/{event.id}/guests/choose").text
    assert "wants no further invitations from your office" in page and "asked not to be contacted" in page
    answer = desk.post(f"/events/{event.id}/guests", data={"ids": [str(person.id), str(other.id)]})
    said = desk.get(answer.headers["location"]).text
    assert "0 guests have been added." in said and said.count("Left out: 1") == 2
    assert stored(database) == []


def test_who_was_invited_lately_is_marked_and_not_ticked(sign_in: SignIn, database: Database) -> None:
    event, person = plan(database)
    with database.writing() as session:
        actor = an_actor(session)
        earlier = an_event(session, actor)
        [guest] = guests(session, actor, earlier, person)
        guest.invited_at = now()
    page = sign_in().get(f"/events/{event.id}/guests/choose").text
    assert "invited by your office in the last three months" in page
    assert f'value="{person.id}">' in page


def test_people_of_other_offices_cannot_be_slipped_in(sign_in: SignIn, database: Database) -> None:
    event, _person = plan(database)
    with database.writing() as session:
        stranger = a_person(session, an_actor(session, "university_officer", "jp-univ"), full_name="Zed Stranger")
    sign_in().post(f"/events/{event.id}/guests", data={"ids": [str(stranger.id)]})
    assert stored(database) == []


def test_somebody_without_a_record(sign_in: SignIn, database: Database) -> None:
    event, _person = plan(database)
    desk = sign_in()
    wrong = desk.post(f"/events/{event.id}/guests/new", data={"name": "Ann", "email": "nobody"})
    assert wrong.status_code == 422 and "Please give an e-mail address" in wrong.text and 'value="Ann"' in wrong.text
    said = {"name": "山田 花子", "kana": "やまだ はなこ", "language": "xx", "email": "hana@example.org"}
    assert desk.post(f"/events/{event.id}/guests/new", data=said).status_code == 303
    [guest] = stored(database)
    assert (guest.language, guest.person_id) == ("ja", None)
    twice = desk.post(f"/events/{event.id}/guests/new", data={**said, "name": "Hana Yamada"})
    assert twice.status_code == 422 and "Somebody with this address is on the list already." in twice.text


@pytest.mark.parametrize("words", ["takase", "Takase Mari", "高瀬", "たかせ", "タカセ", "northbridge", "MARI"])
def test_guests_are_found_in_any_script(sign_in: SignIn, database: Database, words: str) -> None:
    event, person = plan(database)
    with database.writing() as session:
        actor = an_actor(session)
        guests(session, actor, event, person)
        a_guest(session, actor, event, "Somebody Else")
    page = sign_in().get(f"/events/{event.id}/guests", params={"q": words}).text
    assert "高瀬 真理" in page and "Somebody Else" not in page


def test_the_list_is_cut_into_pages_and_filtered(
    sign_in: SignIn, database: Database, count_queries: Callable[[Database], Any]
) -> None:
    event, _person = plan(database)
    with database.writing() as session:
        actor = an_actor(session)
        for number in range(60):
            a_guest(session, actor, event, f"Guest{number:02d} Example", precedence=60 - number)
    desk = sign_in()
    address = f"/events/{event.id}/guests"
    first = desk.get(address).text
    assert first.count("<tr data-row>") == 50 and "60 guests" in first
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert desk.get(following).text.count("<tr data-row>") == 10
    by_rank = desk.get(f"{address}?sort=precedence").text
    assert by_rank.index("Guest59") < by_rank.index("Guest58")
    following = by_rank.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "Guest00" in desk.get(following).text
    assert "Nobody matches" in desk.get(f"{address}?state=came").text
    with count_queries(database) as many:
        desk.get(address)
    with database.writing() as session:
        small = an_event(session, an_actor(session))
        a_guest(session, an_actor(session), small)
    with count_queries(database) as few:
        desk.get(f"/events/{small.id}/guests")
    assert len(many) == len(few) <= 7


def test_a_guest_is_changed_moved_and_removed(sign_in: SignIn, database: Database) -> None:
    event, _person = plan(database)
    with database.writing() as session:
        guest = a_guest(session, an_actor(session), event)
    desk = sign_in()
    address = f"/events/{event.id}/guests/{guest.id}"
    said = {"name": "Ann B. Example", "language": "ja", "honoured": "true", "version": guest.version}
    assert desk.post(address, data=said).status_code == 303
    assert desk.post(address, data=said).status_code == 422  # an older version
    assert "guest of honour" in desk.get(f"/events/{event.id}/guests").text
    desk.post(f"{address}/reserve/b")
    assert stored(database)[0].reserve is Reserve.B
    desk.post(f"{address}/outcome", data={"outcome": "seeks_post"})
    assert stored(database)[0].outcome is Outcome.SEEKS_POST
    assert desk.post(f"{address}/pass", data={"legal_name": "Ann Legal", "plate": "MA 123"}).status_code == 303
    assert "Ann Legal" in desk.get(address).text
    assert desk.post(f"{address}/remove").status_code == 303
    assert stored(database) == []


def test_two_guests_who_become_one_person_are_settled_first(database: Database) -> None:
    event, person = plan(database)
    with database.writing() as session:
        actor = an_actor(session)
        [other] = people_called(session, actor, "M. Takase")
        guests(session, actor, event, person, other)
        with pytest.raises(Refused, match="Both are on the guest list of Reception for researchers"):
            settle_before_merge(session, person, other)
        session.delete(session.exec(select(Guest).where(Guest.person_id == other.id)).one())
        session.flush()
        settle_before_merge(session, person, other)


def test_the_record_tells_of_invitations_and_attendance(sign_in: SignIn, database: Database) -> None:
    event, person = plan(database)
    desk = sign_in()
    with database.writing() as session:
        actor = an_actor(session)
        [guest] = guests(session, actor, event, person)
        guest.invited_at = now()
    assert "Reception for researchers" in desk.get(f"/people/{person.id}").text
    assert "No answer yet" in desk.get(f"/events/with/{person.id}").text
    stranger = sign_in("university_officer", "jp-univ")
    assert stranger.get(f"/events/with/{person.id}").status_code == 404


def test_erasing_somebody_takes_them_from_the_list(database: Database) -> None:
    from crm.people.actions.erase import erase_person

    event, person = plan(database)
    with database.writing() as session:
        actor = an_actor(session)
        [guest] = guests(session, actor, event, person)
        check_in(session, actor, event, [Arrival(guest.id, 0, now())])
        number, names = str(guest.id), {guest.name, guest.email}
        erase_person(session, actor, session.get_one(Person, person.id), b"key", [])
        told = [str(line.changes) for line in session.exec(select(JournalEntry))]
    assert stored(database) == []
    assert any(number in line for line in told)
    assert not any(name and name in line for name in names for line in told)


def test_guests_come_from_a_spreadsheet_by_way_of_the_preview(
    sign_in: SignIn, database: Database, tmp_path: Path
) -> None:
    event, _person = plan(database)
    with database.writing() as session:
        actor = an_actor(session)
    lines = ("Ann Listed,,Invented Institute,Professor,Boston,US,,ann.listed@example.org,", "Bo Listed,,,,,,,,")
    file = an_applied_list(database, actor, tmp_path, a_list(*lines))
    desk = sign_in()
    page = desk.get(f"/events/{event.id}/guests/choose").text
    assert f"?file={file.id}" in page
    page = desk.get(f"/events/{event.id}/guests/choose?file={file.id}").text
    assert "Ann Listed" in page and "Bo Listed" in page and "高瀬" not in page and "2 people fit" in page
    stranger = sign_in("university_officer", "jp-univ")
    with database.writing() as session:
        theirs = an_event(session, an_actor(session, "university_officer", "jp-univ"))
    assert "Ann Listed" not in stranger.get(f"/events/{theirs.id}/guests/choose?file={file.id}").text


def test_segments_know_who_came_and_who_was_invited_lately(sign_in: SignIn, database: Database) -> None:
    event, person = plan(database)
    with database.writing() as session:
        actor = an_actor(session)
        [nora] = people_called(session, actor, "Nora New")
        give_consent(session, actor, nora.id, actor.office_id, Consent(Purpose.NEWS, "en"))
        give_consent(
            session, actor, person.id, an_actor(session, office_code="de-ber").office_id, Consent(Purpose.NEWS, "en")
        )
        earlier = an_event(session, actor)
        [guest] = guests(session, actor, earlier, person)
        guest.invited_at = now()
        session.add(CheckIn(event_id=earlier.id, guest_id=guest.id, place=0, at=now()))
    desk = sign_in()
    address = f"/events/{event.id}/guests/choose"
    came, fresh = desk.get(f"{address}?attendance=came").text, desk.get(f"{address}?fresh=true").text
    assert "高瀬" in came and "Nora New" not in came
    assert "高瀬" not in fresh and "Nora New" in fresh
    news = desk.get(f"{address}?news=true").text
    assert "高瀬" not in news and "Nora New" in news and "agreed to news from us" in news
    assert desk.get(f"{address}?file=nonsense").status_code == 422
