"""What the movements of a limit come to: from which cause it is counted, which days stand still, what is added, what was forgotten."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.core.ledger.kinds import Limit, LimitUnit, MovementDraft, MovementKind, Receipt, TermsRow
from gongkai.core.ledger.rules.counting import ONE_DAY, Span
from gongkai.core.ledger.rules.limits import parse_limit, say_limit
from gongkai.core.ledger.rules.sentences import say_day
from gongkai.lib.errors import ActNotPossible, BadInput, SomebodyWasFaster

HOLDING = frozenset({MovementKind.STOP, MovementKind.FEE})
BACKWARD_MARK = "倒算"


@dataclass(frozen=True)
class Leg:
    """One count from a cause (一次计算): what shapes it, and the movement that ended it; None where it is the last."""

    caused_on: date
    spans: tuple[Span, ...]
    extensions: tuple[MovementDraft, ...]
    movements: tuple[MovementDraft, ...]
    ended_by: MovementDraft | None = None
    begun_by: MovementDraft | None = None


@dataclass(frozen=True)
class Plan:
    """All counts from the first cause on, oldest first (变动安排). `running`: the movement because of which it stands still."""

    legs: tuple[Leg, ...]
    running: MovementDraft | None

    @property
    def current(self) -> Leg:
        """The count that holds."""
        return self.legs[-1]


def plan_movements(caused_on: date, movements: Iterable[MovementDraft]) -> Plan:
    """How the movements shape the count (变动安排). A restart, and a fee that is paid, forget what was before; stops join whatever their
    order. A stop that runs and a fee that is unpaid are read as if they ended at the latest day.
    """
    noted = sorted(movements, key=lambda one: (one.first_day, one.kind.value))
    restarts = sorted((_new_cause(one), place, one) for place, one in enumerate(noted) if _new_cause(one) is not None)
    causes: list[tuple[date, MovementDraft | None]] = [(caused_on, None), *((day, one) for day, _, one in restarts if day is not None)]
    ends = [*(one for _, one in causes[1:]), None]
    legs = []
    for (cause, begun_by), ended_by in zip(causes, ends, strict=True):
        until = _new_cause(ended_by) if ended_by else None
        own = [one for one in noted if _shapes(one, cause, until)]
        legs.append(Leg(cause, tuple(map(_span_of, _stops(own))), tuple(_extensions(own)), tuple(own), ended_by, begun_by))
    return Plan(tuple(legs), next((one for one in noted if one.is_running), None))


def _new_cause(one: MovementDraft | None) -> date | None:
    """The day from which counting begins again because of it; None where it goes on."""
    if one is None:
        return None
    if one.kind is MovementKind.RESTART:
        return one.first_day
    return (one.last_day or one.latest_day) if one.kind is MovementKind.FEE else None


def _shapes(one: MovementDraft, cause: date, until: date | None) -> bool:
    """Whether a movement changes the count from that cause until counting begins again."""
    if one.kind is MovementKind.EXTEND:
        return one.first_day >= cause and (until is None or one.first_day < until)
    if one.kind is not MovementKind.STOP:
        return False
    return _span_of(one).last > cause and (until is None or one.first_day <= until)


def _stops(movements: Iterable[MovementDraft]) -> list[MovementDraft]:
    return [one for one in movements if one.kind is MovementKind.STOP]


def _extensions(movements: Iterable[MovementDraft]) -> list[MovementDraft]:
    return [one for one in movements if one.kind is MovementKind.EXTEND]


def _span_of(stop: MovementDraft) -> Span:
    if stop.last_day is not None:
        return Span(stop.first_day, stop.last_day)
    latest = stop.latest_day or stop.first_day
    return Span(stop.first_day, max(stop.first_day, latest - ONE_DAY), ends=False)


def first_stopped_day(terms: TermsRow, sent_on: date) -> date:
    """First day that does not count when an opinion was asked for on that day (停的第一天): the next, where the terms say so."""
    return sent_on + ONE_DAY if terms.stop_from_next_day else sent_on


def last_stopped_day(terms: TermsRow, answered_on: date) -> date:
    """Last day that does not count when the answer arrived on that day (停的最后一天): that day, where the terms say so."""
    return answered_on if terms.stop_includes_answer else answered_on - ONE_DAY


def can_move(terms: TermsRow) -> bool:
    """Whether stops and restarts mean anything for a limit (能否中止): not for a date in the year, a cadence, or one counted back."""
    limit = parse_limit(terms.limit_text)
    if limit.unit in {LimitUnit.DATE, LimitUnit.CADENCE, LimitUnit.NONE}:
        return False
    return BACKWARD_MARK not in terms.clock_start and "季度首日" not in terms.clock_start


def check_can_move(terms: TermsRow) -> None:
    """As `can_move`. Raises: ActNotPossible, in words."""
    if not can_move(terms):
        words = say_limit(parse_limit(terms.limit_text))
        raise ActNotPossible(f"“{terms.label}”的期限是定好的日子（{words}），不能中止，也不能重新起算。")


def extension_unit(terms: TermsRow) -> LimitUnit:
    """What an extension of it counts (延长的单位): what the law says, else the same as the limit."""
    return terms.extend_unit or parse_limit(terms.limit_text).unit


def say_may_extend(terms: TermsRow) -> str:
    """How far the law lets it be extended, and who approves (可延长): 最多可延长 20 个工作日，由…同意. Empty where it knows none."""
    if not terms.may_be_extended:
        return ""
    most, unit = terms.extend_cap_total or terms.extend_amount, extension_unit(terms)
    words = f"最多可延长 {say_limit(Limit(unit, most))}" if most else "可以延长，依据没有写多久"
    times = f"，最多 {terms.extend_max_times} 次" if terms.extend_max_times else ""
    return f"{words}{times}{f'；{terms.extend_approval}' if terms.extend_approval else ''}"


def check_extension(terms: TermsRow, amount: int, earlier: Sequence[MovementDraft]) -> None:
    """Whether a limit may be extended by so much (延长核对), after the extensions that count already.

    Raises: ActNotPossible when the law knows no extension or no further one; BadInput when it is too long. In words.
    """
    if not terms.may_be_extended:
        raise ActNotPossible(f"“{terms.label}”的依据没有写可以延长（{terms.basis}），不能延长。")
    unit = extension_unit(terms)
    if unit in {LimitUnit.DATE, LimitUnit.CADENCE, LimitUnit.NONE}:
        raise ActNotPossible(f"“{terms.label}”的依据没有写按什么单位延长，请法规科先核对期限条款。")
    if amount < 1:
        raise BadInput("延长多少要写一个正数。", field="amount")
    if terms.extend_max_times is not None and len(earlier) >= terms.extend_max_times:
        raise ActNotPossible(f"已经延长过 {len(earlier)} 次，依据只许 {terms.extend_max_times} 次。")
    if terms.extend_amount is not None and amount > terms.extend_amount:
        raise BadInput(f"一次最多延长 {say_limit(Limit(unit, terms.extend_amount))}，现在写的是 {amount}。", field="amount")
    had = sum(one.amount for one in earlier)
    if terms.extend_cap_total is not None and had + amount > terms.extend_cap_total:
        left = max(terms.extend_cap_total - had, 0)
        cap = say_limit(Limit(unit, terms.extend_cap_total))
        if left == 0:
            raise ActNotPossible(f"延长合计不超过 {cap}，已经用完，不能再延长。")
        raise BadInput(f"延长合计不超过 {cap}，已延长 {had}，最多还能延长 {left}。", field="amount")


def check_draft(
    terms: TermsRow, caused_on: date, receipt: Receipt, movements: Sequence[MovementDraft], draft: MovementDraft, today: date
) -> None:
    """Whether a movement can be noted on that day (变动核对), for a limit whose receipt under the movements so far is this one.

    A stop or fee with an end is the end of the one that runs. Raises: ActNotPossible, BadInput or SomebodyWasFaster, in words.
    """
    plan = plan_movements(caused_on, movements)
    is_end = draft.kind in HOLDING and draft.last_day is not None
    if plan.running is not None:
        _check_running(plan.running, draft, today, is_end=is_end)
        return
    if is_end:
        raise SomebodyWasFaster("期限现在没有暂停，可能刚被别人恢复了。请刷新后再看。")
    CHECKS[draft.kind](terms, plan, receipt, draft, today)


def _check_running(running: MovementDraft, draft: MovementDraft, today: date, *, is_end: bool) -> None:
    since = say_day(running.first_day)
    if is_end and draft.kind is running.kind:
        _check_end(running, draft.last_day or today, today)
        return
    if draft.kind in HOLDING and not is_end:
        raise SomebodyWasFaster(f"期限已经从 {since}起暂停，可能刚被别人记过。请刷新后再看。")
    if draft.kind is MovementKind.EXTEND:
        goes_on = "登记缴费" if running.kind is MovementKind.FEE else "恢复计算"
        raise ActNotPossible(f"期限从 {since}起没有在走，现在用不着延长，也看不出延长到哪天。{goes_on}以后时间不够，再延长。")
    if running.kind is MovementKind.FEE:
        raise ActNotPossible(f"{since}发出了收费通知，等着缴费，期限没有在走。先登记缴费，再记别的。")
    raise ActNotPossible(f"期限从 {since}起暂停着。先恢复计算，再记别的。")


def _check_end(running: MovementDraft, last_day: date, today: date) -> None:
    """The end of a stop or the payment of a fee."""
    is_fee = running.kind is MovementKind.FEE
    if last_day > today:
        raise BadInput("缴费的日子还没有到。" if is_fee else "不计的最后一天还没有到，收到意见以后再恢复。", field="last_day")
    if last_day < running.first_day:
        first = say_day(running.first_day)
        words = f"缴费不能早于收费通知的日子 {first}。" if is_fee else f"暂停从 {first}才开始，这天以前就收到了意见：请把这次暂停作废。"
        raise BadInput(words, field="last_day")
    if running.latest_day is None:
        return
    if is_fee and last_day > running.latest_day:
        raise BadInput(f"缴费期到 {say_day(running.latest_day)}为止，过了视为放弃。要续办，请作废这次收费，写明理由。", field="last_day")
    if not is_fee and last_day >= running.latest_day:
        raise BadInput(f"最迟 {say_day(running.latest_day)}就要恢复，不计的最后一天要早于这天。", field="last_day")


def _check_stop(terms: TermsRow, _plan: Plan, receipt: Receipt, draft: MovementDraft, _today: date) -> None:
    check_can_move(terms)
    if draft.first_day <= receipt.caused_on:
        raise BadInput(f"{say_day(receipt.caused_on)}的次日才起算，停的第一天要在这以后。", field="first_day")
    _check_before_end(receipt, draft)
    _check_latest(draft, "最迟恢复的日子")


def _check_fee(terms: TermsRow, _plan: Plan, receipt: Receipt, draft: MovementDraft, today: date) -> None:
    check_can_move(terms)
    if not receipt.caused_on <= draft.first_day <= today:
        raise BadInput(f"收费通知的日子要在 {say_day(receipt.caused_on)}到今天之间。", field="first_day")
    _check_before_end(receipt, draft)
    _check_latest(draft, "最迟缴费的日子")


def _check_before_end(receipt: Receipt, draft: MovementDraft) -> None:
    if draft.first_day > receipt.last_day:
        raise BadInput(f"最后一天是 {say_day(receipt.last_day)}，这以后没有期限可停。", field="first_day")


def _check_latest(draft: MovementDraft, name: str) -> None:
    if draft.latest_day is None or draft.latest_day <= draft.first_day:
        raise BadInput(f"要写{name}，晚于 {say_day(draft.first_day)}。", field="latest_day")


def _check_restart(terms: TermsRow, plan: Plan, _receipt: Receipt, draft: MovementDraft, today: date) -> None:
    check_can_move(terms)
    if draft.first_day > today:
        raise BadInput("重新起算的日子还没有到，收到以后再记。", field="first_day")
    if draft.first_day <= plan.current.caused_on:
        raise BadInput(f"现在就是从 {say_day(plan.current.caused_on)}起算的，重新起算的日子要晚于这天。", field="first_day")


def _check_extend(terms: TermsRow, plan: Plan, receipt: Receipt, draft: MovementDraft, today: date) -> None:
    check_extension(terms, draft.amount, plan.current.extensions)
    if today > receipt.last_day:
        raise ActNotPossible(f"最后一天 {say_day(receipt.last_day)}已经过了，不能再延长。")


CHECKS: dict[MovementKind, Callable[[TermsRow, Plan, Receipt, MovementDraft, date], None]] = {
    MovementKind.STOP: _check_stop,
    MovementKind.FEE: _check_fee,
    MovementKind.RESTART: _check_restart,
    MovementKind.EXTEND: _check_extend,
}
