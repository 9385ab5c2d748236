"""Introductions under way go to whoever follows."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.contributions import Handed, Reading
from crm.core.i18n import lazy_gettext as _l
from crm.introductions.models import Introduction


def under_way(session: Session, actor: Actor, user_id: UUID) -> list[Reading]:
    return [
        Reading(one.asker, f"/introductions/{one.id}", one.question[:80]) for one in _open_of(session, actor, user_id)
    ]


def move(session: Session, actor: Actor, from_id: UUID, to_id: UUID) -> int:
    mine = _open_of(session, actor, from_id)
    for one in mine:
        one.author_id = to_id
    session.flush()
    return len(mine)


def _open_of(session: Session, actor: Actor, user_id: UUID) -> list[Introduction]:
    mine = select(Introduction).where(
        col(Introduction.office_id) == actor.office_id,
        col(Introduction.author_id) == user_id,
        col(Introduction.closed_on).is_(None),
    )
    return list(session.execute(mine.order_by(col(Introduction.asked_on))).scalars())


UNDER_WAY = Handed(_l("Introductions under way"), 15, under_way, move)
