"""Listings in every state, so that each page has something to show."""

import random

from sqlmodel import Session

from crm.accounts.access import Actor


def list_some(session: Session, actors: list[Actor], seed: int) -> None:
    dice = random.Random(seed)
    dice.shuffle(actors)
