"""The limited process: a picture as a camera writes it becomes a smaller one that says nothing but what is to be seen.

Only the points are taken over: place, time, device, comments and thumbnails of the camera stay behind.
"""

import json
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from crm.imports.reading.limiting import limit_process

_DIRECT = ("RGB", "L", "CMYK", "YCbCr")
"""What JPEG knows; all else may be transparent."""


def main() -> int:
    """Reads its task (JSON) from standard input; exit status 0 also for what is no picture."""
    task: dict[str, Any] = json.load(sys.stdin)
    limit_process(int(task["memory"]), int(task["seconds"]))
    told = remake(task)
    Path(task["told"]).write_text(json.dumps(told), "ascii")
    return 0


def remake(task: dict[str, Any]) -> dict[str, Any]:
    """The size of the new picture, or why there is none. How large it will be is asked before a point is read."""
    try:
        with Image.open(task["path"], formats=("JPEG", "PNG")) as found:
            if found.width * found.height > task["points"]:
                return {"refused": "too_many_points"}
            made = _small(found, task["longest"])
            made.save(task["output"], "JPEG", quality=85, optimize=True)
            return {"width": made.width, "height": made.height}
    except Image.DecompressionBombError:
        return {"refused": "too_many_points"}
    except Exception:  # a damaged picture fails in many ways
        return {"refused": "damaged"}


def _small(found: Image.Image, longest: int) -> Image.Image:
    """Upright, on white where it was transparent."""
    image = found if found.mode in _DIRECT else found.convert("RGBA")
    image.thumbnail((longest, longest))
    upright = ImageOps.exif_transpose(image) or image
    made = Image.new("RGB", upright.size, "white")
    made.paste(upright.convert("RGB"), mask=upright.getchannel("A") if upright.mode == "RGBA" else None)
    return made


if __name__ == "__main__":
    sys.exit(main())
