"""A service that gives tokens for mailboxes and tells a mail server whose they are, on a port of its own."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from flask import Flask, jsonify, request
from werkzeug.serving import make_server

from crm.core.settings import MailTokens

CLIENT, SECRET, REFRESH, SCOPE = (
    "meguri-mail",
    "secret-of-the-client",
    "secret-refresh",
    "https://mail.example.org/imap",
)


@dataclass
class TokenService:
    """``user``: whose mailbox its tokens open; ``seconds``: how long; ``asked``: the forms that came."""

    url: str = ""
    user: str = ""
    seconds: Any = 3600
    refresh: str = REFRESH
    turns: bool = False
    """Whether each answer brings a new refresh token, and ends the one before."""
    given: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def source(self, **changes: str) -> MailTokens:
        said = {"client_id": CLIENT, "client_secret": SECRET, "refresh_token": REFRESH, "scope": SCOPE, **changes}
        return MailTokens(url=f"{self.url}/token", **said)

    def answer(self, form: dict[str, str]) -> tuple[dict[str, Any], int]:
        by_refresh = form.get("grant_type") == "refresh_token" and form.get("refresh_token") == self.refresh
        known = (form.get("client_id"), form.get("client_secret"), form.get("scope")) == (CLIENT, SECRET, SCOPE)
        if not known or not (by_refresh or form.get("grant_type") == "client_credentials"):
            return {"error": "invalid_grant"}, 400
        token = f"secret-{secrets.token_urlsafe(24)}"
        self.given[token] = self.user
        more = {}
        if by_refresh and self.turns:
            self.refresh = more["refresh_token"] = f"secret-{secrets.token_urlsafe(24)}"
        return {"access_token": token, "token_type": "Bearer", "expires_in": self.seconds, **more}, 200


@contextmanager
def a_token_service(port: int) -> Iterator[TokenService]:
    app, service = Flask("tokens"), TokenService()

    @app.post("/token")
    def token() -> Any:
        service.asked.append(request.form.to_dict())
        return service.answer(request.form.to_dict())

    @app.post("/whose")
    def whose() -> Any:
        user = service.given.get(request.form["token"])
        return jsonify({"active": user is not None, "username": user})

    server = make_server("127.0.0.1", port, app, threaded=True)
    service.url = f"http://127.0.0.1:{port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
