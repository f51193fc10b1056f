from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gongkai.core.publishing.kinds import OutletStanding
from gongkai.core.publishing.kinds.purge import Holding
from gongkai.lib.gate import CHECKS, Check


@dataclass(frozen=True)
class OwnOutlet:
    """One place of our own where things are made public, by what it can do."""

    label: str
    release: Callable[[UUID], None]
    take_down: Callable[[UUID], None] | None
    verify: Callable[[UUID], OutletStanding] | None


_outlets: dict[str, OwnOutlet] = {}
_holdings: dict[str, Holding] = {}
_checks: dict[str, Check] = dict(CHECKS)


def register_outlet(
    code: str,
    release: Callable[[UUID], None],
    *,
    label: str = "",
    take_down: Callable[[UUID], None] | None = None,
    verify: Callable[[UUID], OutletStanding] | None = None,
) -> None:
    """Name a place where things are made public (渠道). `release` is called with the publication's uuid inside every transaction that
    changes what the place shows of it: it writes rows and no files.

    `take_down` is called besides after the commit of a withdrawal or take-down and acts at once; it raises when it cannot. `verify` says
    whether the place still shows it. Raises: ValueError when the code is taken.
    """
    if code in _outlets:
        raise ValueError(f"Outlet {code} is registered twice.")
    _outlets[code] = OwnOutlet(label or code, release, take_down, verify)


def register_gate_check(code: str, check: Check) -> None:
    """Add a check that needs records (检查项) to those of `lib/gate`. It gets the document with `subject`, the publication's uuid as text.

    Raises: ValueError when the code is taken.
    """
    if code in _checks:
        raise ValueError(f"Gate check {code} is registered twice.")
    _checks[code] = check


def list_outlets() -> dict[str, OwnOutlet]:
    """The outlets by code, in the order of registration."""
    return dict(_outlets)


def list_checks() -> dict[str, Check]:
    """The checks by code: those that need only the document first."""
    return dict(_checks)


def register_purge(holding: Holding) -> None:
    """Name a place that holds what a text says, and how a purge clears it there (登记存放处). Raises: ValueError when the code is taken."""
    if holding.code in _holdings:
        raise ValueError(f"Holding {holding.code} is registered twice.")
    _holdings[holding.code] = holding


def list_holdings() -> list[Holding]:
    """Every place that a purge clears, in the order of registration: what shows a text first, what it is made from after it."""
    return list(_holdings.values())
