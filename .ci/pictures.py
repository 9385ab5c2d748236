"""Takes the README's pictures: starts the program with the demo in an empty folder and looks at it. `make pictures`."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parent / "pictures"
ADDRESS, PASSWORD = "attache@example.org", "meguri-demo-2026"
SIZE = {"width": 1280, "height": 800}


def main() -> int:
    program = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if program is None:
        sys.stderr.write("pictures: install chromium\n")
        return 1
    with tempfile.TemporaryDirectory() as data, socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
        free.close()
        environment = {**os.environ, "CRM_DATA_DIR": data, "CRM_PORT": port}
        command = [sys.executable, "-m", "crm", "serve", "--migrate", "--demo", "--no-with-worker"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                take(f"http://127.0.0.1:{port}", program)
            finally:
                server.terminate()
    return 0


def take(address: str, program: str) -> None:
    wait_for(f"{address}/health")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport=SIZE, locale="ja-JP")
        page.goto("/ja/map", wait_until="networkidle")
        page.screenshot(path=FOLDER / "map.png")
        sign_in(page)
        page.goto("/people", wait_until="networkidle")
        page.screenshot(path=FOLDER / "people.png")
        browser.close()


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", ADDRESS)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto("/language/en?next=/")


def wait_for(address: str) -> None:
    for _ in range(600):
        with suppress(OSError):
            urllib.request.urlopen(address).close()  # noqa: S310 (our own server)
            return
        time.sleep(0.1)
    raise SystemExit("pictures: the server did not start")


if __name__ == "__main__":
    sys.exit(main())
