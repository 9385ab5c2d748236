"""Enums that know their label, so that no template maps codes to words."""

from enum import StrEnum
from typing import Self

from crm.core.i18n import Lazy


class Choice(StrEnum):
    """``MEMBER = "value", _l("Label")``; the value is what the database keeps."""

    label: Lazy

    def __new__(cls, value: str, label: Lazy = Lazy("")) -> Self:  # noqa: B008 (a constant; the default is for lookups)
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def options(cls) -> list[tuple[str, str]]:
        return [(member.value, str(member.label)) for member in cls]
