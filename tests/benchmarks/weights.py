"""What a first visit loads, as a browser counts it: bytes on the wire with gzip, the page and all that it asks for."""

import shutil

from playwright.sync_api import sync_playwright


def weight(port: int, path: str, cookie: str) -> float:
    """KB of the page and everything it loads."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context()
        pairs = [pair.partition("=") for pair in cookie.split("; ")]
        context.add_cookies([{"name": n, "value": v, "domain": "127.0.0.1", "path": "/"} for n, _, v in pairs])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        loaded: list[float] = []
        wire.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
        wire.send("Network.enable")
        page.goto(f"http://127.0.0.1:{port}{path}", wait_until="networkidle")
        browser.close()
    return sum(loaded) / 1000
