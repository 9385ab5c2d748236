"""``python -m crm.core.maps build``: draws the land that set-up has fetched, unless it is drawn already."""

import sys
from pathlib import Path

from crm.core.maps.land import SOURCE, TARGET, build

USAGE = "usage: python -m crm.core.maps build\n"


def main(arguments: list[str]) -> int:
    if arguments != ["build"]:
        sys.stderr.write(USAGE)
        return 2
    drawn = TARGET / "index.json"
    origins = [SOURCE / "land-50m.json", SOURCE / "land-10m.json", *Path(__file__).parent.glob("*.py")]
    try:
        if drawn.is_file() and drawn.stat().st_mtime >= max(origin.stat().st_mtime for origin in origins):
            return 0
        names = build()
    except FileNotFoundError as missing:
        sys.stderr.write(f"maps: {missing.filename} is missing; run `make install`\n")
        return 1
    sys.stdout.write(f"maps: {len(names)} sheets of land in static/vendor/land\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
