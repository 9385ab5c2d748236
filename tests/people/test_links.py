"""What a person's page is called: typed behind its address, kept, changed and taken away in the form."""

import pytest
from sqlmodel import Session

from crm.people.actions import add_person, change_person
from crm.people.entries import link_of
from crm.people.forms import PersonForm
from crm.people.orcid import differences
from crm.people.queries.record import record_of
from tests.factories.accounts import an_actor

LAB = "https://lab.example.org/x"


@pytest.mark.parametrize(
    "line, address, label",
    [(f"{LAB} 研究室 のページ", LAB, "研究室 のページ"), (f"{LAB}　Lab", LAB, "Lab"), (LAB, LAB, "")],
)
def test_a_line_is_an_address_and_what_it_is_called(line: str, address: str, label: str) -> None:
    assert link_of(line) == (address, label)


def test_labels_are_kept_changed_and_taken_away(session: Session) -> None:
    actor = an_actor(session)
    form = PersonForm(full_name="Mari Takase", links=f"{LAB} Laboratory\nhttps://two.example.org")
    person = add_person(session, actor, form)
    session.flush()
    for lines, labels in (
        (f"{LAB} Takase Lab\nhttps://two.example.org Publications", ["Takase Lab", "Publications"]),
        (f"{LAB}\nhttps://two.example.org Publications", ["", "Publications"]),
    ):
        record = record_of(session, actor, person.id)
        values = {**record.form_values(), "links": lines}
        change_person(session, actor, record.person, PersonForm.model_validate(values))
        session.flush()
        session.expire_all()
        found = record_of(session, actor, person.id)
        assert [link.label for link in found.links] == labels
        assert found.form_values()["links"] == lines


def test_a_page_that_orcid_calls_otherwise_is_not_offered_again() -> None:
    said = {"links": f"{LAB} Homepage\nhttps://new.example.org Profile"}
    assert differences({"links": f"{LAB} Laboratory"}, said) == [
        ("links", f"{LAB} Laboratory", f"{LAB} Laboratory\nhttps://new.example.org Profile")
    ]
