"""The calculator of limits: what somebody typed, what is wrong with it in words, and the same receipt that the ledger gives."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from gongkai.consumers.portal import rules
from gongkai.consumers.portal.kinds import CalculatorView, Choice, FieldView
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import LimitUnit, MovementDraft, MovementKind, PublicDuty, Receipt
from gongkai.lib.errors import Refusal
from gongkai.lib.moments import SHANGHAI, day_of

EARLIEST = date(2000, 1, 1)
YEARS_AHEAD = 10
LONGEST_TYPED = 60
LONGEST_STOP = 92
"""Days that a stop may last: what is computed stays small whatever is asked."""

UNITS = {
    "workday": (LimitUnit.WORKDAY, "P{}WD", 200),
    "day": (LimitUnit.DAY, "P{}D", 365),
    "month": (LimitUnit.MONTH, "P{}M", 60),
    "year": (LimitUnit.YEAR, "P{}Y", 30),
    "hour": (LimitUnit.HOUR, "PT{}H", 1000),
}
"""Kinds of limit in the address, how the ledger writes them, and the most that is computed."""

STOPPABLE = frozenset({LimitUnit.WORKDAY, LimitUnit.DAY})
FIELDS = ("duty", "start", "time", "amount", "unit", "stop_from", "stop_to")
PARTS = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
CLOCK = re.compile(r"(\d{1,2})\s*[:点时]\s*(\d{1,2})?\s*分?")
NUMBER = re.compile(r"\d{1,9}")
MONTH_DAYS = 12


class Mistyped(ValueError):
    """Something typed cannot be read; the message says so in words."""


@dataclass
class Asked:
    """What somebody wants computed (计算请求): what he typed, what it means, and what is wrong with it, by field."""

    typed: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    def fault(self, name: str, words: str) -> None:
        """Note what is wrong with a field; the first word stands."""
        self.faults.setdefault(name, words)


def calculator_view(parameters: Mapping[str, str], now: datetime) -> CalculatorView:
    """Everything that the calculator's page shows (期限计算器). Whatever was typed, the answer is a page."""
    asked = Asked({name: _tidy(parameters.get(name, "")) for name in FIELDS})
    today = day_of(now)
    duties = ledger.list_public_duties(on=today)
    is_asked = any(asked.typed[name] for name in ("start", "amount", "duty"))
    receipt = _compute(asked, duties, today) if is_asked else None
    unit = asked.typed["unit"] if asked.typed["unit"] in UNITS else "workday"
    return CalculatorView(
        fields={name: FieldView(name, _shown(asked, name, today, is_asked=is_asked), asked.faults.get(name, "")) for name in FIELDS},
        faults=tuple((name, asked.faults[name]) for name in FIELDS if name in asked.faults),
        units=tuple(Choice(code, known.label, code == unit) for code, (known, _, _) in UNITS.items()),
        duties=tuple(Choice(one.entry, f"{one.label}（{one.limit_words}）", one.entry == asked.typed["duty"]) for one in duties),
        sheet=ledger.lay_receipt(receipt, today) if receipt else None,
        receipt=receipt,
        is_by_duty=bool(receipt and asked.typed["duty"]),
    )


def _shown(asked: Asked, name: str, today: date, *, is_asked: bool) -> str:
    if is_asked:
        return asked.typed[name]
    return {"start": today.isoformat(), "amount": "20"}.get(name, "")


def _tidy(text: str) -> str:
    """What was typed in one line, short enough to be shown again; full-width figures are read as figures."""
    plain = unicodedata.normalize("NFKC", text[:500].translate(rules.UNREADABLE))
    return " ".join("".join(letter for letter in plain if letter.isprintable()).split())[:LONGEST_TYPED]


def _compute(asked: Asked, duties: list[PublicDuty], today: date) -> Receipt | None:
    """The receipt; None when something is wrong, which is then noted."""
    start = _read_day(asked, "start", today, "起算的事发生在哪一天")
    duty = _read_duty(asked, duties)
    limit_text, unit = ("", None) if duty else _read_limit(asked)
    is_by_the_hour = duty.is_by_the_hour if duty else unit is LimitUnit.HOUR
    caused_at = _read_moment(asked, start) if start and is_by_the_hour else None
    stops = _read_stop(asked, start, today, may_stop=duty is not None or unit in STOPPABLE)
    if asked.faults or start is None:
        return None
    try:
        if duty:
            return ledger.compute_public(entry=duty.entry, caused_on=start, caused_at=caused_at, stops=stops)
        return ledger.compute_plain(limit_text=limit_text, caused_on=start, caused_at=caused_at, stops=stops)
    except Refusal as refusal:
        asked.fault("stop_from" if stops else "duty" if duty else "amount", str(refusal))
        return None


