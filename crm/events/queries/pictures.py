"""Pictures of the report of an event, in their order, and who does not want to be in one."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from crm.core.errors import Missing
from crm.events.models import Event, EventPicture, Guest
from crm.events.queries.guests import STATES


def pictures_of(session: Session, event: Event) -> list[EventPicture]:
    mine = select(EventPicture).where(col(EventPicture.event_id) == event.id)
    return list(session.execute(mine.order_by(col(EventPicture.place), col(EventPicture.id))).scalars())


def picture_of(session: Session, event: Event, picture_id: UUID) -> EventPicture:
    picture = session.get(EventPicture, picture_id)
    if picture is None or picture.event_id != event.id:
        raise Missing()
    return picture


def refusing_count(session: Session, event: Event) -> int:
    """Guests who have said that they want no pictures of themselves."""
    counted = select(func.count()).select_from(Guest).where(col(Guest.event_id) == event.id, STATES["no_photo"])
    return int(session.execute(counted).scalar_one())
