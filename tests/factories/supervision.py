from datetime import date
from typing import Any
from uuid import UUID

from gongkai.consumers.supervision.kinds import DeskRow, Step
from gongkai.core.ledger.kinds import Binding, LimitChip, LimitState
from gongkai.lib.moments import end_of

THING = UUID("00000000-0000-4000-8000-000000000017")


def a_desk_row(*, last_day: date | None = date(2026, 10, 9), state: LimitState = LimitState.RUNNING, binding=Binding.LAW, **known):
    """A thing to do on 我的今日, with small defaults."""
    values: dict[str, Any] = {
        "title": "2026-17号地块成交",
        "page": "disclosure:cause",
        "uuid": THING,
        "context": "",
        "step": Step(words="起草", page="disclosure:write", uuid=THING, is_post=True),
        "chip": LimitChip(state, state.label) if last_day else None,
        "binding": binding,
        "last_day": last_day,
        "due_at": end_of(last_day) if last_day else None,
    }
    return DeskRow(**(values | known))
