from collections.abc import Callable
from uuid import UUID

from gongkai.lib.gate import CHECKS, Check

_outlets: dict[str, Callable[[UUID], None]] = {}
_checks: dict[str, Check] = dict(CHECKS)


def register_outlet(code: str, release: Callable[[UUID], None]) -> None:
    """Name a place where things are made public (渠道). `release` is called with the publication's uuid inside the release's transaction.

    Raises: ValueError when the code is taken.
    """
    if code in _outlets:
        raise ValueError(f"Outlet {code} is registered twice.")
    _outlets[code] = release


def register_gate_check(code: str, check: Check) -> None:
    """Add a check that needs records (检查项) to those of `lib/gate`. It gets the document with `subject`, the publication's uuid as text.

    Raises: ValueError when the code is taken.
    """
    if code in _checks:
        raise ValueError(f"Gate check {code} is registered twice.")
    _checks[code] = check


def list_outlets() -> dict[str, Callable[[UUID], None]]:
    """The outlets by code, in the order of registration."""
    return dict(_outlets)


def list_checks() -> dict[str, Check]:
    """The checks by code: those that need only the document first."""
    return dict(_checks)
