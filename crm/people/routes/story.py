from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import Actor, PeopleReader
from crm.core.contributions import StorySource
from crm.core.db import Sess
from crm.core.routing import Router
from crm.core.web import page
from crm.people.queries.story import story_of
from crm.people.queries.visible import visible_person

router = Router(prefix="/people")


@router.get("/{person_id}/story", name="people:story")
def story(
    request: Request,
    session: Sess,
    reader: PeopleReader,
    person_id: UUID,
    after: str | None = None,
    kind: str = "",
) -> Response:
    person = visible_person(session, reader, person_id)
    sources = sources_for(request, reader)
    chosen = [source for source in sources if not kind or source.kind == kind]
    chapters, earlier = story_of(session, reader, person_id, chosen, after)
    return page(request, "people/story", person=person, chapters=chapters, earlier=earlier, sources=sources, kind=kind)


def sources_for(request: Request, reader: Actor) -> list[StorySource]:
    return [source for source in request.app.state.story if reader.may(source.permission)]
