"""How the invitation of one guest stands: who proposed them, what bars it, whether their address has had it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.models import Office, User
from crm.core.mail import LetterState
from crm.events.models import LetterKind
from crm.events.queries.guests import Whole
from crm.events.queries.sending import bar_of
from crm.events.queries.standing import Against


@dataclass(frozen=True)
class Invited:
    """``new_address``: one that has not had the invitation; ``came_back``: the one that has it does not work."""

    proposer: str
    office: str
    barred: Against | None
    new_address: str
    came_back: bool


def invited(session: Session, whole: Whole) -> Invited:
    guest = whole.guest
    office = session.get_one(Office, guest.office_id)
    name = session.execute(select(col(User.name)).where(col(User.id) == guest.proposed_by)).scalar_one_or_none()
    sent = [row for letter, row in whole.letters if letter.kind == LetterKind.INVITE.value]
    address = guest.assistant or guest.email or ""
    had = {row.to for row in sent if row.state is not LetterState.FAILED}
    fresh = bool(sent and address) and address not in {row.to for row in sent}
    came_back = bool(sent) and sent[0].state is LetterState.FAILED and address not in had
    return Invited(name or "", office.name, bar_of(session, guest), address if fresh else "", came_back and not fresh)
