"""Starts the installed program on an empty database and opens a page, a style and an icon. Part of `.ci/wheel.sh`."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

import crm

PATHS = {"/ja/map": b"<html", "/static/css/app.css": b"{", "/static/vendor/icons.svg": b"<symbol"}


def main(checkout: str) -> int:
    if Path(checkout) in Path(crm.__file__).resolve().parents:
        print("wheel: the checkout was imported, not the wheel", file=sys.stderr)
        return 1
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "CRM_PORT": str(port)}
    command = [sys.executable, "-m", "crm", "serve", "--migrate"]
    with subprocess.Popen(command, env=environment, start_new_session=True) as server:
        try:
            for path, expected in PATHS.items():
                if expected not in fetch(f"http://127.0.0.1:{port}{path}", server):
                    print(f"wheel: {path} is not what it should be", file=sys.stderr)
                    return 1
        finally:
            server.terminate()
            server.wait(timeout=20)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
        print("wheel: the worker outlived the server", file=sys.stderr)
        return 1
    print("wheel: installed, started, pages open, stopped")
    return 0


def fetch(address: str, server: "subprocess.Popen[bytes]") -> bytes:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 (our own address)
                return bytes(answer.read())
        except (ConnectionError, URLError) as error:
            if getattr(error, "code", None):
                raise
            time.sleep(0.2)
    raise RuntimeError("The server stopped.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
