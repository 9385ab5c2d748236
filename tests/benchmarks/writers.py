"""Eight people who save at once."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from lxml import html

from tests.benchmarks.processes import cpu_seconds, descendants, postgres_pids

SAVES = 40


@dataclass(frozen=True)
class Saving:
    """``cpu``: milliseconds per save; ``p50`` and ``p95``: how long a save took, in milliseconds."""

    cpu: float
    p50: float
    p95: float
    failed: int


def save_at_once(port: int, server: int, cookie: str, people: list[str]) -> Saving:
    """Each writer edits a person of its own, again and again."""
    pids = descendants(server) + postgres_pids()
    with ThreadPoolExecutor(len(people)) as pool:
        forms = list(pool.map(lambda person: _form(port, cookie, person), people))
        before = cpu_seconds(pids)
        lots = list(pool.map(lambda pair: _save(port, cookie, *pair), zip(people, forms, strict=True)))
        cpu = cpu_seconds(pids) - before
    times = sorted(took for lot in lots for took, _ in lot)
    failed = sum(status != 303 for lot in lots for _, status in lot)
    return Saving(cpu * 1000 / len(times), times[len(times) // 2], times[int(len(times) * 0.95)], failed)


def _form(port: int, cookie: str, person: str) -> list[tuple[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", f"/people/{person}/edit", headers={"Cookie": cookie})
    page: Any = html.fromstring(connection.getresponse().read().decode())
    [form] = [form for form in page.forms if form.action and form.action.endswith(f"/people/{person}")]
    return [(name, value) for name, value in form.form_values() if name != "title"]


def _save(port: int, cookie: str, person: str, form: list[tuple[str, str]]) -> list[tuple[float, int]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    version = int(dict(form)["version"])
    fields = [(name, value) for name, value in form if name != "version"]
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    done = []
    for number in range(SAVES):
        typed = [*fields, ("title", f"Professor {number} {time.time_ns()}"), ("version", str(version))]
        started = time.perf_counter()
        connection.request("POST", f"/people/{person}", urlencode(typed), headers)
        answer = connection.getresponse()
        answer.read()
        done.append(((time.perf_counter() - started) * 1000, answer.status))
        version = version + 1 if answer.status == 303 else int(dict(_form(port, cookie, person))["version"])
    return done
