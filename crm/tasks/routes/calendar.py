from typing import Annotated

from fastapi import Form as Posted
from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import Public, TaskEditor
from crm.accounts.private import renew_address, revoke_address, standing_address
from crm.core.db import Sess
from crm.core.i18n import gettext as _
from crm.core.routing import Router
from crm.core.web import flash, go, page, settings_of, url_builder
from crm.tasks.calendar import (
    address_token,
    calendar_text,
    deadlines_of,
    reader_behind,
)
from crm.tasks.models import CalendarLink
from crm.tasks.summaries import wish, wish_of

router = Router()


@router.get("/tasks/calendar", name="tasks:calendar")
def calendar(request: Request, session: Sess, editor: TaskEditor) -> Response:
    link, settings = standing_address(session, editor, CalendarLink), settings_of(request)
    path = url_builder(request)("tasks:feed", token=address_token(settings, link)) if link else ""
    return page(
        request,
        "tasks/calendar",
        address=settings.base_url + path if path else "",
        wanted=wish_of(session, editor) is not None,
    )


@router.post("/tasks/calendar", name="tasks:calendar_make")
def make(request: Request, session: Sess, editor: TaskEditor) -> Response:
    renew_address(session, editor, CalendarLink(user_id=editor.user_id, office_id=editor.office_id))
    return go(request, "tasks:calendar")


@router.post("/tasks/calendar/revoke", name="tasks:calendar_revoke")
def revoke(request: Request, session: Sess, editor: TaskEditor) -> Response:
    revoke_address(session, editor, CalendarLink)
    flash(request, _("The address has been revoked. Calendars that used it get nothing more."))
    return go(request, "tasks:calendar")


@router.post("/tasks/calendar/mail", name="tasks:summary")
def mail(request: Request, session: Sess, editor: TaskEditor, wanted: Annotated[bool, Posted()] = False) -> Response:
    wish(session, editor, wanted)
    flash(request, _("Your follow-ups come by mail every morning.") if wanted else _("The morning mail has stopped."))
    return go(request, "tasks:calendar")


@router.get("/calendar/{token}.ics", name="tasks:feed")
def feed(request: Request, session: Sess, _language: Public, token: str) -> Response:
    """For a calendar program: the address is the key."""
    settings = settings_of(request)
    actor = reader_behind(session, settings, token)
    deadlines = deadlines_of(session, actor, request.app.state.calendar)
    text = calendar_text(f"{settings.site_name}: {actor.office_name}", deadlines, settings.base_url)
    return Response(text, media_type="text/calendar", headers={"Cache-Control": "private, no-cache"})
