"""Files beside the database: each under the id of its row, given out as a download, swept away when its row is gone."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from starlette.responses import FileResponse, Response

from crm.core.columns import now
from crm.core.errors import Missing

_OLD = timedelta(hours=2)
"""Younger ones may be of a transaction that has not ended."""
_HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}


def keep(folder: Path, file_id: UUID, data: bytes) -> None:
    """Before the row is committed: what a fault leaves without a row is swept away."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / str(file_id)).write_bytes(data)


def download(path: Path, name: str, media_type: str) -> Response:
    """Never a page of this site, whatever is in it."""
    if not path.is_file():
        raise Missing()
    return FileResponse(path, filename=name, media_type=media_type, headers=_HEADERS)


def sweep_folder(folder: Path, known: Callable[[Sequence[str]], Collection[str]]) -> None:
    """Remove files whose row is gone, because somebody removed or erased it or because a transaction failed."""
    before = (now() - _OLD).timestamp()
    old = [path for path in folder.glob("*") if path.stat().st_mtime < before]
    kept = known([path.name for path in old])
    for path in old:
        if path.name not in kept:
            path.unlink(missing_ok=True)
