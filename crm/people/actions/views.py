from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from crm.accounts.access import Actor
from crm.core.errors import Missing, WrongField
from crm.core.i18n import lazy_gettext as _l
from crm.people.actions.export import search_of
from crm.people.forms import PersonSearch, ViewForm
from crm.people.models import SavedView


def query_of(wanted: PersonSearch) -> str:
    """The list's address for this question; nothing that is left as it was, and no page."""
    return urlencode(wanted.model_dump(mode="json", exclude={"after"}, exclude_defaults=True), doseq=True)


def save_view(session: Session, actor: Actor, data: ViewForm) -> SavedView:
    query = query_of(search_of(data.query))
    if not query:
        raise WrongField("", _l("Choose a filter, an order or words to look for first."))
    same = select(col(SavedView.id)).where(
        col(SavedView.office_id) == actor.office_id,
        col(SavedView.user_id) == actor.user_id,
        col(SavedView.name) == data.name,
    )
    if session.execute(same).first():
        raise WrongField("name", _l("You have a view of this name already."))
    view = SavedView(office_id=actor.office_id, user_id=actor.user_id, name=data.name, query=query, shared=data.shared)
    session.add(view)
    session.flush()
    return view


def remove_view(session: Session, actor: Actor, view_id: UUID) -> None:
    """One's own; a colleague's is theirs."""
    view = session.get(SavedView, view_id)
    if view is None or (view.user_id, view.office_id) != (actor.user_id, actor.office_id):
        raise Missing()
    session.delete(view)
    session.flush()
