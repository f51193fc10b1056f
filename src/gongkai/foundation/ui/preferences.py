"""Choices of one browser: appearance, size of letters, single keys. Kept in cookies, so that they hold before anybody signs in."""

from django.http import HttpRequest

from gongkai.foundation.ui.kinds import Preferences

CHOICES = {
    "theme": (("", "跟随设备"), ("light", "浅色"), ("dark", "深色"), ("contrast", "高对比")),
    "size": (("", "标准"), ("large", "大字")),
    "keys": (("", "开"), ("off", "关")),
}
COOKIE_PREFIX = "desk_"
COOKIE_AGE = 365 * 24 * 3600


def read_preferences(request: HttpRequest) -> Preferences:
    """What this browser chose; anything unknown counts as not chosen."""
    return Preferences(**{name: _known(name, request.COOKIES.get(COOKIE_PREFIX + name, "")) for name in CHOICES})


def _known(name: str, value: str) -> str:
    return value if value in dict(CHOICES[name]) else ""
