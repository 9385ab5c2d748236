"""The picture that a messenger or a social network shows beside the link of a public event."""

import hashlib
import json
import os
from threading import Lock
from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from crm.accounts.access import Public
from crm.core.db import Sess
from crm.core.documents import png
from crm.core.paths import TEMPLATES
from crm.core.web import settings_of
from crm.events.actions.sending import occasion_of
from crm.events.documents import share_card
from crm.events.queries.events import public_event
from crm.listings.routes.public.tongue import guest_router

router = guest_router()
_TEMPLATE = "events/share"
_ONE_AT_A_TIME = Lock()


@router.get("/events/{event_id}/share.png", name="events:share_picture")
def picture(request: Request, session: Sess, language: Public, event_id: UUID) -> Response:
    """Its name is made of what it says, and it is kept under it: nobody can have the same one drawn twice."""
    data = share_card(occasion_of(session, public_event(session, event_id)), language, settings_of(request).site_name)
    said = _digest(data)
    headers = {"ETag": f'"{said}"', "Cache-Control": "public, max-age=3600", "Content-Language": language}
    if said in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = _drawn(request, f"{event_id}-{language}", said, data)
    return Response(content, media_type="image/png", headers=headers)


def _digest(data: dict[str, Any]) -> str:
    template = (TEMPLATES / f"{_TEMPLATE}.typ").read_bytes()
    return hashlib.sha256(template + json.dumps(data, sort_keys=True).encode()).hexdigest()[:24]


def _drawn(request: Request, name: str, said: str, data: dict[str, Any]) -> bytes:
    """From the disk; else drawn there, in the place of what the event said before."""
    folder = settings_of(request).data_dir / "share"
    path = folder / f"{name}-{said}.png"
    if not path.exists():
        with _ONE_AT_A_TIME:
            if not path.exists():
                folder.mkdir(parents=True, exist_ok=True)
                draft = path.with_suffix(f".{os.getpid()}")
                draft.write_bytes(png(_TEMPLATE, data))
                draft.replace(path)
                for older in set(folder.glob(f"{name}-*.png")) - {path}:
                    older.unlink(missing_ok=True)
    return path.read_bytes()
