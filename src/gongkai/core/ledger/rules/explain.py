"""The lines beside the calendar of a receipt: where counting began, how long, what was left out, and that it adds up."""

from collections import Counter
from dataclasses import dataclass

from gongkai.core.ledger.kinds import LimitUnit, Receipt, ReceiptDay
from gongkai.core.ledger.rules.sentences import say_day, say_weekday


@dataclass(frozen=True)
class ReceiptLine:
    """One step of a computation (怎么算出来的): its name, what it came to, and the paper behind it."""

    title: str
    words: str
    notes: tuple[str, ...] = ()


def explain(receipt: Receipt) -> tuple[ReceiptLine, ...]:
    """How a limit was computed (怎么算出来的), step by step. A step that did not occur is left out, except the made-up days."""
    lines = [
        ReceiptLine("起算", _say_start(receipt), (f"从“{receipt.clock_start}”算",) if receipt.clock_start else ()),
        ReceiptLine("期限", receipt.limit_words, _say_terms(receipt)),
    ]
    off = [day for day in receipt.days if not day.is_counted and day.day != receipt.caused_on and not day.is_last]
    if off and receipt.unit is not LimitUnit.HOUR:
        lines.append(ReceiptLine("不计", _say_off(off), _notices(off)))
    made_up = [day for day in receipt.days if day.is_made_up]
    if receipt.unit is LimitUnit.WORKDAY or made_up:
        days = "、".join(f"{say_day(day.day)}（{say_weekday(day.day)}）" for day in made_up)
        lines.append(ReceiptLine("调休", f"{days}上班" if made_up else "没有", _notices(made_up)))
    if any(day.reason.endswith("，顺延") for day in receipt.days):
        lines.append(
            ReceiptLine(
                "顺延", f"{say_day(receipt.last_day)}（{say_weekday(receipt.last_day)}）", ("期满是休息日的，顺延到休息日后第一个工作日",)
            )
        )
    return tuple(lines)


def add_up(receipt: Receipt) -> str:
    """The check sum of a receipt in words (核对): counted and skipped days make the whole span. Empty where no days are counted."""
    begins_later = receipt.is_backward or receipt.start > receipt.caused_on
    if receipt.unit not in {LimitUnit.WORKDAY, LimitUnit.DAY} or not begins_later:
        return ""
    span = abs((receipt.last_day - receipt.caused_on).days)
    counted, skipped = receipt.counted, receipt.skipped
    agrees = "相符" if counted + skipped == span else "不符，请告诉系统管理员"
    return f"计入 {counted} + 不计 {skipped} = {counted + skipped} 天；事由日到最后一天相隔 {span} 天，{agrees}。"


def _say_start(receipt: Receipt) -> str:
    cause = say_day(receipt.caused_on)
    if receipt.is_backward:
        return f"{cause}开始，当天不计，往前数"
    if receipt.unit is LimitUnit.DATE:
        return f"{cause}之后的第一个"
    if receipt.unit is LimitUnit.HOUR or receipt.start <= receipt.caused_on:
        return f"{say_day(receipt.start)}，当天计入"
    first = next((day.day for day in receipt.days if day.is_counted), receipt.start)
    later = f"；第一个工作日是 {say_day(first)}" if receipt.unit is LimitUnit.WORKDAY and first != receipt.start else ""
    return f"{say_day(receipt.start)}（次日）{later}"


def _say_terms(receipt: Receipt) -> tuple[str, ...]:
    first, last = receipt.effective_from, receipt.effective_to
    span = f"{f'{first} 起' if first else ''}{f'到 {last} 为止' if last else ''}适用" if first or last else ""
    checked = "来源已核" if receipt.is_verified else "来源未核实，不对外引用"
    return tuple(note for note in (receipt.article, span, f"{checked}：{receipt.source}") if note)


def _say_off(days: list[ReceiptDay]) -> str:
    names = Counter(day.reason.removesuffix("，顺延") for day in days)
    return "、".join(f"{name} {count} 天" for name, count in names.items())


def _notices(days: list[ReceiptDay]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(day.notice for day in days if day.notice))
