"""CPU milliseconds per request (application and database), and as a multiple of a bare answer in the same run.

``python -m tests.benchmarks [--people N] [--url postgresql+psycopg://…]``; the data set is kept in ``var/bench``.
"""

import argparse
import http.client
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import col, select

from crm.accounts.models import Membership, Office
from crm.core.db import Database
from crm.people.models import Holding
from tests.benchmarks.processes import cpu_seconds, descendants, peak_mib, postgres_pids, serving
from tests.factories.accounts import a_post, a_session_cookie

CONNECTIONS = 8
REQUESTS = 400
PORT, BARE_PORT = 8791, 8792


@dataclass(frozen=True)
class Job:
    name: str
    path: str
    limit: float
    """CPU milliseconds that the page may cost (SQLite)."""
    signed_in: bool = True


def jobs(person_id: str) -> list[Job]:
    return [
        Job("list of 50 people", "/people", 10),
        Job("search, one kanji", "/people?q=%E5%A4%A7", 5),
        Job("search, romaji", "/people?q=ohno", 5),
        Job("record page", f"/people/{person_id}", 8),
        Job("public map and list", "/en/map", 3, signed_in=False),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--url", default="")
    wanted = parser.parse_args()
    environ = prepare(wanted.people, wanted.url)
    cookie, person_id = somebody_signed_in(environ["CRM_DATABASE_URL"])
    with serving("tests.benchmarks.bare:app", BARE_PORT, environ, factory=False) as bare:
        base = measure(BARE_PORT, bare, "/", "")
    with serving("crm.app:create_app", PORT, environ) as server:
        print(f"{wanted.people} people; a bare answer {base:.2f} CPU ms")
        for job in jobs(person_id):
            cost = measure(PORT, server, job.path, cookie if job.signed_in else "")
            verdict = "" if cost <= job.limit else f"  above {job.limit:g}"
            print(f"{job.name:22} {cost:6.2f} CPU ms  {cost / base:5.1f} × bare{verdict}")
        print(f"memory {peak_mib(descendants(server)):.0f} MiB in the largest process")


def prepare(people: int, url: str) -> dict[str, str]:
    folder = Path("var/bench") / str(people)
    environ = {"CRM_DATA_DIR": str(folder), "CRM_DATABASE_URL": url or f"sqlite:///{(folder / 'm.sqlite3').resolve()}"}
    done = folder / "ready"
    if not done.exists() or url:
        folder.mkdir(parents=True, exist_ok=True)
        for command in (["migrate"], ["demo", "--people", str(people)]):
            subprocess.run([sys.executable, "-m", "crm", *command], env={**os.environ, **environ}, check=True)
        done.touch()
    return environ


def somebody_signed_in(url: str) -> tuple[str, str]:
    """A session cookie of an attaché in Boston, and the id of a person whom that office holds."""
    with Database(url).writing() as session:
        cookie = a_session_cookie(session, a_post(session, "attache", "us-bos"))
        office = session.exec(select(Office.id).where(Office.code == "us-bos")).one()
        person = session.exec(select(col(Holding.person_id)).where(Holding.office_id == office).limit(1)).one()
        assert session.exec(select(Membership).limit(1)).first()
    return f"meguri_session={cookie}; meguri_language=ja", str(person)


def measure(port: int, server: int, path: str, cookie: str) -> float:
    """CPU milliseconds per request over ``REQUESTS`` requests on ``CONNECTIONS`` connections, after a warm-up."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda _: ask(port, path, cookie, 10), range(CONNECTIONS)))
        pids = descendants(server) + postgres_pids()
        before = cpu_seconds(pids)
        list(pool.map(lambda _: ask(port, path, cookie, REQUESTS // CONNECTIONS), range(CONNECTIONS)))
        return (cpu_seconds(pids) - before) * 1000 / REQUESTS


def ask(port: int, path: str, cookie: str, times: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(times):
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()


if __name__ == "__main__":
    main()
