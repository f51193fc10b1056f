"""Enums with a stored code and a Chinese label."""

from enum import Enum
from typing import Self


class LabelledEnum(Enum):
    """An enum whose members carry a stored code and a Chinese label: `OPEN = "OPEN", "进行中"`."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        """Make a member of its stored code, with the label beside it. The default is for type checkers: `State(code)` looks a member up."""
        if not label:
            raise TypeError(f"{code} has no label")
        member = object.__new__(cls)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of code and label for a model field. Plain strings: the enum's path must not reach migrations."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def values(cls) -> list[str]:
        """All stored codes, in the order of definition."""
        return [member.value for member in cls]
