from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from gongkai.core.ledger.rules.strictness import refuse_laxer


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


class Local(Dated, Protocol):
    """A limit of our own house (局内期限): as `Dated`, for one unit or for all (None)."""

    @property
    def unit_id(self) -> int | None:
        """The unit it is for."""
        ...

    @property
    def limit_text(self) -> str:
        """As in the duty list."""
        ...


L = TypeVar("L", bound=Local)


def choose_local(targets: Iterable[L], *, unit_id: int, on: date, legal_text: str) -> L | None:
    """The local limit that gives a case its target (适用的局内期限): the unit's own before one for all, the later before the earlier.

    One that is not stricter than the law of that case does not count: the law may have changed since it was set.
    """
    held = [
        target
        for target in targets
        if target.unit_id in {None, unit_id} and _holds(target, on) and not refuse_laxer(target.limit_text, legal_text)
    ]
    return max(held, key=lambda target: (target.unit_id is not None, target.effective_from or date.min), default=None)
