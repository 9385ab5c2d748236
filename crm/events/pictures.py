"""Pictures that are taken in: which kinds, made anew in a process with limits, and where they are kept."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import UploadFile

from crm.core.errors import WrongField
from crm.core.files import Store
from crm.core.i18n import Lazy
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import Settings
from crm.core.stores import store_of
from crm.imports.actions.upload import plain_name
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.sandbox import Limits, run_limited
from crm.interactions.files import checked, sent_files

MEDIA_TYPE: Final = "image/jpeg"
"""Of what is kept."""
ACCEPT: Final = ".jpg,.jpeg,.png"
LONGEST: Final = 1600
"""Points: 240 to the inch across a page."""
MOST_MEGAPIXELS: Final = 80
_TAKEN: Final = ("image/jpeg", "image/png")
_LIMITS: Final = Limits(memory=1_500_000_000, seconds=20, patience=40)


@dataclass(frozen=True)
class Remade:
    data: bytes
    width: int
    height: int


def photographs(settings: Settings) -> Store:
    return store_of(settings, "pictures")


def remade_files(files: Sequence[UploadFile]) -> list[Remade]:
    """All of them, or a sentence about the first that is not taken."""
    return [_remade(plain_name(name), data) for name, data in sent_files(files)]


def _remade(name: str, data: bytes) -> Remade:
    if checked(name, data).media_type not in _TAKEN:
        why = _l(
            "%(name)s is not taken: only JPEG and PNG. A phone’s HEIC picture must be saved as JPEG first.", name=name
        )
        raise WrongField("files", why)
    with tempfile.TemporaryDirectory(prefix="picture-") as folder:
        given, output, told = (Path(folder) / each for each in ("given", "output", "told"))
        given.write_bytes(data)
        try:
            run_limited("crm.events.remaking", _task(given, output, told), _LIMITS)
            said: dict[str, Any] = json.loads(told.read_bytes())
        except (Unreadable, OSError, ValueError) as fault:
            raise WrongField("files", _why("damaged", name)) from fault
        if "refused" in said:
            raise WrongField("files", _why(said["refused"], name))
        return Remade(output.read_bytes(), said["width"], said["height"])


def _task(given: Path, output: Path, told: Path) -> str:
    return json.dumps(
        {
            "path": str(given), "output": str(output), "told": str(told), "longest": LONGEST,
            "points": MOST_MEGAPIXELS * 1_000_000, "memory": _LIMITS.memory, "seconds": _LIMITS.seconds,
        }
    )  # fmt: skip


def _why(code: str, name: str) -> Lazy:
    if code == "too_many_points":
        return _l(
            "%(name)s has more than %(limit)s megapixels. Please make it smaller.", name=name, limit=MOST_MEGAPIXELS
        )
    return _l("%(name)s could not be read as a picture. It may be damaged; please save it again.", name=name)
