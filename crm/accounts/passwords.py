"""Passwords: argon2id, about a sixth of a second; never hash inside a write transaction."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm.core.i18n import lazy_gettext as _l

SHORTEST = 12
DEMO_PASSWORD = "meguri-demo-2026"  # noqa: S105 (published on purpose; `crm doctor` warns of it)
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Takes as long for an unknown user as for a known one."""
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def _nobodys_hash() -> str:
    """Of no password, at the price of a real one. Making one would cost each start a sixth of a second."""
    price = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${price}${'A' * 22}${'A' * 43}"


def check_strength(password: str) -> str:
    """Long rather than complicated. Raises ``ValueError`` with a translatable sentence."""
    if len(password) < SHORTEST:
        raise ValueError(_l("Please choose a password of at least %(number)s characters.", number=SHORTEST))
    if len(set(password)) < 5:
        raise ValueError(_l("Please choose a password with more different characters."))
    return password
