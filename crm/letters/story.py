"""Letters of the office in a person's story."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, literal, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.reader import OFFICE, seen_by
from crm.core.columns import IDS
from crm.core.mail import OutboxLetter
from crm.letters.queries import ACCOUNT_KINDS

ROWS: Any = select(
    col(OutboxLetter.created_at).label("at"), col(OutboxLetter.id).label("id"), literal("letter").label("kind")
).where(
    col(OutboxLetter.person_id) == bindparam("person", type_=Uuid()),
    col(OutboxLetter.office_id) == OFFICE,
    col(OutboxLetter.kind).not_in(ACCOUNT_KINDS),
)


_LETTERS = select(OutboxLetter).where(
    col(OutboxLetter.id).in_(IDS), col(OutboxLetter.office_id) == OFFICE, col(OutboxLetter.kind).not_in(ACCOUNT_KINDS)
)


def load(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, OutboxLetter]:
    found = session.execute(_LETTERS, {**seen_by(actor), "ids": ids}).scalars()
    return {letter.id: letter for letter in found}
