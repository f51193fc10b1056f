"""The lines beside the calendar of a receipt: where counting began, how long, what was left out, and that it adds up."""

from collections import Counter

from gongkai.core.ledger.kinds import LimitUnit, MovementDraft, MovementKind, MovementRow, Receipt, ReceiptDay, ReceiptLine
from gongkai.core.ledger.rules.sentences import say_day, say_weekday


def explain(receipt: Receipt) -> tuple[ReceiptLine, ...]:
    """How a limit was computed (怎么算出来的), step by step. A step that did not occur is left out, except the made-up days."""
    lines = [
        ReceiptLine("起算", _say_start(receipt), (f"从“{receipt.clock_start}”算",) if receipt.clock_start else ()),
        ReceiptLine("期限", receipt.limit_words, _say_terms(receipt)),
        *(_restart_line(one) for one in receipt.movements if one.kind is MovementKind.RESTART or _is_paid(one)),
        *(_stop_line(one, receipt) for one in receipt.stops),
        *(_fee_line(one) for one in receipt.movements if one.kind is MovementKind.FEE and one.is_running),
    ]
    off = [day for day in receipt.days if not day.is_counted and not day.is_stopped and day.day != receipt.caused_on and not day.is_last]
    if off and receipt.unit not in {LimitUnit.HOUR, LimitUnit.CADENCE}:
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
    lines += _extension_lines(receipt)
    return tuple(lines)


def _is_paid(one: MovementDraft) -> bool:
    return one.kind is MovementKind.FEE and not one.is_running


def _papers(one: MovementDraft) -> tuple[str, ...]:
    """The reason, the article, the paper and the people of a movement, as far as they are told."""
    return tuple(words for words in (one.article, one.reason, one.document, _people(one)) if words)


def _people(one: MovementDraft) -> str:
    if not isinstance(one, MovementRow):
        return ""
    return "，".join(words for words in (one.proposed_by and f"{one.proposed_by}记", one.approved_by and f"{one.approved_by}同意") if words)


def _restart_line(one: MovementDraft) -> ReceiptLine:
    if one.kind is MovementKind.FEE and one.last_day is not None:
        return ReceiptLine("重算", f"{say_day(one.last_day)}缴费，从次日起重新计算", _papers(one))
    return ReceiptLine("重算", f"从 {say_day(one.first_day)}重新起算，当天不计", _papers(one))


def _fee_line(one: MovementDraft) -> ReceiptLine:
    latest = f"，最迟 {say_day(one.latest_day)}缴费" if one.latest_day else ""
    return ReceiptLine("收费", f"{say_day(one.first_day)}发出通知{latest}", _papers(one))


def _stop_line(one: MovementDraft, receipt: Receipt) -> ReceiptLine:
    if one.last_day is None:
        latest = f"，最迟 {say_day(one.latest_day)}恢复" if one.latest_day else ""
        return ReceiptLine("停", f"从 {say_day(one.first_day)}起{latest}", _papers(one))
    number = sum(1 for day in receipt.days if day.is_stopped and one.first_day <= day.day <= one.last_day)
    unit = LimitUnit.WORKDAY if receipt.unit is LimitUnit.WORKDAY else LimitUnit.DAY
    return ReceiptLine("停", f"{say_day(one.first_day)}至 {say_day(one.last_day)}，{number} {unit.label}", _papers(one))


def _extension_lines(receipt: Receipt) -> list[ReceiptLine]:
    """What was added; where the law knows an extension and none was, that there was none."""
    added = [one for one in receipt.movements if one.kind is MovementKind.EXTEND and one.first_day >= receipt.caused_on and one.unit]
    if not added:
        return [ReceiptLine("延长", "没有", (receipt.may_extend,))] if receipt.may_extend else []
    return [
        ReceiptLine("延长", f"{say_day(one.first_day)}决定，延长 {one.amount} {one.unit.label if one.unit else ''}", _papers(one))
        for one in added
    ]


def add_up(receipt: Receipt) -> str:
    """The check sum of a receipt in words (核对): counted and skipped days make the whole span. Empty where no days are counted."""
    begins_later = receipt.is_backward or receipt.start > receipt.caused_on
    if receipt.unit not in {LimitUnit.WORKDAY, LimitUnit.DAY} or not begins_later or receipt.is_stopped:
        return ""
    span = abs((receipt.last_day - receipt.caused_on).days)
    counted, stopped, skipped = receipt.counted, receipt.stopped, receipt.skipped
    whole = counted + stopped + skipped
    agrees = "相符" if whole == span else "不符，请告诉系统管理员"
    stood = f"停 {stopped} + " if receipt.stops else ""
    return f"计入 {counted} + {stood}{'休息日' if stood else '不计'} {skipped} = {whole} 天；事由日到最后一天相隔 {span} 天，{agrees}。"


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
    source = f"{checked}：{receipt.source}" if receipt.source else ""
    return tuple(note for note in (receipt.article, span, source) if note)


def _say_off(days: list[ReceiptDay]) -> str:
    names = Counter(day.reason.removesuffix("，顺延") for day in days)
    return "、".join(f"{name} {count} 天" for name, count in names.items())


def _notices(days: list[ReceiptDay]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(day.notice for day in days if day.notice))
