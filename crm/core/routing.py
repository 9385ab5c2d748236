"""Routes that are quick to tell apart, and that answer in one thread."""

from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from crm.core.db import session_for

Answer = Callable[[Request], Coroutine[Any, Any, Response]]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
FORM_LIMITS = {"max_files": 20, "max_fields": 2000}


class Route(APIRoute):
    """Compares the fixed beginning of its path before the pattern: a request walks the routes of all rooms.

    What was sent is read first; then one thread opens the session, finds out who asks, answers and commits. FastAPI
    itself changes threads for each dependency, and each change costs as much as a query. So a dependency is an
    ``async def`` that waits for nothing, and an endpoint a plain ``def``.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _awaitable(endpoint), **options)
        self.beginning = self.path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not scope["path"].startswith(self.beginning):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Answer:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if request.headers.get("content-type", "").startswith(FORMS):
                await request.form(**FORM_LIMITS)
            elif request.method not in ("GET", "HEAD"):
                await request.body()
            try:
                return await run_in_threadpool(_in_one_thread, request, answer)
            finally:
                await request.close()  # files that were sent lie aside until then

        return handle


class Router(APIRouter):
    """The routes of a room, or some of them."""

    def __init__(self, prefix: str = "") -> None:
        super().__init__(prefix=prefix, route_class=Route)


def _awaitable(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    async def at_once(*args: Any, **values: Any) -> Any:
        return endpoint(*args, **values)

    return at_once


def _in_one_thread(request: Request, answer: Answer) -> Response:
    with session_for(request) as session:
        request.state.session = session
        return _finished(answer(request))


def _finished(work: Coroutine[Any, Any, Response]) -> Response:
    try:
        work.send(None)
    except StopIteration as ended:
        response: Response = ended.value
        return response
    work.close()
    raise RuntimeError("A dependency waited for something in the thread of a request.")
