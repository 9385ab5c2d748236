"""What an office says to a merge that another has made: its own part goes along, or stays as it is."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.accounts.journal import record
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.people.actions.merge import Rule, lock, merge_part
from crm.people.merging import DeclineForm, MergeForm
from crm.people.models import MergeQuestion, Person, PersonMerge
from crm.people.queries.questions import Question, question_of


def accept_merge(session: Session, actor: Actor, question_id: UUID, rules: Sequence[Rule]) -> PersonMerge:
    """A merge of the actor's own, to be undone by its own office alone."""
    question = _open(session, actor, question_id)
    kept, lost = question.kept, question.lost
    while kept.merged_into:
        kept = session.get_one(Person, kept.merged_into)
    if kept.id == lost.id:
        raise Refused(_l("These two are one record already."))
    lock(session, kept, lost)
    data = MergeForm(other=lost.id, version=kept.version, other_version=lost.version)
    merge = merge_part(session, actor, kept, lost, rules, data)
    session.flush()
    _answer(session, actor, question.row, own_id=merge.id)
    return merge


def decline_merge(session: Session, actor: Actor, question_id: UUID, data: DeclineForm) -> UUID:
    """The office goes on with its record as it is; the id of that record."""
    question = _open(session, actor, question_id)
    _answer(session, actor, question.row, reason=data.reason)
    record(session, actor, "kept_apart", question.lost, {"reason": data.reason})
    return question.lost.id


def _open(session: Session, actor: Actor, question_id: UUID) -> Question:
    """Locked, so that two colleagues do not answer differently."""
    session.get(MergeQuestion, question_id, with_for_update=True, populate_existing=True)
    question = question_of(session, actor, question_id)
    if not question.is_open:
        raise Refused(_l("This has been answered or taken back already."))
    return question


def _answer(session: Session, actor: Actor, row: MergeQuestion, **values: object) -> None:
    row = session.get_one(MergeQuestion, row.id)
    row.answered_on, row.answered_by = actor.today, actor.user_id
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()
