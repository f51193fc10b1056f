"""我这个月: what is due this month, in parts that add up."""

from collections.abc import Mapping
from datetime import date

from gongkai.consumers.supervision.kinds import MonthPart, MonthView
from gongkai.core.ledger.kinds import LedgerPart, Totals

PARTS: Mapping[LedgerPart, tuple[str, str, str]] = {
    LedgerPart.DONE_IN_TIME: ("按时", "malachite", "tick-disc"),
    LedgerPart.DONE_LATE: ("已办，迟", "late", "state-done-late"),
    LedgerPart.NOT_DUE: ("未到期", "azurite", "state-running"),
    LedgerPart.PAST: ("期满，可以结束", "azurite", "state-done"),
    LedgerPart.PROVISIONAL: ("期限暂定", "provisional", "state-provisional"),
    LedgerPart.STOPPED: ("暂停", "indigo", "state-stopped"),
    LedgerPart.OVERDUE: ("逾期", "cinnabar", "state-overdue"),
}
ALWAYS = (LedgerPart.DONE_IN_TIME, LedgerPart.NOT_DUE, LedgerPart.STOPPED, LedgerPart.OVERDUE)


def lay_month(totals: Totals, *, today: date, href: str, apart: int) -> MonthView:
    """我这个月, from the totals of the ledger for this month's days. `apart`: how many internal duties and promises are not among them."""
    shown = [(part, totals.parts.get(part, 0)) for part in PARTS if part in ALWAYS or totals.parts.get(part, 0)]
    parts, begun = [], 0
    for part, count in shown:
        label, tone, icon = PARTS[part]
        parts.append(MonthPart(label, count, tone, icon, _percent(begun, totals.whole), _percent(count, totals.whole)))
        begun += count
    others = f"内部要求和对外承诺 {apart} 件另计，" if apart else "内部要求和对外承诺另计，"
    if not totals.whole:
        return MonthView(tuple(parts), 0, href, f"{today.month}月没有到期的法定和上级要求事项。")
    return MonthView(tuple(parts), totals.whole, href, f"{others}不在这 {totals.whole} 件里。{today.month}月到期的都算。")


def _percent(count: int, whole: int) -> str:
    return f"{100 * count / whole:.2f}%" if whole else "0%"
