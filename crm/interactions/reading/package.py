"""The limited process: whether a file is the package that its ending says, told by its table of contents alone."""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from crm.imports.reading.limiting import limit_process

_OPEN_XML = "[Content_Types].xml"
_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_OPEN_DOCUMENT = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
ENDINGS = frozenset((*_PARTS, *_OPEN_DOCUMENT))


def is_package(path: Path, ending: str) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            if ending in _PARTS:
                return _OPEN_XML in names and any(name.startswith(_PARTS[ending]) for name in names)
            with package.open("mimetype") as told:
                return told.read(200).decode("ascii", "replace").startswith(_OPEN_DOCUMENT[ending])
    except Exception:  # a damaged package fails in many ways
        return False


def main() -> int:
    """Reads its task (JSON) from standard input; exit status 0 also for what is no package."""
    task: dict[str, Any] = json.load(sys.stdin)
    limit_process(int(task["memory"]), int(task["seconds"]))
    Path(task["output"]).write_text(json.dumps(is_package(Path(task["path"]), task["ending"])), "ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
