"""Through what somebody acts (途径): empty for the pages of the desk, else the command and the account of the machine that ran it."""

import getpass
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

VIA_LENGTH = 80

_via: ContextVar[str] = ContextVar("gongkai_audit_via", default="")


@contextmanager
def acting_via(words: str) -> Iterator[None]:
    """Everything that is recorded inside was done by this command (以命令办理), in whose name ever."""
    token = _via.set(words[:VIA_LENGTH])
    try:
        yield
    finally:
        _via.reset(token)


def current_via() -> str:
    """Through what is being acted now."""
    return _via.get()


def acting_by_command(called: str) -> AbstractContextManager[None]:
    """As `acting_via`, with the account of the machine that called the command: `gongkai review（系统账户 li）`."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        account = str(os.getuid())
    return acting_via(f"{called}（系统账户 {account}）")
