"""Every figure that is promised, beside its limit. ``python -m tests.benchmarks [--people N] [--database postgresql]``

CPU milliseconds per request (application and database), also as a multiple of a bare answer in the same run.
``--parts`` chooses some of: pages, saves, weights, start, lists, journal, matching,
events. The people are in ``var/bench``.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import lists
from tests.benchmarks.data import prepare, somebody_signed_in, somebody_well_known
from tests.benchmarks.events import event_jobs, measure_events
from tests.benchmarks.journal import verify_sealed
from tests.benchmarks.matching import febrl_quality, scan_seconds
from tests.benchmarks.pages import Job, jobs, measure
from tests.benchmarks.processes import descendants, peak_mib, serving
from tests.benchmarks.start import start
from tests.benchmarks.weights import weight
from tests.benchmarks.writers import save_at_once
from tests.databases import administer, beside, debian_server

PORT, BARE_PORT = 8791, 8792
PARTS = ("pages", "saves", "weights", "start", "lists", "journal", "matching", "events")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS)
    wanted = parser.parse_args()
    with database(wanted.database) as server:
        url = beside(server, "bench") if server else ""
        print(f"{wanted.people} people on {wanted.database}")
        if set(wanted.parts) - {"lists", "journal", "matching"}:
            measure_served(wanted.people, url, wanted.parts)
        if "lists" in wanted.parts:
            measure_lists(server)
        if "journal" in wanted.parts:
            tell("journal lines verified", verify_sealed(fresh(server)), -50_000, "a second")
        if "events" in wanted.parts:
            figures = measure_events(fresh(server))
            tell("10,000 letters queued", figures.queued, 5, "CPU s")
            tell("sending, of a bare loop", figures.share, -0.8)
            tell("300 badges", figures.badges, 5, "s")
        if "matching" in wanted.parts and wanted.database == "sqlite":
            measure_matching(wanted.people)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of a PostgreSQL server of our own with an empty database; nothing for SQLite."""
    if kind == "sqlite":
        yield ""
        return
    folder = Path(tempfile.mkdtemp(prefix="meguri-bench-"))
    [*_, programs] = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    try:
        with debian_server(programs, folder) as url:
            administer(url, "CREATE DATABASE bench")
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_served(people: int, url: str, parts: list[str]) -> None:
    environ = prepare(people, url)
    cookie, ids = somebody_signed_in(environ["CRM_DATABASE_URL"])
    known = somebody_well_known(environ["CRM_DATABASE_URL"])
    if "start" in parts:
        cpu, mib = start(PORT, environ)
        tell("start, CPU seconds", cpu, 3)
        tell("start, MiB in a process", mib, 150)
    with serving("tests.benchmarks.bare:app", BARE_PORT, environ, factory=False) as bare:
        base = measure(BARE_PORT, bare, Job("bare", "/", 0, 0), "")
    with serving("crm.app:create_app", PORT, environ) as server:
        print(f"{'a bare answer':26} {base:8.2f} CPU ms")
        for job in jobs(ids[0], known) if "pages" in parts else []:
            cost = measure(PORT, server, job, cookie)
            tell(job.name, cost, job.limit(not url), f"CPU ms  {cost / base:5.1f} × bare")
        for job in event_jobs(environ["CRM_DATABASE_URL"]) if "events" in parts else []:
            cost = measure(PORT, server, job, cookie)
            tell(job.name, cost, job.limit(not url), f"CPU ms  {cost / base:5.1f} × bare")
        if "saves" in parts:
            saving = save_at_once(PORT, server, cookie, ids)
            tell("save", saving.cpu, 8, f"CPU ms  {saving.cpu / base:5.1f} × bare")
            tell("8 writers, p95 / p50", saving.p95 / saving.p50, 5, f"({saving.p95:.0f} ms, {saving.p50:.0f} ms)")
            tell("8 writers, failed saves", saving.failed, 0)
        if "weights" in parts:
            for path, limit in (("/ja/map", 60), ("/en/map", 60), ("/people", 80), (f"/people/{ids[0]}", 80)):
                tell(f"first visit of {path[:12]}", weight(PORT, path, cookie), limit, "KB")
        print(f"{'memory at the end':26} {peak_mib(descendants(server)):8.0f} MiB in the largest process")


def measure_lists(server: str) -> None:
    small, large = (lists.read_csv(rows, fresh(server)) for rows in (10_000, 100_000))
    tell("CSV, rows a second", large.rows / large.seconds, -1_000)
    tell("CSV, growth of memory", large.mib - small.mib, 100, "MiB between 10,000 and 100,000 rows")
    tell("XLSX of 10,000 rows", lists.read_xlsx(10_000, fresh(server)).seconds, 15, "s")


def measure_matching(people: int) -> None:
    tell(f"scan of {people} people", scan_seconds(people), 60, "CPU s")
    quality = febrl_quality()
    tell("FEBRL 4, F1", quality.f1, -0.99, f"with {quality.threshold}, chosen on the other half")


def fresh(server: str) -> str:
    """The address of an empty database of this server; nothing for SQLite, where each list has its own file."""
    if not server:
        return ""
    administer(server, "DROP DATABASE IF EXISTS lists", "CREATE DATABASE lists")
    return beside(server, "lists")


def tell(name: str, figure: float, limit: float, unit: str = "") -> None:
    """A negative limit is the least that is wanted."""
    missed = figure < -limit if limit < 0 else figure > limit
    verdict = f"{'below' if limit < 0 else 'above'} {abs(limit):g}" if missed else ""
    print(f"{name:26} {figure:8.2f} {unit:24} {verdict}", flush=True)


if __name__ == "__main__":
    main()
