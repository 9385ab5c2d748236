"""What somebody has ticked of a returned list goes into the records, each as if by hand."""

from dataclasses import dataclass, field

from pydantic import ValidationError
from sqlmodel import Session

from crm.accounts.access import Actor
from crm.core.errors import Forbidden, Missing, Refused, WrongField
from crm.core.forms import sentence_for
from crm.imports.returned import ApplyForm, Change, changes_of
from crm.people.actions import change_person
from crm.people.entries import line_of, link_of
from crm.people.forms import PersonForm
from crm.people.models import Origin, Source
from crm.people.queries.record import record_of


@dataclass
class Done:
    """``refused``: whose change could not be made, and why."""

    changed: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def apply_returned(session: Session, actor: Actor, form: ApplyForm) -> Done:
    """One that cannot be made, since somebody was quicker or a value is wrong, keeps none of the others back."""
    done = Done()
    for change in changes_of(form):
        name = change.values.get("full_name") or str(change.id)
        try:
            with session.begin_nested():
                name = _apply(session, actor, change)
            done.changed += 1
        except (Forbidden, Missing, Refused, WrongField) as fault:
            done.refused.append((name, str(fault)))
        except ValidationError as fault:
            done.refused.append((name, sentence_for(fault.errors()[0])))
    return done


def _apply(session: Session, actor: Actor, change: Change) -> str:
    record = record_of(session, actor, change.id)
    values = {**record.form_values(), **change.form_values(), "version": change.version}
    called = {link.address: link.label for link in record.links}
    pages = (link_of(line) for line in str(values["links"]).splitlines() if line.strip())
    values["links"] = "\n".join(line_of(address, label or called.get(address, "")) for address, label in pages)
    change_person(session, actor, record.person, PersonForm.model_validate(values), Source(Origin.IMPORT))
    session.flush()
    return record.person.full_name
