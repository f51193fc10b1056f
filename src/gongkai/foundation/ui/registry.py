"""Counts beside the entries of the sidebar. Filled in `AppConfig.ready` by the apps whose open items they are."""

from collections.abc import Callable, Sequence
from datetime import datetime

from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.foundation.ui.kinds import OpenItems

Counter = Callable[[Actor, Sequence[PostRow], datetime], OpenItems]
COUNTERS: dict[str, Counter] = {}


def register_counter(entry: str, count: Counter) -> None:
    """Name what counts a person's own open items beside an entry of the sidebar (导航件数), by the entry's address name.

    It gets the person, the posts he holds today and the business moment. It is asked on every page: one cheap query at most.
    Raises: ValueError when the entry has a counter.
    """
    if entry in COUNTERS:
        raise ValueError(f"Entry {entry} is counted twice.")
    COUNTERS[entry] = count
