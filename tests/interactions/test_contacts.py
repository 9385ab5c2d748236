"""Contacts: logged once, read by those whom their office lets, changed by nobody else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from crm.accounts.access import Actor
from crm.accounts.models import JournalEntry, OfficeKind
from crm.core.errors import Forbidden, Missing, Refused, WrongField
from crm.interactions.actions import change_interaction, remove_interaction
from crm.interactions.forms import InteractionForm, InteractionSearch
from crm.interactions.models import Interaction, Participant
from crm.interactions.queries import interaction_of, quiet_people, whole_interaction
from crm.interactions.queries.listing import list_interactions
from crm.interactions.room import ROOM
from crm.people.models import Holding, Person
from crm.people.queries.story import story_of
from crm.tasks.queries import tasks_about
from tests.factories.accounts import an_actor, an_office
from tests.factories.interactions import a_contact
from tests.factories.people import a_person, a_share, people_called

pytestmark = pytest.mark.both


def readable(session: Session, actor: Actor, person: Person) -> list[list[str]]:
    """What the reader's list, the person's story and the contacts' own pages show, each its texts."""
    listed = [line.interaction.text for line in list_interactions(session, actor, InteractionSearch()).lines]
    told = [chapter.entry.interaction.text for chapter in story_of(session, actor, person.id, ROOM.story)[0]]
    opened = []
    for one in session.exec(select(Interaction)):
        try:
            opened.append(interaction_of(session, actor, one.id).interaction.text)
        except Missing:
            continue
    return [sorted(texts) for texts in (listed, told, opened)]


def form_of(logged: Interaction, **values: Any) -> InteractionForm:
    stored = {
        name: getattr(logged, name) for name in ("kind", "day", "place", "text", "audience", "careful", "version")
    }
    return InteractionForm(**{**stored, **values})


