"""A real IMAP server for tests: Dovecot as Debian ships it, on a port of its own, with a certificate of its own."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crm.core.columns import now
from crm.letters.mailbox import opened

PASSWORD = "pass word/with@signs"
_PROGRAM = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
mail_max_userip_connections = 100
mail_fsync = never
auth_failure_delay = 0
auth_mechanisms = plain login {mechanisms}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

_TOKENS = """
introspection_url = http://127.0.0.1:{tokens}/whose
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass
class Mailbox:
    """``put`` lays messages into the folder, ``flagged`` and ``left`` say what is in it."""

    user: str
    port: int
    starttls: int
    log: Path

    def url(self, password: str = PASSWORD, folder: str = "") -> str:
        return f"imaps://{self.user}:{quote(password, safe='')}@localhost:{self.port}/{folder}"

    def put(self, *messages: bytes) -> None:
        with opened(self.url()) as mailbox:
            for each in messages:
                mailbox.append(each)

    def left(self, which: str = "ALL") -> int:
        with opened(self.url()) as mailbox:
            return len(mailbox.uids(which))

    def aside(self) -> int:
        return self.left("FLAGGED")

    def unflag(self) -> None:
        with opened(self.url()) as mailbox:
            mailbox.flag(mailbox.uids("FLAGGED"), r"\Flagged", False)


@dataclass
class Server:
    folder: Path
    port: int
    starttls: int
    tokens: int
    """The port at which it asks whose a token is."""
    count: int = 0

    def new_mailbox(self) -> Mailbox:
        self.count += 1
        return Mailbox(f"box{self.count}", self.port, self.starttls, self.folder / "log")


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Server]:
    if _PROGRAM is None:
        pytest.skip("There is no Dovecot here: apt-get install dovecot-imapd")
    version = subprocess.run([_PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3."):
        pytest.skip(f"The configuration is for Dovecot 2.3, and this is {version}")
    folder = Path(tempfile.mkdtemp(prefix="meguri-imap-"))
    folder.chmod(0o755)
    server = Server(folder, _free_port(), _free_port(), _free_port())
    _write_certificate(folder)
    (folder / "users").write_text("".join(f"box{n}:{{PLAIN}}{PASSWORD}\n" for n in range(1, 200)))
    (folder / "oauth2").write_text(_TOKENS.format(tokens=server.tokens))
    (folder / "mail").mkdir()
    (folder / "config").write_text(
        _CONFIG.format(
            folder=folder, port=server.port, starttls=server.starttls, mechanisms="xoauth2 oauthbearer", **_users()
        )
    )
    (folder / "mail").chmod(0o777)
    running = subprocess.Popen([_PROGRAM, "-F", "-c", str(folder / "config")])
    try:
        _wait(server)
        yield server
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _users() -> dict[str, object]:
    """Dovecot wants to change users where it may, and cannot where it may not."""
    me = pwd.getpwuid(os.getuid())
    if os.getuid() == 0:
        mails = pwd.getpwnam("nobody")
        names = {"internal": "dovecot", "login": "dovenull", "group": "dovecot"}
        return {**names, "uid": mails.pw_uid, "gid": mails.pw_gid}
    return {"internal": me.pw_name, "login": me.pw_name, "group": me.pw_name, "uid": me.pw_uid, "gid": me.pw_gid}


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: Server) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        time.sleep(0.05)
    log = server.folder / "log"
    pytest.fail(f"Dovecot does not answer: {log.read_text() if log.exists() else 'without a word'}")


def _write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test of Meguri")])
    begin: datetime = now() - timedelta(hours=1)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(begin + timedelta(days=2))
        .add_extension(names, critical=False).add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))


@pytest.fixture
def mailbox(imap_server: Server, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """An empty one, whose certificate is trusted as an operator would have it trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.folder / "certificate.pem"))
    return imap_server.new_mailbox()
