"""Bringing two people together: asked, proposed, agreed on both sides, introduced, and what came of it."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.journal import change, record
from crm.core.errors import Missing, Refused, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.introductions.forms import IntroductionForm, ProposalForm, StepForm
from crm.introductions.models import Introduction, Proposal, Side
from crm.introductions.queries import introduction_of
from crm.people.queries.visible import is_visible, visible_person


def ask(session: Session, actor: Actor, data: IntroductionForm) -> Introduction:
    if data.asked_on > actor.today:
        raise WrongField("asked_on", _l("This day has not come yet."))
    if data.asker_id:
        visible_person(session, actor, data.asker_id)
    introduction = Introduction(office_id=actor.office_id, author_id=actor.user_id, **data.model_dump())
    session.add(introduction)
    session.flush()
    record(session, actor, "added", introduction)
    return introduction


def propose(session: Session, actor: Actor, introduction: Introduction, data: ProposalForm) -> Proposal:
    if not is_visible(session, actor, data.person_id):
        raise WrongField("person_id", _l("Please choose one of the options."))
    if data.person_id == introduction.asker_id:
        raise WrongField("person_id", _l("Please choose somebody else."))
    if introduction.closed_on:
        raise Refused(_l("This introduction is closed. Open it again first."))
    same = select(col(Proposal.id)).where(
        col(Proposal.introduction_id) == introduction.id, col(Proposal.person_id) == data.person_id
    )
    if session.execute(same).first():
        raise WrongField("person_id", _l("This person has been proposed already."))
    proposal = Proposal(introduction_id=introduction.id, person_id=data.person_id, proposed_on=actor.today)
    session.add(proposal)
    session.flush()
    record(session, actor, "proposed", introduction, {"people": [data.person_id]})
    return proposal


def take_step(session: Session, actor: Actor, introduction: Introduction, proposal_id: UUID, data: StepForm) -> None:
    """Nobody is introduced before both agree; a result needs an introduction; ``back`` takes the last step back."""
    proposal = session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None or proposal.introduction_id != introduction.id:
        raise Missing()
    if proposal.version != data.version:
        raise Refused(_l("Somebody else changed this in the meantime. Please look again."))
    values = _after(proposal, data, actor)
    changes = change(proposal, values)
    session.flush()
    record(session, actor, "changed", introduction, {"people": [proposal.person_id], **changes})


def _after(proposal: Proposal, data: StepForm, actor: Actor) -> dict[str, object]:
    today = actor.today
    if data.step in ("agreed", "declined"):
        if data.side not in proposal.waits_for:
            raise Refused(_l("This has been answered already."))
        if data.step == "declined":
            return {"declined_on": today, "declined_by": data.side}
        return {"asker_agreed_on" if data.side == Side.ASKER else "person_agreed_on": today}
    if data.step == "introduced":
        if not proposal.may_be_introduced:
            raise Refused(_l("Both sides must agree first."))
        return {"introduced_on": today}
    if data.step == "result":
        if proposal.introduced_on is None or data.result is None:
            raise Refused(_l("First note that they have been introduced."))
        return {"result": data.result, "result_on": today}
    return _before(proposal)


def _before(proposal: Proposal) -> dict[str, object]:
    """What the last step has set, set to nothing again."""
    if proposal.result_on:
        return {"result": None, "result_on": None}
    if proposal.introduced_on:
        return {"introduced_on": None}
    if proposal.declined_on:
        return {"declined_on": None, "declined_by": None}
    return {"asker_agreed_on": None, "person_agreed_on": None}


def set_closed(session: Session, actor: Actor, introduction_id: UUID, *, closed: bool) -> Introduction:
    introduction = introduction_of(session, actor, introduction_id)
    session.refresh(introduction, with_for_update=True)
    if bool(introduction.closed_on) != closed:
        introduction.closed_on = actor.today if closed else None
        session.flush()
        record(session, actor, "closed" if closed else "reopened", introduction)
    return introduction
