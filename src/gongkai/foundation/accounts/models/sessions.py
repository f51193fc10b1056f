from datetime import datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from gongkai.foundation.accounts.kinds import SignInWay

SIGN_IN = "sign_in"
"""In the session: how, from where and when its person signed in, and when he was last seen."""


class SessionStore(DatabaseStore):
    """Django's sessions in the database, with columns that say whose they are (SESSION_ENGINE)."""

    @classmethod
    def get_model_class(cls) -> type["DeskSession"]:
        """See Django."""
        return DeskSession

    def create_model_instance(self, data: dict[str, Any]) -> "DeskSession":
        """The row of a session. What it says of the person is copied from the data at every save."""
        row = cast("DeskSession", super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        facts = data.get(SIGN_IN, {})
        row.way, row.address, row.browser = facts.get("way", ""), facts.get("address", ""), facts.get("browser", "")
        row.started_at, row.seen_at = _moment(facts.get("started")), _moment(facts.get("seen"))
        return row


class DeskSession(AbstractBaseSession):
    """One browser that is signed in, or about to be (登录会话). Ended by removing the row: its next request is nobody's.

    Without `user` it is only half signed in. Times are system time; `seen_at` is noted every few minutes, not at every request.
    Personal data: network address, kind of browser and times of a person's sign-in, while it lasts.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, null=True, related_name="+", verbose_name="账号")
    way = models.CharField("登录方式", max_length=15, blank=True, choices=SignInWay.choices())
    address = models.CharField("网络地址", max_length=50, blank=True)
    browser = models.CharField("浏览器", max_length=60, blank=True)
    started_at = models.DateTimeField("登录时间", null=True)
    seen_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="desk_session_way_known",
                condition=models.Q(way__in=["", *SignInWay.values()]),
                violation_error_message="登录方式无效。",
            ),
        ]

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """See Django."""
        return SessionStore


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
