"""The tags of an office."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.errors import Missing
from crm.people.models import BulkChange, PersonTag, Tag


def tags_of(session: Session, actor: Actor) -> list[Tag]:
    mine = select(Tag).where(col(Tag.office_id) == actor.office_id)
    return list(session.execute(mine.order_by(col(Tag.name))).scalars())


def tags_on(session: Session, actor: Actor, person_id: UUID) -> list[Tag]:
    borne = select(Tag).join(PersonTag, col(PersonTag.tag_id) == col(Tag.id))
    mine = borne.where(col(PersonTag.person_id) == person_id, col(Tag.office_id) == actor.office_id)
    return list(session.execute(mine.order_by(col(Tag.name))).scalars())


def tag_named(session: Session, actor: Actor, name: str) -> Tag | None:
    same = select(Tag).where(col(Tag.office_id) == actor.office_id, col(Tag.name) == name)
    found: Tag | None = session.execute(same).scalar_one_or_none()
    return found


def bearers_of(session: Session, tag: Tag, people: Sequence[UUID]) -> set[UUID]:
    borne = select(col(PersonTag.person_id)).where(
        col(PersonTag.tag_id) == tag.id, col(PersonTag.person_id).in_(people)
    )
    return set(session.execute(borne).scalars())


def bulk_change_of(session: Session, actor: Actor, change_id: UUID, *, locked: bool = False) -> BulkChange:
    """Only who has made it, in the office in which they did."""
    found = session.get(BulkChange, change_id, with_for_update=True if locked else None)
    if found is None or (found.user_id, found.office_id) != (actor.user_id, actor.office_id):
        raise Missing()
    return found
