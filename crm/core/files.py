"""Where files that are kept with records lie: in a folder beside the database or elsewhere, see ``core.stores``.

Their names are ids of rows, never something that somebody typed. Whoever wants one asks the application, which asks
for rights first: no address of a bucket is ever given out.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote
from uuid import UUID

from starlette.responses import Response, StreamingResponse

from crm.core.columns import now
from crm.core.errors import Missing, Refused
from crm.core.i18n import lazy_gettext as _l

PIECE = 64 * 1024
STORES = ("attachments", "pictures")
"""Of files of contacts, and of photographs of events."""
_OLD = timedelta(hours=2)
"""Younger ones may be of a transaction that has not ended."""
_HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


class NotKept(Refused, OSError):
    """A fault of the store, as of a disk: who tries again later may have luck."""

    status = 502
    sentence = _l("The store of files does not answer. Nothing was changed; please try again later.")


class Store(Protocol):
    def keep(self, name: str, content: BinaryIO) -> None:
        """Whole or not at all; in the place of what had the name before."""

    def read(self, name: str) -> Iterator[bytes]:
        """Piece by piece. Missing at once where there is none."""

    def names(self, before: datetime | None = None) -> Iterator[str]:
        """Of all, or of those last written before then."""

    def remove(self, name: str) -> None:
        """Also where there is none."""


@dataclass(frozen=True)
class Folder:
    path: Path

    def keep(self, name: str, content: BinaryIO) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        half = self.path / f"{name}.part"
        with half.open("wb") as target:
            while piece := content.read(PIECE):
                target.write(piece)
        half.replace(self.path / name)

    def read(self, name: str) -> Iterator[bytes]:
        try:
            file = (self.path / name).open("rb")
        except FileNotFoundError as gone:
            raise Missing() from gone
        return _pieces(file)

    def names(self, before: datetime | None = None) -> Iterator[str]:
        for path in sorted(self.path.glob("*")):
            if before is None or path.stat().st_mtime < before.timestamp():
                yield path.name

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def keep(store: Store, file_id: UUID, data: bytes) -> None:
    """Before the row is committed: what a fault leaves without a row is swept away."""
    store.keep(str(file_id), BytesIO(data))


def download(store: Store, file_id: UUID, saved_as: str, media_type: str, size: int | None = None) -> Response:
    """Never a page of this site, whatever is in it. ``size``: in bytes, where it is known."""
    headers = {**_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(saved_as, safe='')}"}
    headers |= {"Content-Length": str(size)} if size is not None else {}
    return StreamingResponse(store.read(str(file_id)), media_type=media_type, headers=headers)


def sweep_store(store: Store, known: Callable[[Sequence[str]], Collection[str]]) -> None:
    """Remove files whose row is gone, because somebody removed or erased it or because a transaction failed."""
    old = list(store.names(now() - _OLD))
    kept = known(old)
    for name in old:
        if name not in kept:
            store.remove(name)
