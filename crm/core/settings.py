"""Settings come from the environment, prefix ``CRM_``; nothing else configures the program."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Provider:
    """Where a ministry's or a university's people sign in (OpenID Connect); the administrator's choice."""

    issuer: str
    """As the provider itself writes it; ``/.well-known/openid-configuration`` is read below it."""
    client_id: str
    client_secret: str
    label: str
    """Its name on the button."""
    domains: tuple[str, ...]
    """Whose addresses it may speak for at a first sign-in; empty: any that it has verified."""
    factors: tuple[str, ...]
    """Values of ``amr`` or ``acr`` that count as a second factor; empty: none does."""
    pages: tuple[str, ...]
    """Further origins that a browser passes on its way through a federation, for the content policy."""

    @property
    def origins(self) -> tuple[str, ...]:
        return (origin_of(self.issuer), *self.pages)


@dataclass(frozen=True)
class MailTokens:
    """Where the mailbox's token comes from (OAuth 2.0), at mail services that take no password."""

    url: str
    """The token endpoint."""
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    """Of the mailbox's owner; without one the program asks in its own name (client credentials)."""
    scope: str


@dataclass(frozen=True)
class Settings:
    data_dir: Path
    database_url: str
    host: str
    port: int
    base_url: str
    site_name: str
    smtp_url: str = field(repr=False)
    mail_from: str
    trusted_proxies: tuple[str, ...]
    orcid_url: str
    operator: str
    contact: str
    bounce_secret: str = field(repr=False)
    """Key of the door by which a mail server tells of letters that came back; shut while it is empty."""
    imap_url: str = field(repr=False)
    """The mailbox that the worker empties; none while it is empty."""
    imap_tokens: MailTokens | None
    """The mailbox is opened by the password in its address while there is none."""
    filing_address: str
    """What users' private addresses look like; an asterisk stands for what is each user's own."""
    files_url: str = field(repr=False)
    """The bucket in which files kept with records lie; in the data directory while it is empty."""
    provider: Provider | None
    """Nobody signs in by OpenID Connect while there is none."""
    demo: bool

    @property
    def secure(self) -> bool:
        """Whether the public address is HTTPS; cookies follow it."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def origin(self) -> str:
        return origin_of(self.base_url)

    @cached_property
    def secret_key(self) -> str:
        """Made at the first start, kept in ``<data_dir>/secret.key`` (mode 600), or given as ``CRM_SECRET_KEY``."""
        given = os.environ.get("CRM_SECRET_KEY")
        if given:
            return given
        path = self.data_dir / "secret.key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text("ascii").strip()
        key = secrets.token_urlsafe(48)
        with os.fdopen(handle, "w") as file:
            file.write(key)
        return key


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    def get(name: str, default: str = "") -> str:
        return environ.get(f"CRM_{name}") or default

    data_dir = Path(get("DATA_DIR", "var")).resolve()
    host, port = get("HOST", "127.0.0.1"), int(get("PORT", "8000"))
    shown_host = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host  # noqa: S104 (compared, not bound)
    return Settings(
        data_dir=data_dir,
        database_url=get("DATABASE_URL", f"sqlite:///{data_dir / 'meguri.sqlite3'}"),
        host=host,
        port=port,
        base_url=get("BASE_URL", f"http://{shown_host}:{port}").rstrip("/"),
        site_name=get("SITE_NAME", "Meguri"),
        smtp_url=get("SMTP_URL", ""),
        mail_from=get("MAIL_FROM", f"meguri@{shown_host}"),
        trusted_proxies=_parts(get("TRUSTED_PROXIES")),
        orcid_url=get("ORCID_URL", "https://pub.orcid.org/v3.0").rstrip("/"),
        operator=get("OPERATOR", ""),
        contact=get("CONTACT", ""),
        bounce_secret=get("BOUNCE_SECRET", ""),
        imap_url=get("IMAP_URL", ""),
        imap_tokens=_read_mail_tokens(get),
        filing_address=get("FILING_ADDRESS", "").lower(),
        files_url=get("FILES_URL"),
        provider=_read_provider(get),
        demo=get("DEMO", "") == "1" or (data_dir / "demo").exists(),
    )


def _read_provider(get: Callable[..., str]) -> Provider | None:
    if not get("OIDC_ISSUER"):
        return None
    return Provider(
        issuer=get("OIDC_ISSUER"),
        client_id=get("OIDC_CLIENT_ID"),
        client_secret=get("OIDC_CLIENT_SECRET"),
        label=get("OIDC_LABEL", urlsplit(get("OIDC_ISSUER")).hostname or ""),
        domains=tuple(domain.casefold().lstrip("@") for domain in _parts(get("OIDC_DOMAINS"))),
        factors=_parts(get("OIDC_FACTORS")),
        pages=tuple(map(origin_of, _parts(get("OIDC_PAGES")))),
    )


def _read_mail_tokens(get: Callable[..., str]) -> MailTokens | None:
    if not get("IMAP_TOKEN_URL"):
        return None
    names = ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "SCOPE")
    return MailTokens(get("IMAP_TOKEN_URL"), *(get(f"IMAP_{name}") for name in names))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
