"""CSV, TSV and their relatives, line by line: a file of any length is never held whole as rows."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crm.core.names.scripts import strip_controls
from crm.imports.reading.encodings import decode, detect, known_name
from crm.imports.reading.errors import Unreadable
from crm.imports.reading.shapes import Grid, Line

MOST_COLUMNS = 256
MOST_ROWS = 300_000
csv.field_size_limit(1_000_000)


def read_delimited(path: Path, encoding: str | None) -> tuple[list[Grid], str]:
    data = path.read_bytes()
    chosen = known_name(encoding) if encoding else detect(data)
    text, chosen = decode(data, chosen)
    if not text.strip("\ufeff \r\n\t,;\x00"):
        raise Unreadable("empty")
    delimiter = delimiter_of(text[:200_000])
    lines = TextLines(path, chosen, delimiter, _quoting(text[:200_000], delimiter))
    widest = max((len(line.cells) for line in Grid("", lines).head(200)), default=0)
    if widest > MOST_COLUMNS:
        raise Unreadable("too_many_columns", count=widest, limit=MOST_COLUMNS)
    return [Grid("", lines)], chosen


def _quoting(text: str, delimiter: str) -> int:
    """Quotes mean nothing where one is left open and swallows rows: then every line is a row."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True))
    swallowed = max((cell.count("\n") for row in rows for cell in row if delimiter in cell), default=0)
    return csv.QUOTE_NONE if rows and (swallowed > 15 or (swallowed and text.count('"') % 2)) else csv.QUOTE_MINIMAL


class TextLines:
    """Walks the file anew each time. Numbers are those of rows, as a spreadsheet program shows them."""

    def __init__(self, path: Path, encoding: str, delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> None:
        self.path, self.encoding, self.delimiter, self.quoting = path, encoding, delimiter, quoting

    def __iter__(self) -> Iterator[Line]:
        with self.path.open(encoding=self.encoding, newline="", errors="replace") as file:
            rows = csv.reader(file, delimiter=self.delimiter, skipinitialspace=True, quoting=self.quoting)  # type: ignore[arg-type]
            for number, row in enumerate(rows, start=1):
                if number > MOST_ROWS:
                    raise Unreadable("too_many_rows", limit=MOST_ROWS)
                if self.quoting == csv.QUOTE_NONE:
                    row = [cell.strip('"') for cell in row]
                yield Line(
                    number, [cell if cell.isascii() and cell.isprintable() else strip_controls(cell) for cell in row]
                )


def delimiter_of(text: str) -> str:
    """The delimiter that gives most rows the same, largest number of columns."""
    if text.lstrip("\ufeff")[:4].casefold() == "sep=":
        return text.lstrip("\ufeff")[4]
    return max("\t;,|", key=lambda delimiter: _agreement(text, delimiter))


def _agreement(text: str, delimiter: str) -> float:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        widths = Counter(
            len(row) for _, row in zip(range(300), rows, strict=False) if any(cell.strip() for cell in row)
        )
    except csv.Error:
        return 0.0
    total = sum(widths.values())
    several = [(count, width) for width, count in widths.items() if width > 1]
    if not total or not several:
        return 0.0
    count, width = max(several)
    return count / total * float(min(width, 12) ** 0.5)
