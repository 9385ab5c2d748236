"""Servers as processes of their own, and the CPU time that they and the database have used."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(
    target: str, port: int, environ: dict[str, str], *, processes: int = 2, factory: bool = True
) -> Iterator[int]:
    """Yields the process id of a uvicorn parent that answers on ``port``."""
    command = [sys.executable, "-m", "uvicorn", target, "--port", str(port), "--workers", str(processes)]
    command += ["--no-access-log", "--log-level", "error", *(["--factory"] if factory else [])]
    server = subprocess.Popen(command, env={**os.environ, **environ}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/health")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        waiting += children.get(current, [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of these processes, in seconds; those that have ended count nothing."""
    fields = [stat for pid in pids if (stat := _stat(pid))]
    return sum(int(stat[11]) + int(stat[12]) for stat in fields) / TICK


def postgres_pids() -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        name = entry / "comm"
        if entry.name.isdigit() and name.exists() and name.read_text().startswith("postgres"):
            found.append(int(entry.name))
    return found


def peak_mib(pids: list[int]) -> float:
    """The largest resident size among these processes, in MiB."""
    largest = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                largest = max(largest, int(line.split()[1]))
    return largest / 1024


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/<pid>/stat after the name: state, parent, …"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
