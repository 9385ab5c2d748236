"""Introductions of one office, in several states; people and questions are invented."""

from datetime import timedelta

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.introductions.actions import ask, propose, take_step
from crm.introductions.forms import IntroductionForm, ProposalForm, StepForm
from crm.introductions.models import Result, Side
from crm.people.models import Holding, Person

QUESTIONS = [
    ("架空大学 海洋工学研究室", "潮流発電の実証に関心のある研究者を探している。来年度の共同研究を希望。", 40),
    (
        "Invented Biotech, Inc.",
        "Who in Boston works on protein design and would speak at our seminar in Yokohama?",
        12,
    ),
    ("架空省 国際室", "量子分野の若手PIとの意見交換を希望。", 3),
]


def introduce_some(session: Session, actor: Actor) -> None:
    held = select(Person).join(Holding).where(Holding.office_id == actor.office_id).order_by(col(Person.sort_key))
    people = list(session.exec(held.limit(3)))
    if len(people) < 3:
        return
    made = [
        ask(session, actor, IntroductionForm(asker=asker, question=words, asked_on=actor.today - timedelta(days=ago)))
        for asker, words, ago in QUESTIONS
    ]
    done = propose(session, actor, made[0], ProposalForm(person_id=people[0].id))
    for step in (
        {"step": "agreed", "side": Side.ASKER},
        {"step": "agreed", "side": Side.PERSON},
        {"step": "introduced"},
        {"step": "result", "result": Result.VISIT},
    ):
        take_step(session, actor, made[0], done.id, StepForm.model_validate({**step, "version": done.version}))
    waits = propose(session, actor, made[1], ProposalForm(person_id=people[1].id))
    agreed = StepForm(step="agreed", side=Side.ASKER, version=waits.version)
    take_step(session, actor, made[1], waits.id, agreed)
    propose(session, actor, made[1], ProposalForm(person_id=people[2].id))
