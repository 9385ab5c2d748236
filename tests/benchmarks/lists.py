"""Lists read through ``crm import``: rows a second, and how much memory grows with their length."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from crm.demo.people import invented_people
from crm.organisations.models import Organisation
from tests.benchmarks.data import crm, environ_of

HEADINGS = ["Name", "氏名", "フリガナ", "Position", "Institution", "Department", "City", "Country", "Field", "E-mail"]


@dataclass(frozen=True)
class Reading:
    rows: int
    seconds: float
    mib: float
    """The most that the process held at once."""


def read_csv(rows: int, url: str = "") -> Reading:
    environ = _empty("csv", url)
    path = Path(environ["CRM_DATA_DIR"]) / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *_lines(rows)])
    return _import(path, rows, environ)


def read_xlsx(rows: int, url: str = "") -> Reading:
    environ = _empty("xlsx", url)
    path = Path(environ["CRM_DATA_DIR"]) / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([HEADINGS, *_lines(rows)]):
            sheet.write_row(number, 0, line)
    return _import(path, rows, environ)


def _empty(name: str, url: str) -> dict[str, str]:
    environ = environ_of(0, url)
    folder = Path(environ["CRM_DATA_DIR"])
    if not url:
        environ["CRM_DATABASE_URL"] = f"sqlite:///{folder / name}.sqlite3"
        for old in folder.glob(f"{name}.sqlite3*"):
            old.unlink()
    crm("migrate", environ=environ)
    return environ


def _lines(rows: int) -> Iterator[list[str]]:
    places = [
        Organisation(name=f"Institute {number}", name_key="", city="Boston", country="US") for number in range(500)
    ]
    for one in invented_people(rows, places, 7):
        yield [
            one.latin or "", one.kanji or "", one.kana or "", one.title or "", one.institution or "", one.unit or "",
            one.city or "", one.country or "", "、".join(one.research_fields), one.email or "",
        ]  # fmt: skip


def _import(path: Path, rows: int, environ: dict[str, str]) -> Reading:
    """In a process of its own, by the command that anybody would give."""
    command = [sys.executable, "-m", "crm", "import", "pi-list", str(path), "--office", "us-bos"]
    started = time.perf_counter()
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL) as importing:
        _pid, status, used = os.wait4(importing.pid, 0)
        importing.returncode = status
    seconds = time.perf_counter() - started
    if status:
        raise RuntimeError(f"The import ended with {status}.")
    return Reading(rows, seconds, used.ru_maxrss / 1024)