def test_each_office_reads_its_own_and_what_was_given_to_it(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    an_office(session, "university-test", OfficeKind.UNIVERSITY)
    university = an_actor(session, role="university_officer", office_code="university-test")
    person = a_person(session, boston)
    a_share(session, person, boston, berlin)
    a_share(session, person, boston, university)
    a_contact(session, boston, person, text="own")
    a_contact(session, boston, person, text="missions", audience="missions")
    a_contact(session, boston, person, text="berlin", audience="offices", offices=[berlin.office_id])
    assert readable(session, boston, person) == [["berlin", "missions", "own"]] * 3
    assert readable(session, berlin, person) == [["berlin", "missions"]] * 3
    assert readable(session, university, person) == [[]] * 3


def test_what_was_given_is_read_about_people_whom_the_reader_sees_alone(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    seen = a_person(session, boston)
    [hidden] = people_called(session, boston, "Hidden Person")
    a_share(session, seen, boston, berlin)
    a_contact(session, boston, seen, hidden, text="both", audience="missions")
    alone = a_contact(session, boston, hidden, text="hidden alone", audience="missions")
    [line] = list_interactions(session, berlin, InteractionSearch()).lines
    assert ([person.full_name for person in line.people], line.hidden) == (["TAKASE Mari"], 1)
    with pytest.raises(Missing):
        interaction_of(session, berlin, alone.id)


@pytest.mark.parametrize(("role", "reads"), [("attache", True), ("fellow", True), ("local_staff", False)])
def test_what_is_to_be_handled_with_care_is_read_by_few(session: Session, role: str, reads: bool) -> None:
    boston, colleague = an_actor(session), an_actor(session, role=role)
    person = a_person(session, boston)
    a_contact(session, boston, person, text="careful", careful=True)
    assert readable(session, colleague, person) == [["careful"] if reads else []] * 3


def test_what_is_to_be_handled_with_care_leaves_no_office(session: Session) -> None:
    boston, staff = an_actor(session), an_actor(session, role="local_staff")
    person = a_person(session, boston)
    with pytest.raises(WrongField, match="stays in your office"):
        a_contact(session, boston, person, careful=True, audience="missions")
    with pytest.raises(WrongField, match="role"):
        a_contact(session, staff, person, careful=True)


def test_a_share_that_ends_takes_the_contacts_along(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston)
    share = a_share(session, person, boston, berlin)
    a_contact(session, boston, person, text="missions", audience="missions")
    assert readable(session, berlin, person) == [["missions"]] * 3
    share.until = berlin.today - timedelta(days=2)
    session.flush()
    assert readable(session, berlin, person) == [[]] * 3


def test_the_same_form_twice_makes_one_contact(session: Session) -> None:
    actor = an_actor(session)
    person, key = a_person(session, actor), uuid4()
    first = a_contact(session, actor, person, key=key, follow_up="Call", due=actor.today)
    assert a_contact(session, actor, person, key=key, follow_up="Call", due=actor.today).id == first.id
    assert len(tasks_about(session, actor, person.id).lines) == 1


def test_new_people_and_a_follow_up_come_with_the_contact(session: Session) -> None:
    actor = an_actor(session)
    logged = a_contact(session, actor, new_people=["MORI Ken (森 健)"], follow_up="Call", due=actor.today)
    [person] = interaction_of(session, actor, logged.id).people
    assert person.kanji == "森 健"
    assert [line.task.title for line in tasks_about(session, actor, person.id).lines] == ["Call"]
    with pytest.raises(WrongField, match="role"):
        a_contact(session, an_actor(session, role="fellow"), new_people=["MORI Ken"])


def test_nobody_is_chosen_whom_the_office_does_not_see(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston)
    with pytest.raises(Missing):
        a_contact(session, berlin, person)
    with pytest.raises(WrongField, match="whom"):
        a_contact(session, boston)
    with pytest.raises(WrongField, match="to come"):
        a_contact(session, boston, person, ago=-1)
    assert not session.exec(select(Participant)).all()


def test_a_change_keeps_what_was_written_before_and_who_is_not_seen(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor)
    [gone] = people_called(session, actor, "Gone Person")
    logged = a_contact(session, actor, person, gone, text="first")
    session.exec(select(Holding).where(Holding.person_id == gone.id)).one().until = actor.today
    session.flush()
    change_interaction(session, actor, logged, form_of(logged, text="second", people=[person.id]))
    whole = whole_interaction(session, actor, logged.id)
    assert (whole.line.interaction.text, whole.line.hidden) == ("second", 1)
    assert [edit.before for edit in whole.history] == ["first", None]


def test_the_second_to_save_is_told_and_strangers_change_nothing(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    person = a_person(session, boston)
    a_share(session, person, boston, berlin)
    logged = a_contact(session, boston, person, audience="missions")
    opened = form_of(logged, people=[person.id])
    change_interaction(session, boston, logged, form_of(logged, text="quicker", people=[person.id]))
    session.flush()
    with pytest.raises(Refused, match="Somebody else"):
        change_interaction(session, boston, logged, opened)
    with pytest.raises(Forbidden):
        change_interaction(session, berlin, logged, opened)
    with pytest.raises(Forbidden):
        remove_interaction(session, berlin, logged)


def test_a_removed_contact_leaves_a_line_in_the_journal(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor)
    logged = a_contact(session, actor, person, follow_up="Call", due=actor.today)
    remove_interaction(session, actor, logged)
    assert readable(session, actor, person) == [[]] * 3
    assert len(tasks_about(session, actor, person.id).lines) == 1
    verbs = session.exec(select(JournalEntry.verb).where(JournalEntry.subject_kind == "interaction")).all()
    assert sorted(verbs) == ["added", "removed"]


def test_a_long_story_is_told_in_pages_without_gaps(session: Session) -> None:
    actor = an_actor(session)
    person = a_person(session, actor)
    for ago in range(75):
        a_contact(session, actor, person, ago=ago // 2, text=str(ago))
    told: list[str] = []
    after = None
    while not told or after:
        chapters, after = story_of(session, actor, person.id, ROOM.story, after)
        told += [chapter.entry.interaction.text for chapter in chapters]
    assert (len(told), len(set(told))) == (75, 75)
    assert len(story_of(session, actor, person.id, ROOM.story, "nonsense")[0]) == 15


def test_who_was_not_spoken_to_for_long_is_named_to_their_own_office(session: Session) -> None:
    boston, berlin = an_actor(session), an_actor(session, office_code="de-ber-test")
    quiet, lively = people_called(session, boston, "Quiet Person", "Lively Person")
    for person in (quiet, lively):
        a_share(session, person, boston, berlin)
        a_contact(session, boston, person, ago=200, audience="missions")
    a_contact(session, boston, lively, ago=3)
    assert [each.person.full_name for each in quiet_people(session, boston)] == ["Quiet Person"]
    assert quiet_people(session, berlin) == []
