"""Contacts and follow-ups of one office, so that Today and the story of a person have something to show."""

from datetime import timedelta
from itertools import cycle
from random import Random

from sqlmodel import Session, col, select

from crm.accounts.access import Actor
from crm.interactions.actions import log_interaction
from crm.interactions.forms import InteractionForm
from crm.interactions.models import Audience, InteractionKind
from crm.people.models import Holding, Person

SAID = [
    (
        InteractionKind.MET,
        "昼食をともにし、研究室の近況を伺った。来年度の在外研究を検討中とのこと。",
        "在外研究の制度一覧を送る",
    ),
    (
        InteractionKind.CALL,
        "Would gladly take a visiting researcher from April.\nAsks how the stay could be funded.",
        "Send the calls that are open",
    ),
    (InteractionKind.EVENT, "総領事公邸のレセプションで挨拶。若手研究者の紹介を希望。", None),
    (InteractionKind.MAIL, "講演依頼について前向きな返信。日程は秋以降を希望。", "講演の日程案を送る"),
    (InteractionKind.VISIT, "Showed us the new laboratory. Two postdocs from Japan, a third to come in spring.", None),
    (
        InteractionKind.MET,
        "共同研究の枠組みに強い関心。国内の受入候補として二機関を案内した。",
        "受入候補の担当者を紹介する",
    ),
]
DAYS_AGO = (1, 3, 8, 15, 29, 47, 80, 120, 205, 230, 260, 410)
DUE_IN = cycle((-5, -1, 0, 2, 5, 12))


def log_some(session: Session, actor: Actor, seed: int) -> None:
    """The later the contact, the sooner its follow-up; all of it invented."""
    chance = Random(seed)
    held = select(Person.id).join(Holding).where(Holding.office_id == actor.office_id).order_by(col(Person.sort_key))
    people = list(session.exec(held.limit(20)))
    for ago in reversed(DAYS_AGO):
        kind, text, next_step = chance.choice(SAID)
        with_follow_up = ago < 60 and next_step
        log_interaction(
            session,
            actor,
            InteractionForm(
                people=chance.sample(people, k=2 if kind is InteractionKind.EVENT else 1),
                kind=kind,
                day=actor.today - timedelta(days=ago),
                place="Boston",
                text=text,
                audience=Audience.MISSIONS if ago % 2 else Audience.OFFICE,
                staff=[actor.user_id],
                follow_up=next_step if with_follow_up else None,
                due=actor.today + timedelta(days=next(DUE_IN)) if with_follow_up else None,
                assignee=actor.user_id if with_follow_up else None,
            ),
        )
