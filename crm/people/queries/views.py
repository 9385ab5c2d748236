from sqlalchemy import or_, select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.accounts.models import User
from crm.people.models import SavedView


def views_of(session: Session, actor: Actor) -> list[tuple[SavedView, str]]:
    """One's own and those that colleagues share, with whose they are."""
    open_to = or_(col(SavedView.user_id) == actor.user_id, col(SavedView.shared))
    rows = select(SavedView, col(User.name)).join(User, col(User.id) == col(SavedView.user_id))
    rows = rows.where(col(SavedView.office_id) == actor.office_id, open_to)
    return [(view, name) for view, name in session.execute(rows.order_by(col(SavedView.name), col(SavedView.id)))]
