import pytest
from sqlmodel import select

from crm.core.db import Database
from crm.vocabularies.actions import load_reference
from crm.vocabularies.models import Scheme, Term
from crm.vocabularies.queries import terms_of


@pytest.mark.both
def test_every_code_list_is_loaded_and_loading_again_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        before = {term.id: term.model_dump() for term in session.exec(select(Term))}
        assert load_reference(session) == len(before)
        assert not session.dirty
    with database.reading() as session:
        assert {term.id: term.model_dump() for term in session.exec(select(Term))} == before
        for scheme in Scheme:
            assert terms_of(session, scheme), scheme


def test_a_term_that_was_reworded_is_put_right_and_keeps_its_id(database: Database) -> None:
    with database.writing() as session:
        term = terms_of(session, Scheme.POSITION)[0]
        wording, term.name_en = term.name_en, "Something else"
    with database.writing() as session:
        load_reference(session)
    with database.reading() as session:
        stored = session.get_one(Term, term.id)
        assert stored.name_en == wording
        assert stored.patterns


def test_parents_are_terms_of_the_same_list(database: Database) -> None:
    with database.reading() as session:
        terms = session.exec(select(Term)).all()
    codes = {(term.scheme, term.code) for term in terms}
    parents = {(term.scheme, term.parent) for term in terms if term.parent}
    assert parents and parents <= codes
