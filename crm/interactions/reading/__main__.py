"""The limited process: takes one message to pieces and writes them, as one JSON value, to its output file."""

import json
import sys
from pathlib import Path
from typing import Any

from crm.imports.reading.limiting import limit_process
from crm.interactions.reading.message import read_message
from crm.interactions.reading.outlook import is_outlook, read_outlook
from crm.interactions.reading.pieces import NoMessage


def main() -> int:
    """Reads its task (JSON) from standard input; exit status 0 also for what is no message."""
    task: dict[str, Any] = json.load(sys.stdin)
    limit_process(int(task["memory"]), int(task["seconds"]))
    data = Path(task["path"]).read_bytes()
    try:
        found = (read_outlook if is_outlook(data) else read_message)(data).told()
    except NoMessage:
        found = {}
    Path(task["output"]).write_text(json.dumps(found), "ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
