from datetime import datetime, timedelta

from gongkai.lib.errors import SomebodyWasFaster
from gongkai.lib.moments import SHANGHAI

LEASE = timedelta(minutes=10)
"""How long an open page holds a text without a sign of life, in system time. A save is one; a page with script gives one each minute."""


class HeldBySomebody(SomebodyWasFaster):
    """Another person has the text open and writes on it."""


def lease_end(at_system: datetime) -> datetime:
    """When a lease (编辑占用) ends if nothing more is heard."""
    return at_system + LEASE


def held_by_somebody(name: str, since: datetime) -> HeldBySomebody:
    """The refusal for whoever saves while another writes, with what to do."""
    moment = since.astimezone(SHANGHAI)
    return HeldBySomebody(f"{name}从 {moment:%m-%d %H:%M} 起在改这份稿。您写的还在这一页，没有存进去。")


def is_on_top(*, seen_hash: str, current_hash: str, saved_here: str) -> bool:
    """Whether what a page sends was written on top of what is stored (没有冲突).

    `saved_here` is what the same page saved last: a save whose answer was lost on the way is no one else's.
    """
    return current_hash in (seen_hash, saved_here)
