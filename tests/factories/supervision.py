from datetime import date
from typing import Any
from uuid import UUID

from gongkai.consumers.supervision.kinds import DeskRow, Step
from gongkai.core.ledger.kinds import Binding, LimitChip, LimitState, Standing
from gongkai.lib.moments import end_of

THING = UUID("00000000-0000-4000-8000-000000000017")


def a_desk_row(*, day: date | None = date(2026, 10, 9), standing: Standing | None = Standing.RUNNING, binding=Binding.LAW, **known):
    """A thing to do on 我的今日, with small defaults. Without a day no clock runs."""
    values: dict[str, Any] = {
        "title": "2026-17号地块成交",
        "href": f"/desk/causes/{THING}/",
        "context": "",
        "step": Step(words="起草", href=f"/desk/causes/{THING}/write/", is_post=True),
        "standing": standing if day else None,
        "chip": LimitChip(LimitState.RUNNING, "计算中") if day else None,
        "binding": binding,
        "day": day,
        "moment": end_of(day) if day else None,
    }
    return DeskRow(**(values | known))
