"""A provider (OpenID Connect) on a port of its own: authlib's own server side, checking PKCE and the client's secret.

``person`` is who sits before it; ``spoilt`` are claims of the token that are not as they should be.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "meguri", "secret~of.the_client-0"
PAGE = """<!DOCTYPE html><html lang="en"><title>The ministry</title><form method="post">
<button name="go" value="yes">Continue</button><button name="go" value="no">Cancel</button></form></html>"""


class Client:
    """The one program that is registered."""

    client_id = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, address: str) -> bool:
        return address.endswith("/sign-in/provider/back")

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


@dataclass
class Code:
    """An authorization code and what was asked for with it."""

    asked: dict[str, str]
    person: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("get_"):
            return lambda: self.asked.get(name.removeprefix("get_")) or self.person.get(name.removeprefix("get_"))
        return self.asked.get(name)


@dataclass
class TestProvider:
    __test__ = False
    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    spoilt: dict[str, Any] = field(default_factory=dict)
    key: Any = None
    codes: dict[str, Code] = field(default_factory=dict)
    questions: int = 0
    """How often its keys were asked for."""
    in_token: bool = True
    """Whether the address stands in the token, or only in what ``userinfo`` says."""

    def turn_keys(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": f"key-{time.time_ns()}", "use": "sig"})

    def said(self) -> dict[str, Any]:
        shown = self.person if self.in_token else {"sub": self.person["sub"]}
        return {**shown, **self.spoilt}


def _grant(provider: TestProvider) -> type:
    class Grant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, asked: Any) -> None:
            provider.codes[code] = Code(asked.payload.data, provider.person)

        def query_authorization_code(self, code: str, _client: Any) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, code: Code) -> None:
            provider.codes = {name: kept for name, kept in provider.codes.items() if kept is not code}

        def authenticate_user(self, code: Code) -> dict[str, Any]:
            return code.person

    return Grant


def _tokens(provider: TestProvider) -> Any:
    class Tokens(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, _nonce: str, _request: Any) -> bool:
            return False

        def resolve_client_private_key(self, _client: Any) -> Any:
            return provider.key

        def get_encode_header(self, _client: Any) -> dict[str, str]:
            return {"alg": "RS256", "kid": provider.key.kid}

        def get_client_claims(self, _client: Any) -> dict[str, Any]:
            return {"iss": provider.url}

        def generate_user_info(self, _user: Any, _scope: str) -> dict[str, Any]:
            return provider.said()

    return Tokens(require_nonce=True)


def _app(provider: TestProvider) -> Flask:
    app = Flask("provider")
    server = AuthorizationServer(app, lambda id: Client() if id == CLIENT else None, lambda *_: None)
    server.register_grant(_grant(provider), [_tokens(provider), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def describe() -> Any:
        places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        places["userinfo_endpoint"] = "/userinfo"
        return jsonify({"issuer": provider.url, **{name: provider.url + path for name, path in places.items()}})

    @app.get("/keys")
    def keys() -> Any:
        provider.questions += 1
        return jsonify({"keys": [provider.key.as_dict(private=False)]})

    @app.get("/userinfo")
    def userinfo() -> Any:
        return jsonify(provider.person) if request.headers.get("Authorization", "").startswith("Bearer ") else ("", 401)

    @app.get("/authorize")
    def authorize() -> str:
        return PAGE

    @app.post("/authorize")
    def authorized() -> Any:
        grant = server.get_consent_grant(end_user=provider.person)
        return server.create_authorization_response(
            grant=grant, grant_user=provider.person if request.form["go"] == "yes" else None
        )

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    return app


@contextmanager
def a_provider() -> Iterator[TestProvider]:
    provider = TestProvider()
    provider.turn_keys()
    server = make_server("127.0.0.1", 0, _app(provider), threaded=True)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
