"""A whole import can be taken back while nothing else has built on it; a crash in between loses nothing."""

from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.core.columns import now
from crm.core.db import Database
from crm.core.errors import Refused
from crm.imports.actions import apply as applying
from crm.imports.actions.apply import apply_list, ask_to_apply
from crm.imports.actions.undo import undo_import
from crm.imports.models import Decision, ImportFile, ImportState
from crm.people.actions.batch import add_people
from crm.people.entries import PersonEntry
from crm.people.models import Affiliation, Basis, ContactPoint, Holding, Person, Share
from tests.factories.accounts import an_actor, an_office
from tests.factories.imports import a_list, a_read_list, an_applied_list, no_progress, rows_in

pytestmark = pytest.mark.both
ORCID = "0000-0002-1825-0097"


@pytest.fixture
def actor(database: Database) -> Actor:
    with database.writing() as session:
        return an_actor(session)


def undo(database: Database, actor: Actor, file: ImportFile) -> int:
    with database.writing() as session:
        return undo_import(session, actor, session.get_one(ImportFile, file.id))


def count(session: Session, model: type) -> int:
    return len(list(session.exec(select(model))))


def test_undoing_removes_the_people_and_leaves_the_rows(database: Database, actor: Actor, tmp_path: Path) -> None:
    data = a_list("Haruka Minase,,Tufts University,,,,,m@x.org,", "Genji Kurokawa,,Brown University,,,,,,")
    file = an_applied_list(database, actor, tmp_path, data)
    assert undo(database, actor, file) == 2
    with database.reading() as session:
        assert [count(session, model) for model in (Person, Affiliation, ContactPoint, Holding)] == [0, 0, 0, 0]
        assert session.get_one(ImportFile, file.id).state is ImportState.UNDONE
        assert len(rows_in(session, file)) == 2
    assert a_read_list(database, actor, tmp_path, data).counts["new"] == 2


def test_undoing_takes_back_what_was_filled_in_but_keeps_the_person(
    database: Database, actor: Actor, tmp_path: Path
) -> None:
    with database.writing() as session:
        add_people(session, actor, [PersonEntry("Haruka Minase", institution="MIT", orcid=ORCID)], Basis.OWN_CONTACT)
    file = an_applied_list(database, actor, tmp_path, a_list(f"Haruka Minase,水瀬 遥,MIT,Professor,,,,m@x.org,{ORCID}"))
    assert undo(database, actor, file) == 0
    with database.reading() as session:
        [person] = session.exec(select(Person))
        [post] = session.exec(select(Affiliation))
        assert (person.kanji, post.title, post.institution) == (None, None, "MIT")
        assert count(session, ContactPoint) == 0
        assert count(session, Holding) == 1


def test_undoing_is_refused_with_the_reason_once_something_was_built(
    database: Database, actor: Actor, tmp_path: Path
) -> None:
    file = an_applied_list(database, actor, tmp_path, a_list("Haruka Minase,,Tufts University,,,,,,"))
    with database.writing() as session:
        [person] = session.exec(select(Person))
        other = an_office(session, "fr-emb")
        office = actor.office_id
        share = Share(person_id=person.id, from_office_id=office, to_office_id=other.id, reason="x", since=now().date())
        session.add(share)
    with pytest.raises(Refused, match="another record"):
        undo(database, actor, file)
    with database.reading() as session:
        assert count(session, Person) == 1


def test_somebody_known_elsewhere_is_linked_at_applying_and_let_go_by_undoing(
    database: Database, actor: Actor, tmp_path: Path
) -> None:
    with database.writing() as session:
        paris = an_actor(session, "attache", "fr-emb")
        add_people(session, paris, [PersonEntry("Haruka Minase", orcid=ORCID)], Basis.OWN_CONTACT)
    file = an_applied_list(database, actor, tmp_path, a_list(f"Haruka Minase,,MIT,,,,,m@x.org,{ORCID}"))
    with database.reading() as session:
        assert (count(session, Person), count(session, Holding)) == (1, 2)
    undo(database, actor, file)
    with database.reading() as session:
        assert (count(session, Person), count(session, ContactPoint)) == (1, 0)
        assert [held.office_id for held in session.exec(select(Holding))] == [paris.office_id]


def test_a_crash_while_applying_makes_nobody_twice(
    database: Database, actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 3)
    lines = [f"Haruka Minase {letter * 3},,Tufts University,,,,,,"
             for letter in "abcdefgh"]  # fmt: skip
    file = a_read_list(database, actor, tmp_path, a_list(*lines))
    with database.writing() as session:
        ask_to_apply(session, actor, session.get_one(ImportFile, file.id), background=False)

    def crash(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply_list(database, file.id, None, crash)
    with database.reading() as session:
        assert count(session, Person) == 3
    apply_list(database, file.id, None, no_progress)
    with database.reading() as session:
        assert count(session, Person) == 8
        assert all(row.person_id for row in rows_in(session, file))


def test_a_decision_lets_a_waiting_row_be_added_or_linked(database: Database, actor: Actor, tmp_path: Path) -> None:
    with database.writing() as session:
        entries = [PersonEntry("Haruka Minase", email="lab@x.org"), PersonEntry("Yuki Ono", institution="MIT")]
        add_people(session, actor, entries, Basis.OWN_CONTACT)
    file = an_applied_list(
        database,
        actor,
        tmp_path,
        a_list("Genji Kurokawa,,MIT,,,,,lab@x.org,", "ONO Yuki,,MIT,Professor,,,,,", "A Mori,,,,,,,,"),
    )
    with database.writing() as session:
        first, second, third = rows_in(session, file)
        assert [row.person_id is None for row in (first, second, third)] == [True, True, False]
        first.decision, second.decision = Decision.ADD, Decision.LINK
        session.flush()
        ask_to_apply(session, actor, session.get_one(ImportFile, file.id), background=False)
    apply_list(database, file.id, None, no_progress)
    with database.reading() as session:
        names = [person.full_name for person in session.exec(select(Person).order_by(col(Person.full_name)))]
        assert names == ["A Mori", "Genji Kurokawa", "Haruka Minase", "Yuki Ono"]
