"""The app: every room in its place. To take a room away, delete its folders and its line in ``ROOMS``."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from crm.accounts.room import ROOM as ACCOUNTS
from crm.approvals.room import ROOM as APPROVALS
from crm.core.api import is_for_programs, problem
from crm.core.contributions import JobHandler, MailTaker, Room, Schedule
from crm.core.db import Database
from crm.core.errors import FactorNeeded, Missing, Moved, Problem, ProviderNeeded, Refused, SignInNeeded, WrongField
from crm.core.forms import sentence_for
from crm.core.i18n import Lazy, gettext
from crm.core.i18n import lazy_gettext as _l
from crm.core.paths import STATIC
from crm.core.security import Guard
from crm.core.settings import Settings, read_settings
from crm.core.templates import Environments
from crm.core.web import YEAR, ChooseLanguage, page, url_builder
from crm.events.room import ROOM as EVENTS
from crm.home.room import ROOM as HOME
from crm.imports.actions.apply import APPLY
from crm.imports.jobs import run_apply
from crm.imports.room import ROOM as IMPORTS
from crm.interactions.room import ROOM as INTERACTIONS
from crm.introductions.room import ROOM as INTRODUCTIONS
from crm.letters.mailbox import COLLECT, collect_mails
from crm.letters.room import ROOM as LETTERS
from crm.listings.room import ROOM as LISTINGS
from crm.organisations.room import ROOM as ORGANISATIONS
from crm.people.room import ROOM as PEOPLE
from crm.privacy.actions.retention import DELETE, PROPOSE, Keeping, delete_approved, propose_all
from crm.privacy.room import ROOM as PRIVACY
from crm.tasks.room import ROOM as TASKS

ROOMS: list[Room] = [
    ACCOUNTS,
    ORGANISATIONS,
    PEOPLE,
    LETTERS,
    APPROVALS,
    PRIVACY,
    TASKS,
    IMPORTS,
    INTERACTIONS,
    INTRODUCTIONS,
    LISTINGS,
    EVENTS,
    HOME,
]


def keeping() -> Keeping:
    """How long what is kept, and how it goes, as all rooms together say it."""
    return Keeping(
        rules=[rule for room in ROOMS for rule in room.retention],
        in_use=[used for room in ROOMS for used in room.in_use],
        withdrawal=[rule for room in ROOMS for rule in room.withdrawal_rules],
        erasure=[rule for room in ROOMS for rule in room.erasure_rules],
    )


def mail_takers() -> list[MailTaker]:
    return sorted((taker for room in ROOMS for taker in room.mail), key=lambda taker: taker.order)


def job_handlers() -> list[JobHandler]:
    """Also those that need what every room says."""
    return [
        *(handler for room in ROOMS for handler in room.jobs),
        JobHandler(PROPOSE, partial(propose_all, keeping())),
        JobHandler(DELETE, partial(delete_approved, keeping())),
        JobHandler(APPLY, partial(run_apply, [rule for room in ROOMS for rule in room.met])),
        JobHandler(COLLECT, partial(collect_mails, mail_takers())),
    ]


def schedules() -> list[Schedule]:
    return [schedule for room in ROOMS for schedule in room.schedules]


_MENU = sorted((entry for room in ROOMS for entry in room.menu), key=lambda entry: entry.order)

_TEMPLATES = Environments()
"""Compiled once in a process, however many applications it makes."""

_EXPLAINED = (
    Problem, HTTPException, RequestValidationError, StaleDataError, IntegrityError, OperationalError,
    Exception,
)  # fmt: skip


def create_app(settings: Settings | None = None) -> FastAPI:
    """The whole web application; also a uvicorn factory (``crm.app:create_app``)."""
    settings = settings or read_settings()
    app = FastAPI(title=settings.site_name, docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.settings = settings
    app.state.database = Database(settings.database_url)
    app.state.templates = _TEMPLATES
    app.state.menu = make_menu
    app.state.addresses = {}
    for name in ("panels", "tiles", "today", "record", "found", "my_data", "many"):
        offered = (part for room in ROOMS for part in getattr(room, name))
        setattr(app.state, name, sorted(offered, key=lambda part: part.order))
    app.state.calendar = [source for room in ROOMS for source in room.calendar]
    app.state.merge_rules = [rule for room in ROOMS for rule in room.merge_rules]
    app.state.joined = [ask for room in ROOMS for ask in room.joined]
    app.state.handed = sorted((part for room in ROOMS for part in room.handed), key=lambda part: part.order)
    app.state.acts = {act.kind: act for room in ROOMS for act in room.acts}
    app.state.keeping = keeping()
    app.state.transfer_checks = [rule for room in ROOMS for rule in room.transfer_checks]
    app.state.transfer_rules = [rule for room in ROOMS for rule in room.transfer_rules]
    app.state.doors = {kind: door for room in ROOMS for kind, door in room.doors.items()}
    app.state.story = [source for room in ROOMS for source in room.story]
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(ChooseLanguage)
    app.mount("/static", KeptStatic(directory=STATIC), name="static")
    for room in ROOMS:
        for router in (*room.routers, *room.api):
            # Included by FastAPI, each would be looked for twice.
            app.router.routes.extend(router.routes)
    for kind in _EXPLAINED:
        app.add_exception_handler(kind, _explain)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Few threads per process: more only fight for the interpreter lock; scale by processes."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = 4
    yield
    app.state.database.engine.dispose()


class KeptStatic(StaticFiles):
    """Static files carry their version in the address, so browsers may keep them for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        versioned = b"v=" in scope["query_string"]
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if versioned else "no-cache"
        return response


