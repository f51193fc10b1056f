"""What a repeated load did."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class LoadCount:
    """How many rows a load made, changed and found as they were (装入结果)."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Self) -> "LoadCount":
        """Both together."""
        return LoadCount(self.created + other.created, self.changed + other.changed, self.unchanged + other.unchanged)

    @property
    def words(self) -> str:
        """For the person who asked for it."""
        return f"新增 {self.created} 行，改动 {self.changed} 行，不变 {self.unchanged} 行"
