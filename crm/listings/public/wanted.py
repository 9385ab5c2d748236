"""What the address of the map asks for."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel

from crm.core.paging import decode_cursor
from crm.listings.public.index import FACETS, Order, PublicIndex

_LONGEST = 200
_MOST = 100


class MapSearch(BaseModel):
    """Anything may stand in an address, so nothing is refused: what cannot be understood is left out."""

    mission: list[str] = []
    country: list[str] = []
    city: list[str] = []
    institution: list[str] = []
    field: list[str] = []
    spoken: list[str] = []
    open_to: list[str] = []
    q: str = ""
    after: str = ""
    view: str = ""
    sort: str = ""
    width: str = ""

    @property
    def chosen(self) -> dict[str, Sequence[str]]:
        return {name: getattr(self, name)[:_MOST] for name in FACETS}

    @property
    def text(self) -> str:
        return " ".join(self.q.replace("\0", "").split())[:_LONGEST]

    @property
    def pixels(self) -> int | None:
        return int(self.width) if self.width.isascii() and self.width.isdigit() and len(self.width) < 6 else None

    def order(self, index: PublicIndex) -> Order:
        return index.orders.get(self.sort) or index.orders["name"]

    def start(self, order: Order) -> int:
        cursor = decode_cursor(self.after, len(order.keys[0])) if order.keys else None
        return order.start(cursor) if cursor else 0


Wanted = Annotated[MapSearch, Query()]


def wants_map_alone(request: Request) -> bool:
    return request.headers.get("x-fragment") == "map"
