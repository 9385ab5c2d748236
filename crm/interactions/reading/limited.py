"""Read a message, or look into a package, in a process of its own, with limits on memory and time."""

import json
import tempfile
from pathlib import Path
from typing import Any, Final

from crm.imports.reading.errors import Unreadable
from crm.imports.reading.sandbox import Limits, run_limited
from crm.interactions.reading.pieces import NoMessage, Pieces

_LIMITS: Final = Limits(memory=1_000_000_000, seconds=20, patience=60)


def read_limited(data: bytes) -> Pieces:
    """Raises NoMessage, or Unreadable whatever the message does to its reader."""
    told = _told("crm.interactions.reading", data)
    if not told:
        raise NoMessage()
    return Pieces.heard(told)


def is_what_it_says(ending: str, data: bytes) -> bool:
    """For a package of files (``package.ENDINGS``)."""
    try:
        return bool(_told("crm.interactions.reading.package", data, ending=ending))
    except Unreadable:
        return False


def _told(module: str, data: bytes, **more: str) -> Any:
    with tempfile.TemporaryDirectory(prefix="message-") as folder:
        given, output = Path(folder) / "given", Path(folder) / "told"
        given.write_bytes(data)
        limits = {"memory": _LIMITS.memory, "seconds": _LIMITS.seconds}
        run_limited(module, json.dumps({"path": str(given), "output": str(output), **limits, **more}), _LIMITS)
        if not output.exists():
            raise Unreadable("crashed")
        return json.loads(output.read_bytes())
