"""Codes of a second factor: from an app (TOTP, RFC 6238 by pyotp), or from a sheet of paper. Nothing here is stored."""

import base64
import hmac
import io
import re
import secrets
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet

from crm.accounts.access import token_hash
from crm.core.settings import Settings

STEP = 30
"""Seconds that a code of an app lasts."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look alike."""


class Vault:
    """Seals secrets with the installation's key, which is not in the database."""

    def __init__(self, settings: Settings) -> None:
        key = hmac.digest(settings.secret_key.encode(), b"second factor", "sha256")
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        return self._fernet.decrypt(sealed.encode()).decode()


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The half minute to which the code belongs: now, or one before or after; None for a wrong or a used one."""
    now = int(at.timestamp()) // STEP
    app = pyotp.TOTP(secret)
    for step in (now - 1, now, now + 1):
        if step > after and hmac.compare_digest(app.at(step * STEP), code):
            return step
    return None


def typed(code: str) -> str:
    """As somebody may write it: with spaces, hyphens, in capitals."""
    return re.sub(r"[\s-]", "", code).lower()


def new_recovery_codes() -> list[str]:
    """Ten, each in two groups of five."""
    codes = ("".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(10))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def hash_of(code: str) -> str:
    return token_hash(typed(code))


def picture(secret: str, email: str, site: str) -> str:
    """What an app reads with its camera, as SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", omitsize=True, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return drawn.getvalue().decode()
