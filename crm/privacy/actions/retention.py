"""Proposed by night, decided by a person, carried out by the worker: nothing is deleted by the clock alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.acting import actor_for
from crm.accounts.journal import record
from crm.accounts.models import Office
from crm.core.columns import now
from crm.core.contributions import RetentionRule
from crm.core.db import Database
from crm.core.errors import Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import read_settings
from crm.core.work import JobRun, enqueue
from crm.people.queries.visible import holding_of, visible_person
from crm.people.tombstones import tombstone_key
from crm.privacy.actions.requests import Rules
from crm.privacy.forms import ApprovalForm, HoldForm, SettingForm
from crm.privacy.models import LegalHold, RetentionItem, RetentionProposal, RetentionSetting

PROPOSE, DELETE = "privacy:propose_retention", "privacy:delete_approved"
_AGAIN = timedelta(days=365)
"""What somebody decided to keep is proposed again after so long."""


@dataclass(frozen=True)
class Keeping:
    """What the rooms say of keeping and erasing, as ``core.contributions.Room`` has it."""

    rules: Sequence[RetentionRule]
    in_use: Sequence[Callable[..., Any]]
    withdrawal: Sequence[Any]
    erasure: Sequence[Any]

    def rule(self, kind: str) -> RetentionRule:
        return next(rule for rule in self.rules if rule.kind == kind)


def propose_all(keeping: Keeping, database: Database, _job: JobRun | None = None) -> None:
    with database.reading() as session:
        offices = session.execute(select(col(Office.id)).order_by(col(Office.code))).scalars().all()
    for office_id in offices:
        with database.writing() as session:
            for rule in keeping.rules:
                _propose(session, keeping, rule, office_id)


def months_of(session: Session, office_id: UUID, rule: RetentionRule) -> int:
    own = select(RetentionSetting).where(RetentionSetting.office_id == office_id, RetentionSetting.kind == rule.kind)  # type: ignore[arg-type]
    setting = session.execute(own).scalars().first()
    return setting.months if setting else rule.months


def _propose(session: Session, keeping: Keeping, rule: RetentionRule, office_id: UUID) -> None:
    months = months_of(session, office_id, rule)
    today = now().date()
    before = today - timedelta(days=round(months * 365.25 / 12))
    if not months or _open_of(session, office_id, rule.kind):
        return
    due = rule.due(session, office_id, before, keeping.in_use)
    if not due:
        return
    apart = {*_held(session, office_id), *_kept_lately(session, office_id, rule.kind, today)}
    subjects = [id for id in due if id not in apart]
    if subjects:
        proposal = RetentionProposal(office_id=office_id, kind=rule.kind, made_on=today, before=before)
        session.add(proposal)
        session.flush()
        session.add_all(RetentionItem(proposal_id=proposal.id, subject_id=id) for id in subjects)
        session.flush()


def _open_of(session: Session, office_id: UUID, kind: str) -> bool:
    mine = select(col(RetentionProposal.id)).where(
        col(RetentionProposal.office_id) == office_id,
        col(RetentionProposal.kind) == kind,
        col(RetentionProposal.done_at).is_(None),
    )
    return session.execute(mine).first() is not None


def _held(session: Session, office_id: UUID) -> set[UUID]:
    holds = select(col(LegalHold.person_id)).where(
        col(LegalHold.office_id) == office_id, col(LegalHold.ended_at).is_(None)
    )
    return set(session.execute(holds).scalars())


def _kept_lately(session: Session, office_id: UUID, kind: str, today: date) -> set[UUID]:
    kept = (
        select(col(RetentionItem.subject_id))
        .join(RetentionProposal, col(RetentionProposal.id) == col(RetentionItem.proposal_id))
        .where(
            col(RetentionProposal.office_id) == office_id,
            col(RetentionProposal.kind) == kind,
            col(RetentionItem.kept),
            col(RetentionProposal.decided_on) > today - _AGAIN,
        )
    )
    return set(session.execute(kept).scalars())


def decide(session: Session, actor: Actor, proposal_id: UUID, data: ApprovalForm) -> RetentionProposal:
    """Those that were ticked are deleted by the worker, the others kept for another year."""
    proposal = session.get(RetentionProposal, proposal_id, with_for_update=True)
    if proposal is None or proposal.office_id != actor.office_id:
        raise Missing()
    if proposal.decided_on or proposal.version != data.version:
        raise Refused(_l("Somebody else has decided on this in the meantime."))
    items = session.execute(select(RetentionItem).where(col(RetentionItem.proposal_id) == proposal.id)).scalars().all()
    if not set(data.items) <= {item.id for item in items}:
        raise WrongField("items", _l("Please choose one of the options."))
    for item in items:
        item.kept = item.id not in data.items
    proposal.decided_on, proposal.decided_by = actor.today, actor.user_id
    session.flush()
    record(session, actor, "approved", proposal, {"deleted": len(data.items), "kept": len(items) - len(data.items)})
    enqueue(session, DELETE, {"proposal": str(proposal.id)}, key=str(proposal.id))
    return proposal


def delete_approved(keeping: Keeping, database: Database, job: JobRun) -> None:
    """One transaction for each: whatever breaks off, the next run goes on with those that are left.

    What has come into use since it was proposed, or has been put on hold, stays.
    """
    with database.reading() as session:
        proposal = session.get_one(RetentionProposal, UUID(job.payload["proposal"]))
        actor = actor_for(session, proposal.office_id, proposal.decided_by)
        left = select(col(RetentionItem.id)).where(
            col(RetentionItem.proposal_id) == proposal.id,
            ~col(RetentionItem.kept),
            col(RetentionItem.gone_on).is_(None),
        )
        items = session.execute(left).scalars().all()
        still = set(keeping.rule(proposal.kind).due(session, proposal.office_id, proposal.before, keeping.in_use))
    rules = Rules(keeping.withdrawal, keeping.erasure, tombstone_key(read_settings()) if items else b"")
    rule = keeping.rule(proposal.kind)
    for number, id in enumerate(items):
        with database.writing() as session:
            item = session.get_one(RetentionItem, id)
            if item.subject_id not in still or item.subject_id in _held(session, proposal.office_id):
                item.kept = True
            else:
                rule.erase(session, actor, item.subject_id, rules)
                session.get_one(RetentionItem, id).gone_on = now().date()
        job.progress(number + 1, len(items))
    with database.writing() as session:
        session.get_one(RetentionProposal, proposal.id).done_at = now()


def set_months(session: Session, actor: Actor, rules: Sequence[RetentionRule], data: SettingForm) -> None:
    if data.kind not in {rule.kind for rule in rules}:
        raise Missing()
    own = select(RetentionSetting).where(
        col(RetentionSetting.office_id) == actor.office_id, col(RetentionSetting.kind) == data.kind
    )
    setting = session.execute(own.with_for_update()).scalars().first()
    if setting is None:
        setting = RetentionSetting(office_id=actor.office_id, kind=data.kind, months=data.months)
        session.add(setting)
    setting.months, setting.classification = data.months, data.classification
    session.flush()
    record(session, actor, "changed", setting, {"kind": data.kind, "months": data.months})


def hold(session: Session, actor: Actor, person_id: UUID, data: HoldForm) -> LegalHold:
    person = visible_person(session, actor, person_id)
    if holding_of(session, actor, person.id) is None:
        raise Missing()
    if hold_of(session, actor.office_id, person.id):
        raise Refused(_l("This record is on hold already."))
    made = LegalHold(office_id=actor.office_id, person_id=person.id, reason=data.reason, ordered_by=actor.user_id)
    session.add(made)
    session.flush()
    record(session, actor, "added", made)
    return made


def lift_hold(session: Session, actor: Actor, person_id: UUID) -> None:
    standing = hold_of(session, actor.office_id, person_id)
    if standing is None:
        raise Missing()
    standing.ended_at = now()
    session.flush()
    record(session, actor, "removed", standing)


def hold_of(session: Session, office_id: UUID, person_id: UUID) -> LegalHold | None:
    standing = select(LegalHold).where(
        col(LegalHold.office_id) == office_id, col(LegalHold.person_id) == person_id, col(LegalHold.ended_at).is_(None)
    )
    return session.execute(standing).scalars().first()
