"""Read a message in a process of its own, with limits on memory and time."""

import json
import tempfile
from pathlib import Path
from typing import Final

from crm.imports.reading.errors import Unreadable
from crm.imports.reading.sandbox import Limits, run_limited
from crm.interactions.reading.pieces import NoMessage, Pieces

_LIMITS: Final = Limits(memory=1_000_000_000, seconds=20, patience=60)


def read_limited(data: bytes) -> Pieces:
    """Raises NoMessage, or Unreadable whatever the message does to its reader."""
    with tempfile.TemporaryDirectory(prefix="message-") as folder:
        given, output = Path(folder) / "message", Path(folder) / "pieces"
        given.write_bytes(data)
        task = {"path": str(given), "output": str(output), "memory": _LIMITS.memory, "seconds": _LIMITS.seconds}
        run_limited("crm.interactions.reading", json.dumps(task), _LIMITS)
        if not output.exists():
            raise Unreadable("crashed")
        told = json.loads(output.read_bytes())
    if not told:
        raise NoMessage()
    return Pieces.heard(told)
