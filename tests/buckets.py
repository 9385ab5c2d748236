"""A bucket on a real server of another maker (moto), which runs in a process of its own and is spoken to by HTTP."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
import pytest

from tests.conftest import free_port


@dataclass(frozen=True)
class StoreServer:
    """``made()`` gives the address of a new bucket, as CRM_FILES_URL has it."""

    endpoint: str

    @property
    def client(self) -> Any:
        return boto3.client(
            "s3", endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id="tester",
            aws_secret_access_key="tester-secret",
        )  # fmt: skip

    def made(self) -> tuple[str, str]:
        """(address, name)."""
        name = f"meguri-{uuid4().hex[:12]}"
        self.client.create_bucket(Bucket=name)
        return f"s3://tester:tester-secret@{name}/kept?endpoint={self.endpoint}&region=us-east-1", name

    def keys(self, bucket: str) -> list[str]:
        return [each["Key"] for each in self.client.list_objects_v2(Bucket=bucket).get("Contents", [])]


@pytest.fixture(scope="session")
def store_server() -> Iterator[StoreServer]:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield StoreServer(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The store did not start.")
