"""Paper: a Typst template and its data become an accessible PDF (PDF/UA-1), with the fonts we carry and no others.

Typst runs in a process of its own: its fonts and caches would cost every web process about 100 MB for good.
This module imports little, for each document starts it anew.
"""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crm.core.paths import TEMPLATES, VENDOR

_SECONDS = 60


class DocumentFailed(RuntimeError):
    """The template could not be set; the message is Typst's."""


def pdf(template: str, data: dict[str, Any], made_at: datetime | None = None, *, files: Path | None = None) -> bytes:
    """``templates/<template>.typ`` reads ``data`` as ``json(bytes(sys.inputs.data))``, and files of that one folder."""
    order = {"template": template, "data": data, "made_at": int((made_at or datetime.now(UTC)).timestamp())}
    return _made({"format": "pdf", "files": str((files or TEMPLATES).resolve()), **order})


def png(template: str, data: dict[str, Any]) -> bytes:
    """The same as a picture of one page, a pixel a point."""
    return _made({"format": "png", "files": str(TEMPLATES), "template": template, "data": data})


def _made(order: dict[str, Any]) -> bytes:
    command = [sys.executable, "-m", "crm.core.documents"]
    done = subprocess.run(  # noqa: S603 (our own module, nothing of the data is on the command line)
        command, input=json.dumps(order).encode(), capture_output=True, timeout=_SECONDS, cwd=Path.cwd(), check=False
    )
    if done.returncode:
        raise DocumentFailed(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def _main() -> None:
    """The other side: an order as JSON comes in, the document goes out."""
    import typst  # noqa: PLC0415 (only here, so that no web process ever loads it)

    order = json.load(sys.stdin)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[VENDOR / "fonts"])
    compiler = typst.Compiler(
        (TEMPLATES / f"{order['template']}.typ").read_bytes(),
        root=Path(order["files"]),
        font_paths=fonts,
        sys_inputs={"data": json.dumps(order["data"])},
    )
    if order["format"] == "png":
        made = compiler.compile(format="png", ppi=72)
    else:
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=order["made_at"])
    sys.stdout.buffer.write(made if isinstance(made, bytes) else b"")


if __name__ == "__main__":
    _main()
