"""Every route says who may enter."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from crm.accounts.access import Requires, maybe_signed_in, open_to_all
from crm.app import create_app
from crm.core.settings import read_settings
from tests.house.source import nothing


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[APIRoute]:
    folder = tmp_path_factory.mktemp("routes")
    return routes_of(create_app(read_settings({"CRM_DATA_DIR": str(folder)})))


def routes_of(app: FastAPI) -> list[APIRoute]:
    return [found for route in app.routes for found in flat(route)]


def flat(route: object) -> Iterator[APIRoute]:
    """Routes, also those of routers that the app keeps whole."""
    if isinstance(route, APIRoute):
        yield route
    else:
        inner = getattr(route, "original_router", None)
        for child in getattr(inner, "routes", []):
            yield from flat(child)


def doors_of(dependant: Dependant) -> list[str]:
    """What the route's dependencies ask for: a permission, a signed-in user, or nothing (public)."""
    doors = []
    for inner in dependant.dependencies:
        if isinstance(inner.call, Requires):
            doors.append(inner.call.permission.value if inner.call.permission else "signed in")
        elif inner.call in (open_to_all, maybe_signed_in):
            doors.append("public")
        else:
            doors += doors_of(inner)
    return doors


def test_every_route_declares_who_may_enter(routes: list[APIRoute]) -> None:
    table = [(sorted(route.methods or ()), route.path, doors_of(route.dependant)) for route in routes]
    for methods, path, doors in sorted(table, key=lambda row: row[1]):
        print(f"{'/'.join(methods):6} {path:50} {', '.join(doors)}")  # noqa: T201 (shown with -s: the table)
    assert len(table) > 1
    nothing([path for _, path, doors in table if not doors])


def test_every_route_has_a_name_of_its_room(routes: list[APIRoute]) -> None:
    nothing([route.path for route in routes if ":" not in route.name])


def test_no_two_routes_answer_to_one_name(routes: list[APIRoute]) -> None:
    names = [route.name for route in routes]
    nothing(sorted({name for name in names if names.count(name) > 1}))
