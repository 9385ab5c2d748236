"""The limited process: reads one file and writes what it found, one JSON value a line, to its output file."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from crm.imports.reading.errors import Unreadable
from crm.imports.reading.extracting import items
from crm.imports.reading.guessing import guess_columns
from crm.imports.reading.limiting import limit_process
from crm.imports.reading.reader import read
from crm.imports.reading.shapes import Entry, EntryFields, Guess, Reading, Said, Skipped
from crm.imports.reading.signature import read_signature


def main() -> int:
    """Reads its task (JSON) from standard input; exit status 0 also where the file was refused with a reason."""
    task: dict[str, Any] = json.load(sys.stdin)
    limit_process(int(task["memory"]), int(task["seconds"]))
    with Path(task["output"]).open("w", encoding="utf-8") as output:
        try:
            _run(task, output)
        except Unreadable as refused:
            _write(
                output, {"refused": refused.code, "values": {key: str(value) for key, value in refused.values.items()}}
            )
        except (MemoryError, RecursionError):
            _write(output, {"refused": "crashed", "values": {}})
    return 0


def _run(task: dict[str, Any], output: IO[str]) -> None:
    path = Path(task["path"])
    if task["is_signature"]:
        reading = read_signature(path.read_text("utf-8"))
    else:
        reading = read(path, task["name"], task.get("encoding"))
    guess = guess_columns(reading, task["language"], grids=task["grids"], tables=_tables(task["tables"]))
    _write(output, _about(reading, guess))
    for item in items(reading, guess):
        if isinstance(item, Entry):
            _write(output, {"entry": {**plain(item), "fields": plain(item.fields)}})
        else:
            _write(output, {"skipped": plain(item)})
    _write(output, {"end": True})


def _tables(told: dict[str, Any]) -> dict[int, Said]:
    return {
        int(grid): Said(said["header"], {int(index): name for index, name in said["columns"].items()})
        for grid, said in told.items()
    }


def plain(thing: Entry | EntryFields | Skipped) -> dict[str, Any]:
    """Not `asdict`: that copies deeply, and takes longer than reading the row."""
    return {name: getattr(thing, name) for name in thing.__slots__}


def _about(reading: Reading, guess: Guess) -> dict[str, Any]:
    notes = list(reading.notes)
    notes += ["several_sheets"] if guess.also or guess.beside else []
    notes += ["unheaded"] if not guess.header and reading.grids[guess.grid].fields is None else []
    notes += ["country_from_title"] if guess.country else []
    names = [grid.name for grid in reading.grids]
    return {
        "file": reading.file,
        "kind": reading.kind,
        "encoding": reading.encoding,
        "grids": names,
        "notes": notes,
        "guess": asdict(guess),
    }


def _write(output: IO[str], value: dict[str, Any]) -> None:
    output.write(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.exit(main())
