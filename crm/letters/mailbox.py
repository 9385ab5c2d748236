"""The mailbox that the worker empties: what comes back, and what users send to their private addresses.

A message is deleted there once a room has kept it and committed; a crash in between hands it over again, and rooms know
it by its Message-ID. What nobody takes, or cannot be read, gets a flag and stays for a person to look at; whoever takes
the flag away has it tried again.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import structlog
from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.consts import MailMessageFlags
from sqlalchemy.exc import OperationalError

from crm.core.contributions import MailTaker
from crm.core.db import Database
from crm.core.settings import MailTokens, Settings, read_settings
from crm.core.work import JobRun
from crm.letters.tokens import NoToken, forget_token, token_for

COLLECT: Final = "letters:collect"
MOST_BYTES: Final = 30 * 1024 * 1024
MOST_AT_ONCE: Final = 200
TIMEOUT: Final = 30
_PORTS: Final = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_TROUBLES = (OSError, ImapToolsError, imaplib.IMAP4.error)
log = structlog.get_logger()


class WrongAddress(ValueError):
    """``CRM_IMAP_URL`` cannot be used. Says why without repeating it: it holds a password."""


def collect_mails(takers: Sequence[MailTaker], database: Database, _job: JobRun) -> None:
    collect(takers, database, read_settings())


def collect(takers: Sequence[MailTaker], database: Database, settings: Settings) -> int:
    """Returns how many messages were taken. A mailbox that does not answer is asked again at the next turn."""
    if not settings.imap_url:
        return 0
    taken = 0
    try:
        with opened(settings.imap_url, settings.imap_tokens) as mailbox:
            for uid in mailbox.uids("UNFLAGGED UNDELETED", None)[:MOST_AT_ONCE]:
                taken += _hand_over(takers, database, settings, mailbox, uid)
    except (*_TROUBLES, WrongAddress, NoToken) as error:
        log.warning("mailbox", error=type(error).__name__)
    return taken


@contextmanager
def opened(url: str, tokens: MailTokens | None = None) -> Iterator[BaseMailBox]:
    """``imaps://user:password@host/folder``, or ``imap+starttls://``; ``imap://`` on this machine alone.

    With ``tokens`` the password is not looked at.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise WrongAddress("it is no address of the form imaps://user:password@host/folder") from None
    if not host or not parts.username:
        raise WrongAddress("it names no host or no user")
    if parts.scheme == "imap" and host not in _HERE:
        raise WrongAddress("imap:// would send the password in clear text; use imaps:// or imap+starttls://")
    user, password = unquote(parts.username), unquote(parts.password or "")
    token = token_for(tokens) if tokens else ""
    mailbox = _connected(parts.scheme, host, port)
    try:
        folder = unquote(parts.path.strip("/")) or "INBOX"
        if tokens:
            _sign_in_by_token(mailbox, user, token, tokens)
            mailbox.folder.set(folder)
        else:
            sign_in = mailbox.login if (user + password).isascii() else mailbox.login_utf8
            sign_in(user, password, initial_folder=folder)
        yield mailbox
    finally:
        with suppress(*_TROUBLES):
            mailbox.logout()


def _sign_in_by_token(mailbox: BaseMailBox, user: str, token: str, tokens: MailTokens) -> None:
    """OAUTHBEARER (RFC 7628) where the server names it, else the older XOAUTH2; each ends a refusal in its own way."""
    if "AUTH=OAUTHBEARER" in mailbox.client.capabilities:
        name = user.replace("=", "=3D").replace(",", "=2C")
        mechanism, proof, end = "OAUTHBEARER", f"n,a={name},\1auth=Bearer {token}\1\1", b"\1"
    else:
        mechanism, proof, end = "XOAUTH2", f"user={user}\1auth=Bearer {token}\1\1", b""
    try:
        mailbox.client.authenticate(mechanism, lambda refusal: end if refusal else proof.encode())
    except imaplib.IMAP4.error as fault:
        forget_token(tokens)
        raise NoToken(f"the mailbox refuses the token ({mechanism}): look at user and scope") from fault


def _connected(scheme: str, host: str, port: int) -> BaseMailBox:
    if scheme == "imap":
        return MailBoxUnencrypted(host, port, timeout=TIMEOUT)
    kind = MailBox if scheme == "imaps" else MailBoxStartTls
    connected: BaseMailBox = kind(host, port, timeout=TIMEOUT, ssl_context=ssl.create_default_context())
    return connected


def _hand_over(
    takers: Sequence[MailTaker], database: Database, settings: Settings, mailbox: BaseMailBox, uid: str
) -> bool:
    raw = _message(mailbox, uid)
    try:
        taken = raw is not None and any(taker.take(database, settings, raw) for taker in takers)
    except (OSError, OperationalError):  # the disk or the database, not the message
        raise
    except Exception as error:  # a message may be broken in any way; the others must not wait for it
        log.warning("mail set aside", uid=uid, error=type(error).__name__)
        taken = False
    if taken:
        mailbox.delete(uid)
    else:
        mailbox.flag(uid, MailMessageFlags.FLAGGED, True)
    return taken


def _message(mailbox: BaseMailBox, uid: str) -> bytes | None:
    """None for one that is too large to be read, or gone."""
    size = _SIZE.search(_fetched(mailbox, uid, "(RFC822.SIZE)")[0])
    if size is None or int(size[1]) > MOST_BYTES:
        return None
    return _fetched(mailbox, uid, "(BODY.PEEK[])")[1]


def _fetched(mailbox: BaseMailBox, uid: str, what: str) -> tuple[bytes, bytes]:
    """What the server says, and the text that comes with it."""
    answer: Any = mailbox.client.uid("FETCH", uid, what)[1]
    first = answer[0] if answer else None
    return (first[0], first[1]) if isinstance(first, tuple) else (first or b"", b"")


def waiting_aside(url: str, tokens: MailTokens | None) -> int:
    """How many messages wait there for a person. Raises what stands in the way."""
    with opened(url, tokens) as mailbox:
        return len(mailbox.uids("FLAGGED UNDELETED", None))


def trouble_with(url: str, tokens: MailTokens | None = None) -> tuple[str, int]:
    """What is wrong with the mailbox, in words without the password, and how many messages were set aside in it."""
    try:
        return "", waiting_aside(url, tokens)
    except WrongAddress as wrong:
        return f"CRM_IMAP_URL: {wrong}.", 0
    except NoToken as refused:
        return f"CRM_IMAP_TOKEN_URL: {refused}.", 0
    except ssl.SSLCertVerificationError as error:
        return f"The mailbox's certificate is not trusted: {error.verify_message}.", 0
    except (OSError, imaplib.IMAP4.abort) as error:
        return f"The mailbox cannot be reached: {type(error).__name__}.", 0
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        return f"The mailbox refuses us ({type(error).__name__}): look at user, password and folder.", 0