def read_day(text: str) -> date:
    """A day as people write it: 2026-10-09, 2026/10/9, 2026年10月9日, 20261009. Raises: Mistyped, in words."""
    found = PARTS.fullmatch(text)
    if found is None:
        raise Mistyped(f"“{text}”认不出是哪一天，请写成 2026-10-09 这样。")
    year, month, day = (int(part) for part in (found.groups()[:3] if found[1] else found.groups()[3:]))
    if not 1 <= month <= MONTH_DAYS:
        raise Mistyped(f"“{text}”里的月份要在 1 到 12 之间。")
    try:
        return date(year, month, day)
    except ValueError:
        raise Mistyped(f"{year}年{month}月没有 {day} 日，请核对。") from None


def _read_day(asked: Asked, name: str, today: date, what: str) -> date | None:
    text = asked.typed[name]
    if not text:
        asked.fault(name, f"请写{what}，例如 {today.isoformat()}。")
        return None
    try:
        day = read_day(text)
    except Mistyped as fault:
        asked.fault(name, str(fault))
        return None
    if not EARLIEST <= day <= date(today.year + YEARS_AHEAD, 12, 31):
        asked.fault(name, f"{rules.say_day(day)}太远了，只算 {EARLIEST.year} 年到 {today.year + YEARS_AHEAD} 年之间的。")
        return None
    return day


def _read_duty(asked: Asked, duties: list[PublicDuty]) -> PublicDuty | None:
    wanted = asked.typed["duty"]
    found = next((one for one in duties if one.entry == wanted), None)
    if wanted and found is None:
        asked.fault("duty", f"“{wanted}”不在可选的事项里，请从列表里选，或自己写天数。")
    return found


def _read_limit(asked: Asked) -> tuple[str, LimitUnit | None]:
    code, text = asked.typed["unit"] or "workday", asked.typed["amount"]
    if code not in UNITS:
        asked.fault("unit", f"“{code}”不是期限的单位，请从列表里选。")
        return "", None
    unit, pattern, most = UNITS[code]
    if not text:
        asked.fault("amount", "请写期限是多少，例如 20。")
    elif not NUMBER.fullmatch(text) or not text.isascii():
        asked.fault("amount", f"“{text}”不是整数，请只写数字，例如 20。")
    elif not 1 <= int(text) <= most:
        asked.fault("amount", f"{text} {unit.label}算不了，请写 1 到 {most} 之间的数。")
    else:
        return pattern.format(int(text)), unit
    return "", unit


def _read_moment(asked: Asked, start: date) -> datetime | None:
    text = asked.typed["time"]
    found = CLOCK.fullmatch(text)
    if found is None:
        asked.fault("time", f"“{text}”认不出是几点，请写成 15:40 这样。" if text else "按小时算，要写起算的时刻，例如 15:40。")
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour >= 24 or minute >= 60:
        asked.fault("time", f"“{text}”不是一天里的时刻，请写 00:00 到 23:59 之间的。")
        return None
    return datetime.combine(start, time(hour, minute), SHANGHAI)


def _read_stop(asked: Asked, start: date | None, today: date, *, may_stop: bool) -> tuple[MovementDraft, ...]:
    """The stop, where one was typed. Both of its days are days that do not count."""
    if not (asked.typed["stop_from"] or asked.typed["stop_to"]):
        return ()
    if not may_stop:
        asked.fault("stop_from", "只有按工作日或日算的期限可以写中间暂停。")
        return ()
    first = _read_day(asked, "stop_from", today, "暂停从哪一天开始（这天不计）")
    last = _read_day(asked, "stop_to", today, "暂停到哪一天为止（这天不计）")
    if first is None or last is None or start is None:
        return ()
    if last < first:
        asked.fault("stop_to", "暂停的最后一天早于第一天，请核对。")
    elif first <= start:
        asked.fault("stop_from", "暂停要从起算日以后开始：起算那天本来就不计。")
    elif last - first > timedelta(days=LONGEST_STOP):
        asked.fault("stop_to", f"暂停最多算 {LONGEST_STOP} 天。")
    else:
        return (MovementDraft(kind=MovementKind.STOP, first_day=first, last_day=last, latest_day=last),)
    return ()
