from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import PeopleReader
from crm.core.db import Sess
from crm.core.routing import Router
from crm.core.web import page
from crm.people.queries.sources import sources_of
from crm.people.queries.visible import visible_person

router = Router(prefix="/people/{person_id}/sources")


@router.get("", name="people:sources")
def sources(request: Request, session: Sess, reader: PeopleReader, person_id: UUID) -> Response:
    """Where each fact is from, and since when it is said."""
    person = visible_person(session, reader, person_id)
    return page(request, "people/sources", person=person, sources=sources_of(session, reader, person_id))
