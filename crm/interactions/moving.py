from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.interactions.models import Audience, Interaction, InteractionReader, Participant


def open_history(session: Session, person_id: UUID, giver: UUID, taker: UUID) -> None:
    """The contacts stay the giver's, and the other office may read them; what is handled with care stays closed."""
    met = select(col(Participant.interaction_id)).where(col(Participant.person_id) == person_id)
    open_ones = select(Interaction).where(
        col(Interaction.id).in_(met), col(Interaction.office_id) == giver, ~col(Interaction.careful)
    )
    readers = select(col(InteractionReader.interaction_id)).where(col(InteractionReader.office_id) == taker)
    known = set(session.execute(readers).scalars())
    for one in session.execute(open_ones).scalars().all():
        if one.audience is Audience.OFFICE:
            one.audience = Audience.OFFICES
        if one.audience is Audience.OFFICES and one.id not in known:
            session.add(InteractionReader(interaction_id=one.id, office_id=taker))
    session.flush()
