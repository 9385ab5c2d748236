"""What came before in a file."""

import hashlib
from collections.abc import Sequence


class Seen:
    """What came before in the file, by hashes of eight bytes: a file may have 100,000 rows."""

    def __init__(self) -> None:
        self.places: dict[bytes, int] = {}
        self.rows: list[int] = []
        self.names: list[str] = []

    def find(self, key: str) -> int | None:
        return self.places.get(_short(key))

    def keep(self, row: int, names: Sequence[str], keys: Sequence[str]) -> None:
        for key in keys:
            self.places.setdefault(_short(key), len(self.rows))
        self.rows.append(row)
        self.names.append("\n".join(names))


def _short(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
