"""What is asked of a passkey, and whether its answer is right (WebAuthn, by py_webauthn). Nothing here is stored."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from crm.accounts.models import Passkey, User
from crm.core.errors import Refused
from crm.core.i18n import lazy_gettext as _l
from crm.core.settings import Settings

_PATIENCE = 5 * 60 * 1000
_VERIFIED = UserVerificationRequirement.REQUIRED
"""The device asks for a finger, a face or a PIN each time: so a passkey is two factors in one."""
_TRANSPORTS = {transport.value for transport in AuthenticatorTransport}
log = structlog.get_logger("passkeys")


class WrongPasskey(Refused):
    sentence = _l("This passkey was not accepted. Please try again.")


@dataclass(frozen=True, slots=True)
class NewKey:
    credential_id: str
    public_key: str
    sign_count: int
    transports: list[str]


def options_for_new(settings: Settings, user: User, known: Sequence[Passkey]) -> dict[str, Any]:
    """What the browser is given to make a passkey; a device that has one of the user's makes no second."""
    options = webauthn.generate_registration_options(
        rp_id=_host(settings),
        rp_name=settings.site_name,
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name,
        timeout=_PATIENCE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_described(known),
    )
    return _plain(webauthn.options_to_json(options))


def options_for_sign_in(settings: Settings, known: Sequence[Passkey]) -> dict[str, Any]:
    """``known``: the passkeys of who has given a password; without any, the browser offers what it has."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(settings), timeout=_PATIENCE, allow_credentials=_described(known), user_verification=_VERIFIED
    )
    return _plain(webauthn.options_to_json(options))


def read_new(settings: Settings, challenge: str, answer: str) -> NewKey:
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(settings),
            expected_origin=settings.origin,
            require_user_verification=True,
        )
    except _FAULTS as fault:
        raise _refused(fault) from fault
    said = json.loads(answer)["response"].get("transports")
    return NewKey(
        bytes_to_base64url(found.credential_id),
        bytes_to_base64url(found.credential_public_key),
        found.sign_count,
        sorted(_TRANSPORTS.intersection(map(str, said if isinstance(said, list) else []))),
    )


def who_answers(answer: str) -> tuple[str, str]:
    """(key id, user handle) as the answer says, before anything is proved."""
    try:
        said = json.loads(answer)
        return str(said["id"]), str(said["response"].get("userHandle") or "")
    except _FAULTS as fault:
        raise _refused(fault) from fault


def count_proved(settings: Settings, challenge: str, answer: str, passkey: Passkey) -> int:
    """The new count of the passkey that has signed; ``WrongPasskey`` for everything else."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(settings),
            expected_origin=settings.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _FAULTS as fault:
        raise _refused(fault) from fault
    return found.new_sign_count


_FAULTS = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError)
"""Besides its own, what the library raises at an answer that no browser makes."""


def _refused(fault: Exception) -> WrongPasskey:
    log.info("passkey refused", reason=str(fault)[:200])
    return WrongPasskey()


def _host(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or ""


def _described(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(passkey.credential_id),
            transports=[AuthenticatorTransport(name) for name in passkey.transports],
        )
        for passkey in passkeys
    ]


def _plain(options: str) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(options)
    return plain
