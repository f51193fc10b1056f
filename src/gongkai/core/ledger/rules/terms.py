from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """Anything that holds from one day to another, both included; None is open."""

    @property
    def effective_from(self) -> date | None:
        """First day."""
        ...

    @property
    def effective_to(self) -> date | None:
        """Last day."""
        ...


T = TypeVar("T", bound=Dated)


def choose_terms(versions: Iterable[T], on: date) -> T | None:
    """The version that held on the day of the cause (适用条款), not today's. Of two that overlap, the later one; None when none held."""
    held = [terms for terms in versions if _holds(terms, on)]
    return max(held, key=lambda terms: terms.effective_from or date.min, default=None)


def _holds(terms: Dated, on: date) -> bool:
    return (terms.effective_from is None or terms.effective_from <= on) and (terms.effective_to is None or on <= terms.effective_to)
