"""Files in a bucket of an S3-compatible store: ``s3://KEY:SECRET@bucket/prefix?endpoint=https://…&region=…``.

Without key and secret the usual places are asked: environment, profile, the machine's role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any, BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from crm.core.errors import Missing
from crm.core.files import PIECE, NotKept

_GONE = frozenset({"NoSuchKey", "404", "NotFound"})
_PATIENCE = {"connect_timeout": 5, "read_timeout": 20, "retries": {"max_attempts": 2, "mode": "standard"}}


class WrongAddress(ValueError):
    """A sentence for the operator."""


@dataclass(frozen=True)
class Place:
    """What the setting says. ``endpoint`` is empty for Amazon's own."""

    bucket: str
    prefix: str
    endpoint: str
    region: str
    key: str
    secret: str


@dataclass(frozen=True)
class Bucket:
    client: Any
    bucket: str
    prefix: str

    def keep(self, name: str, content: BinaryIO) -> None:
        """Kept as nothing that a browser would show, should the bucket ever be opened."""
        kind = {"ContentType": "application/octet-stream", "ContentDisposition": "attachment"}
        with _faults():
            self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=content, **kind)

    def read(self, name: str) -> Iterator[bytes]:
        with _faults():
            return _pieces(self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"])

    def names(self, before: datetime | None = None) -> Iterator[str]:
        with _faults():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
            for page in pages:
                for each in page.get("Contents", ()):
                    if before is None or each["LastModified"] < before:
                        yield each["Key"].removeprefix(self.prefix)

    def remove(self, name: str) -> None:
        with _faults():
            self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)


def _pieces(body: Any) -> Iterator[bytes]:
    try:
        with _faults():
            yield from body.iter_chunks(PIECE)
    finally:
        body.close()


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except ClientError as fault:
        if fault.response.get("Error", {}).get("Code") in _GONE:
            raise Missing() from fault
        raise NotKept() from fault
    except BotoCoreError as fault:
        raise NotKept() from fault


def bucket_at(address: str, name: str) -> Bucket:
    place = place_of(address)
    return Bucket(_client(place), place.bucket, f"{place.prefix}{name}/")


def place_of(address: str) -> Place:
    parts = urlsplit(address)
    said, _, bucket = parts.netloc.rpartition("@")
    key, _, secret = said.partition(":")
    more = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    prefix = parts.path.strip("/")
    if parts.scheme != "s3" or not bucket or not set(more) <= {"endpoint", "region"} or bool(key) != bool(secret):
        raise WrongAddress("CRM_FILES_URL is not of the form s3://KEY:SECRET@bucket/prefix?endpoint=…&region=….")
    endpoint, region = more.get("endpoint", ""), more.get("region", "")
    return Place(bucket, f"{prefix}/" if prefix else "", endpoint, region, unquote(key), unquote(secret))


@lru_cache(maxsize=4)
def _client(place: Place, *, signed: bool = True) -> Any:
    """Threads share one. Stores that are not Amazon's know neither hosts named after buckets nor its newest sums."""
    style = {"addressing_style": "path"} if place.endpoint else {}
    sums = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
    how: dict[str, Any] = {**_PATIENCE, **sums, "s3": style}
    config = Config(**how) if signed else Config(**how, signature_version=UNSIGNED)
    return boto3.session.Session().client(
        "s3", region_name=place.region or None, endpoint_url=place.endpoint or None, config=config,
        aws_access_key_id=place.key or None, aws_secret_access_key=place.secret or None,
    )  # fmt: skip


def trouble_with(address: str) -> list[tuple[str, str]]:
    """Pairs of ``unsafe`` or ``missing`` and a sentence, after a small file was written, read and deleted there."""
    try:
        place = place_of(address)
        here = bucket_at(address, "check")
        name = uuid4().hex
        here.keep(name, BytesIO(b"Meguri"))
        try:
            fits = b"".join(here.read(name)) == b"Meguri"
            found = [*_open_to_all(place, here, name), *_in_the_clear(place), *_keeps_versions(here)]
        finally:
            here.remove(name)
    except WrongAddress as wrong:
        return [("missing", str(wrong))]
    except (NotKept, Missing) as fault:
        return [("missing", f"CRM_FILES_URL: the bucket cannot be written, read and deleted from ({fault.__cause__}).")]
    return found if fits else [("missing", "CRM_FILES_URL: the bucket gives back something else than was written.")]


def _open_to_all(place: Place, here: Bucket, name: str) -> Iterator[tuple[str, str]]:
    """Asked as a stranger would, without a key."""
    stranger = Bucket(_client(place, signed=False), here.bucket, here.prefix)
    for what, ask in (("read", lambda: b"".join(stranger.read(name))), ("list", lambda: list(stranger.names()))):
        try:
            ask()
        except (NotKept, Missing):
            continue
        yield "unsafe", f"CRM_FILES_URL: anybody can {what} what is in the bucket. Close it to the public."


def _in_the_clear(place: Place) -> Iterator[tuple[str, str]]:
    if urlsplit(place.endpoint).scheme == "http":
        yield "unsafe", "CRM_FILES_URL: the endpoint is plain HTTP, so files can be read on the way."


def _keeps_versions(here: Bucket) -> Iterator[tuple[str, str]]:
    """Not every store knows the question."""
    try:
        status = here.client.get_bucket_versioning(Bucket=here.bucket).get("Status")
    except (ClientError, BotoCoreError):
        return
    if status == "Enabled":
        sentence = "the bucket keeps old versions, erased files too: have it delete them after some days."
        yield "missing", f"CRM_FILES_URL: {sentence}"
