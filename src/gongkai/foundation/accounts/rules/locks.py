"""How often somebody may be wrong before he has to wait."""

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongkai.foundation.accounts.kinds import TallyKind
from gongkai.lib.moments import SHANGHAI

DEVICE_DAYS = 90
"""How long a browser stays known to an account that signed in with it."""
IPV6_NETWORK = 64


@dataclass(frozen=True)
class Limit:
    """So many tries within a time; who tries once more waits (试错上限)."""

    tries: int
    within: timedelta
    wait: timedelta


LIMITS: Mapping[TallyKind, Limit] = {
    TallyKind.NAME: Limit(5, timedelta(minutes=15), timedelta(minutes=15)),
    TallyKind.ADDRESS: Limit(30, timedelta(minutes=15), timedelta(minutes=15)),
    TallyKind.DEVICE: Limit(10, timedelta(minutes=15), timedelta(minutes=15)),
    TallyKind.CODE: Limit(5, timedelta(minutes=15), timedelta(minutes=15)),
}
"""A wait is never made longer by tries during it: it ends when it says. A browser with which a person has signed in before has a count of
its own (DEVICE), so that a stranger who tries his name keeps strangers out, not him."""


def name_network(address: str) -> str:
    """What of an address is counted: all of an IPv4 address, the network of an IPv6 one, which has addresses enough to try each once."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False))
    return str(parsed)


def say_locked(kind: TallyKind, until: datetime, at_system: datetime) -> str:
    """Why one has to wait, and until when (锁定说明). The same for a name that nobody has."""
    minutes = max(1, math.ceil((until - at_system).total_seconds() / 60))
    when = f"请过 {minutes} 分钟再试（{until.astimezone(SHANGHAI):%H:%M} 解除）"
    if kind is TallyKind.ADDRESS:
        return f"这个网络地址试错太多，暂时不能登录。{when}，或者请安全管理员解除。"
    if kind is TallyKind.CODE:
        return f"验证码试错太多，暂时不能再试。{when}，或者请安全管理员解除。"
    return f"这个姓名试错太多，暂时不能登录。{when}；急用请找安全管理员解除，或用平时登录的那台电脑。"
