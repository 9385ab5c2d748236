"""Read an uploaded file in a process of its own, with limits on memory and time. This is what the web imports."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crm.imports.reading.errors import Unreadable
from crm.imports.reading.shapes import ColumnGuess, Entry, EntryFields, Guess, Said, Skipped


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` in bytes of address space, `seconds` of processor time, `patience` in seconds of waiting."""

    memory: int = 2_000_000_000
    seconds: int = 120
    patience: int = 240


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user said about the file; None leaves it to the reader. `grids` are the sheets or tables to read."""

    encoding: str | None = None
    language: str | None = None
    grids: list[int] | None = None
    tables: dict[int, Said] = field(default_factory=dict)
    is_signature: bool = False
    """Not a list, but text about one person."""


class Outcome:
    """A file that was read. Entries stay on disk and are walked as often as wanted, until `close`."""

    def __init__(self, path: Path, about: dict[str, Any]) -> None:
        self.path = path
        self.file: str = about["file"]
        self.kind: str = about["kind"]
        self.encoding: str | None = about["encoding"]
        self.grids: list[str] = about["grids"]
        self.notes: list[str] = about["notes"]
        self.guess = _guess(about["guess"])

    def entries(self) -> Iterator[Entry]:
        for line in self._lines("entry"):
            yield Entry(**{**line, "fields": EntryFields(**line["fields"])})

    def skipped(self) -> Iterator[Skipped]:
        return (Skipped(**line) for line in self._lines("skipped"))

    def _lines(self, kind: str) -> Iterator[dict[str, Any]]:
        start = '{"' + kind + '":'
        with self.path.open(encoding="ascii") as lines:
            for line in lines:
                if line.startswith(start):
                    yield json.loads(line)[kind]

    def close(self) -> None:
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _guess(told: dict[str, Any]) -> Guess:
    columns = [ColumnGuess(**column) for column in told["columns"]]
    others = {name: [_guess(one) for one in told[name]] for name in ("beside", "unread")}
    return Guess(**{**told, **others, "columns": columns})


FIELD_NAMES = tuple(one.name for one in fields(EntryFields))


def read_file(path: Path, name: str, choices: Choices | None = None, limits: Limits | None = None) -> Outcome:
    """Raises Unreadable with a sentence for the user, whatever the file does to the reader."""
    limits = limits or Limits()
    choices = choices or Choices()
    with tempfile.NamedTemporaryFile(prefix="reading-", suffix=".jsonl", delete=False) as made:
        output = Path(made.name)
    try:
        run_limited("crm.imports.reading", _task(path, name, choices, limits, output), limits)
        return Outcome(output, _checked(output))
    except BaseException:
        output.unlink(missing_ok=True)
        raise


_QUICK = Limits(memory=1_000_000_000, seconds=5, patience=10)


def person_in(text: str) -> EntryFields | None:
    """Whom a mail signature, a business card as text or a vCard is of; None where no name is found in it."""
    with tempfile.NamedTemporaryFile("w", prefix="pasted-", suffix=".txt", encoding="utf-8") as pasted:
        pasted.write(text)
        pasted.flush()
        try:
            with read_file(Path(pasted.name), "", Choices(language="en", is_signature=True), _QUICK) as outcome:
                return next((entry.fields for entry in outcome.entries() if entry.problem is None), None)
        except Unreadable:
            return None


def _task(path: Path, name: str, choices: Choices, limits: Limits, output: Path) -> str:
    return json.dumps(
        {
            "path": str(path), "name": name, "output": str(output), "memory": limits.memory, "seconds": limits.seconds,
            "encoding": choices.encoding, "language": choices.language, "grids": choices.grids,
            "tables": {grid: asdict(said) for grid, said in choices.tables.items()},
            "is_signature": choices.is_signature,
        }
    )  # fmt: skip


def run_limited(module: str, task: str, limits: Limits) -> None:
    """The module must limit itself by what the task says; this waits no longer than the patience given."""
    command = [sys.executable, "-m", module]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no words of the user in the command
            command,
            input=task.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=limits.patience,
            check=False,
            close_fds=True,
        )
    except subprocess.TimeoutExpired as slow:
        raise Unreadable("too_long", limit=limits.patience) from slow
    if done.returncode < 0 and -done.returncode in {9, 24}:
        raise Unreadable("too_long", limit=limits.seconds)
    if done.returncode != 0:
        raise Unreadable("crashed")


def _checked(output: Path) -> dict[str, Any]:
    """The first line of the output; a refusal may come first or, for a long text, last."""
    with output.open("rb") as lines:
        first = lines.readline()
        lines.seek(max(0, output.stat().st_size - 4096))
        last = lines.read().rstrip(b"\n").rpartition(b"\n")[2]
    for line in (first, last):
        if line.startswith(b'{"refused"'):
            refused = json.loads(line)
            raise Unreadable(refused["refused"], **refused["values"])
    if last != b'{"end":true}':
        raise Unreadable("crashed")
    about: dict[str, Any] = json.loads(first)
    return about
