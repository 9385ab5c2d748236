"""CPU milliseconds per request, of the application and the database together."""

import http.client
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle

from tests.benchmarks.processes import cpu_seconds, descendants, postgres_pids

CONNECTIONS = 8
REQUESTS = 120
ROUNDS = 5


@dataclass(frozen=True)
class Post:
    path: str
    body: str
    kind: str = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Job:
    name: str
    path: str
    sqlite: float
    postgres: float
    """The most CPU milliseconds that it may cost."""
    signed_in: bool = True
    known: bool = False
    """Asked again by somebody who has the answer already: 304."""
    posts: Sequence["Post"] = ()
    """Sent in turn instead of asking for ``path``: each is somebody else's."""

    def limit(self, on_sqlite: bool) -> float:
        return self.sqlite if on_sqlite else self.postgres


def jobs(person_id: str, well_known: str) -> list[Job]:
    return [
        Job("list of 50 people", "/people", 10, 15),
        Job("search 大 (one kanji)", "/people?q=%E5%A4%A7", 5, 8),
        Job("search おおの (kana)", "/people?q=%E3%81%8A%E3%81%8A%E3%81%AE", 5, 8),
        Job("search ohno (romaji)", "/people?q=ohno", 5, 8),
        Job("search university", "/people?q=university", 5, 8),
        Job("search zzqx (nobody)", "/people?q=zzqx", 5, 8),
        Job("suggestions while typing ohn", "/people/find?q=ohn", 5, 8),
        Job("record page", f"/people/{person_id}", 8, 8),
        Job("record with 500 contacts", f"/people/{well_known}", 10, 10),
        Job("likely matches while typing", "/people/alike?full_name=Ohno+Mari&institution=Boston+University", 10, 10),
        Job("today", "/", 10, 10),
        Job("public map and list", "/en/map", 3, 3, signed_in=False),
        Job("the same, known (304)", "/en/map", 1.5, 1.5, signed_in=False, known=True),
    ]


def measure(port: int, server: int, job: Job, cookie: str) -> float:
    """CPU milliseconds per request on ``CONNECTIONS`` connections: the best of ``ROUNDS``, for noise only adds."""
    headers = {"Cookie": cookie} if job.signed_in and cookie else {}
    if job.known:
        headers["If-None-Match"] = _etag(port, job.path)
    posts = cycle(job.posts)
    with ThreadPoolExecutor(CONNECTIONS) as pool:

        def ask_all(times: int) -> None:
            if job.posts:
                shares = [[next(posts) for _ in range(times)] for _ in range(CONNECTIONS)]
                list(pool.map(lambda share: send(port, share, headers), shares))
            else:
                list(pool.map(lambda _: ask(port, job.path, headers, times), range(CONNECTIONS)))

        ask_all(10)
        costs = []
        for _ in range(ROUNDS):
            pids = descendants(server) + postgres_pids()
            before = cpu_seconds(pids)
            ask_all(REQUESTS // CONNECTIONS)
            costs.append((cpu_seconds(pids) - before) * 1000 / REQUESTS)
        return min(costs)


def ask(port: int, path: str, headers: dict[str, str], times: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _ in range(times):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != (304 if "If-None-Match" in headers else 200):
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()


def send(port: int, posts: Sequence[Post], headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for post in posts:
        sent = {**headers, "Content-Type": post.kind, "Sec-Fetch-Site": "same-origin"}
        connection.request("POST", post.path, post.body, sent)
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (200, 303):
            raise RuntimeError(f"{post.path}: {answer.status}")
    connection.close()


def _etag(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.headers["ETag"]