@dataclass(frozen=True)
class MenuItem:
    label: Lazy
    href: str
    icon: str
    current: bool
    aside: bool


def make_menu(request: Request, actor: Any) -> tuple[MenuItem, ...]:
    url, path = url_builder(request), request.url.path
    places = [(entry, url(entry.route)) for entry in _MENU if not entry.permission or actor.may(entry.permission)]
    return tuple(MenuItem(entry.label, href, entry.icon, _is_within(path, href), entry.aside) for entry, href in places)


def _is_within(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))


async def _explain(request: Request, error: Exception) -> Response:
    """One page for every error: what happened and what to do, in the reader's language; to a program, a problem."""
    status, sentence = _status_and_sentence(error)
    if isinstance(error, Moved) and (address := _now_at(request, error)):
        return RedirectResponse(address, 307)  # not for good: a merge can be undone
    if is_for_programs(request):
        said = problem(status, sentence, _wrong_fields(error))
        if status == 405:
            said.headers["Allow"] = ", ".join(_methods(request))
        return said
    if isinstance(error, SignInNeeded) and request.method == "GET":
        return RedirectResponse(url_builder(request)("accounts:sign_in") + f"?next={request.url.path}", 303)
    if isinstance(error, FactorNeeded) and request.method == "GET":
        return RedirectResponse(url_builder(request)("accounts:factor"), 303)
    if isinstance(error, ProviderNeeded) and request.method == "GET":
        return RedirectResponse(url_builder(request)("accounts:provider_needed"), 303)
    request.state.actor = getattr(request.state, "actor", None)
    shown = status if status in (403, 404, 409, 410, 422, 429) else 500
    frame = "public.html" if "language" in request.path_params else "base.html"
    stands = url_builder(request)("people:detail", person_id=error.now) if isinstance(error, Moved) else None
    return page(request, f"errors/{shown}", status=status, sentence=sentence, frame=frame, stands=stands)


def _now_at(request: Request, moved: Moved) -> str | None:
    """The same page of the record that stands; None where something was sent, or the address does not name it."""
    asked = f"{request.url.path}?{request.url.query}".rstrip("?")
    leads_on = request.method in ("GET", "HEAD") and str(moved.old) in asked
    return asked.replace(str(moved.old), str(moved.now)) if leads_on else None


def _methods(request: Request) -> list[str]:
    """Of every route with this path: each method has one of its own."""
    found = (route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE)
    return sorted({method for route in found for method in getattr(route, "methods", None) or ()})


def _wrong_fields(error: Exception) -> list[tuple[str, str]]:
    if isinstance(error, WrongField):
        return [(error.field, str(error))]
    if isinstance(error, RequestValidationError):
        return [(".".join(map(str, _place(each["loc"]))), sentence_for(each)) for each in error.errors()]
    return []


def _place(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """A field is called the same, whether the body is wrong by itself or with what is stored."""
    return loc[1:] if loc[0] == "body" and len(loc) > 1 else loc


def _status_and_sentence(error: Exception) -> tuple[int, str]:
    if isinstance(error, Problem):
        return error.status, str(error)
    if isinstance(error, StaleDataError):
        return 409, str(Refused(_l("Somebody else changed this record while you were editing it.")))
    if isinstance(error, HTTPException):
        known = {400: str(Problem()), 404: str(Missing())}
        return error.status_code, known.get(error.status_code) or gettext("This cannot be done now.")
    if isinstance(error, IntegrityError):
        return 409, gettext("Somebody else stored the same thing a moment ago. Please look again.")
    if isinstance(error, RequestValidationError):
        return 422, gettext("Something in this request could not be understood.")
    if isinstance(error, OperationalError):
        return 503, gettext("The database does not answer just now. Nothing was changed; please try again in a minute.")
    return 500, gettext("Something went wrong on our side. Nothing was changed.")
