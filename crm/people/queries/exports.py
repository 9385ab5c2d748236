from collections.abc import Iterator
from uuid import UUID

from sqlmodel import Session

from crm.accounts.access import Actor
from crm.core.errors import Missing
from crm.core.paging import encode_cursor
from crm.people.forms import PersonSearch
from crm.people.models import Export
from crm.people.queries.known import Known, describe
from crm.people.queries.search import Matching, in_order, last_row

_AT_ONCE = 400


def people_in_order(session: Session, actor: Actor, wanted: PersonSearch) -> Iterator[list[Known]]:
    """All who answer the question, a few hundred at a time, as the reader may see them."""
    matching = Matching(session, actor, wanted)
    after: str | None = None
    while True:
        last = last_row(wanted.model_copy(update={"after": after}))
        statement = in_order(matching.shape, wanted.sort, bool(last))
        rows = session.execute(statement, {**matching.values, **last, "most": _AT_ONCE}).all()
        known = describe(session, actor, [row.id for row in rows])
        yield [known[row.id] for row in rows]
        if len(rows) < _AT_ONCE:
            return
        after = encode_cursor((rows[-1].order_key, rows[-1].id))


def export_of(session: Session, actor: Actor, export_id: UUID) -> Export:
    """Only who asked for it, and in the office that they asked in."""
    found = session.get(Export, export_id)
    if found is None or (found.user_id, found.office_id) != (actor.user_id, actor.office_id):
        raise Missing()
    return found
