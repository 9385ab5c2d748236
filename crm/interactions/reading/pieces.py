"""What a message is taken to, as it is written in it, and as it goes from the limited process to the others."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self


class NoMessage(ValueError):
    """The file is no message at all."""


@dataclass
class Pieces:
    """``senders`` and ``recipients`` are (name, address), ``files`` (name, bytes), ``attached`` forwarded messages."""

    message_id: str
    subject: str
    sent_at: datetime | None
    senders: list[tuple[str, str]]
    recipients: list[tuple[str, str]]
    text: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    attached: list["Pieces"] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        return {
            **vars(self),
            "sent_at": self.sent_at.isoformat() if self.sent_at else None,
            "files": [(name, base64.b64encode(data).decode("ascii")) for name, data in self.files],
            "attached": [each.told() for each in self.attached],
        }

    @classmethod
    def heard(cls, told: dict[str, Any]) -> Self:
        return cls(
            **{
                **told,
                "sent_at": datetime.fromisoformat(told["sent_at"]) if told["sent_at"] else None,
                "files": [(name, base64.b64decode(data)) for name, data in told["files"]],
                "attached": [cls.heard(each) for each in told["attached"]],
            }
        )
