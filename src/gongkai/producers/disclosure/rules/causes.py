import calendar
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.ledger.kinds import Receipt
from gongkai.lib.errors import BadInput
from gongkai.producers.disclosure.kinds import EntryGroup

FULL_DAY = re.compile(r"(?<!\d)((?:19|2\d)\d{2})[-年./](\d{1,2})[-月./](\d{1,2})(?!\d)")
YEAR_MONTH = re.compile(r"(?<!\d)((?:19|2\d)\d{2})[-年./](\d{1,2})(?!\d)")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
MAX_TITLE = 200
ASIDE = re.compile(r"[（(].*?[）)]")


@dataclass(frozen=True)
class DayFound:
    """What a document says about its day. `formed_on` is None when it names no full day; `remark` says what was assumed instead.

    `is_known` False: `caused_on` is but the day of the import, and nothing may be counted from it.
    """

    formed_on: date | None
    caused_on: date
    remark: str
    is_known: bool = True


def find_day(text: str, today: date) -> DayFound:
    """Day on which a document's matter arose (事由日), from what its date line says.

    The first full day counts. A month or a year alone gives its last day, at most today; nothing gives today. What stands in
    brackets (a page's date) counts only where the rest says nothing.

    Raises: BadInput when the day cannot be, or lies after today.
    """
    for part in (ASIDE.sub(" ", text), text):
        if found := _find_day(part, today):
            return found
    said = f"“{text}”" if text else "空"
    return DayFound(None, today, f"文件的日期为{said}，认不出是哪一天，事由日按导入日计。", is_known=False)


def _find_day(text: str, today: date) -> DayFound | None:
    for match in FULL_DAY.finditer(text):
        day = _as_day(int(match[1]), int(match[2]), int(match[3]))
        if day is None:
            raise BadInput(f"日期“{match[0]}”：没有这一天，请核对“# date:”这一行。")
        if day > today:
            raise BadInput(f"日期 {day.isoformat()} 在今天之后，请核对“# date:”这一行。")
        return DayFound(day, day, "")
    if named := YEAR_MONTH.search(text):
        year, month = int(named[1]), int(named[2])
        if not 1 <= month <= 12:
            raise BadInput(f"日期“{named[0]}”：没有 {month} 月，请核对“# date:”这一行。")
        if (year, month) > (today.year, today.month):
            raise BadInput(f"日期 {year}-{month:02} 在今天之后，请核对“# date:”这一行。")
        return _assumed(date(year, month, calendar.monthrange(year, month)[1]), today, f"日期只写到月（{year}-{month:02}）", "当月")
    if alone := YEAR.search(text):
        if int(alone[1]) > today.year:
            raise BadInput(f"日期里的 {alone[1]} 年在今天之后，请核对“# date:”这一行。")
        return _assumed(date(int(alone[1]), 12, 31), today, f"日期只写到年（{alone[1]}）", "当年")
    return None


def _assumed(last: date, today: date, said: str, period: str) -> DayFound:
    if last > today:
        return DayFound(None, today, f"{said}，{period}还没有过完，事由日按导入日计。", is_known=False)
    return DayFound(None, last, f"{said}，事由日按{period}最后一天计。")


def _as_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def check_cause(*, title: str, happened_on: date, today: date, may_lie_ahead: bool = False) -> None:
    """Whether a cause (事由) can be registered as it was typed. `may_lie_ahead`: its limit is counted back from a coming event.

    Raises: BadInput, naming the field.
    """
    if not title.strip():
        raise BadInput("请写明是哪一件事，例如“2026-17号地块挂牌出让成交”。", field="title")
    if len(title) > MAX_TITLE:
        raise BadInput(f"名称 {len(title)} 字，超过 {MAX_TITLE} 字：写短些，细节写在说明里。", field="title")
    if happened_on > today and not may_lie_ahead:
        raise BadInput(f"事由日 {happened_on.isoformat()} 在今天之后：事情发生以后再登记。", field="happened_on")


def check_entry(entry: EntryRow) -> None:
    """Whether something new can be made public under an entry (公开事项在用).

    Raises: BadInput.
    """
    if not entry.is_active:
        raise BadInput(f"“{entry.name}”（{entry.code}）已经停用，请改选现行的事项。", field="entry")


def choose_entries(entries: Iterable[EntryRow], words: str, own_names: Collection[str]) -> list[EntryGroup]:
    """Entries a person may mean (可选事项), by section: those that hold every word he typed, his own unit's first."""
    wanted = words.lower().split()
    found = [entry for entry in entries if all(word in _searchable(entry) for word in wanted)]
    own = tuple(entry for entry in found if entry.owner_usual_name in own_names)
    sections: dict[str, list[EntryRow]] = {}
    for entry in found:
        if entry.owner_usual_name not in own_names:
            sections.setdefault(entry.section.title, []).append(entry)
    groups = [EntryGroup(title, tuple(rows)) for title, rows in sections.items()]
    return [EntryGroup("本单位承办的", own), *groups] if own else groups


def _searchable(entry: EntryRow) -> str:
    return " ".join((entry.name, entry.section.title, entry.trigger, entry.owner_usual_name, entry.code)).lower()


def choose_unit(unit_ids: Sequence[int], usual_id: int | None, own_id: int | None) -> int | None:
    """Unit a form offers first (承办单位): the one that usually does this work, else the person's own, else any he may write for."""
    return next((unit_id for unit_id in (usual_id, own_id, *unit_ids) if unit_id in unit_ids), None)


def say_last_day(receipt: Receipt, today: date) -> str:
    """The last day in a sentence (最后一天), with a word where it surprises: 最后一天是 10月10日（周六）。这天国庆调休上班。"""
    last = receipt.last_day
    year = "" if last.year == today.year else f"{last.year}年"
    day = f"{year}{last.month}月{last.day}日（周{'一二三四五六日'[last.weekday()]}）"
    sentence = f"至少公示到 {day}。" if receipt.is_minimum else f"最后一天是 {day}。"
    why = next((one.reason for one in receipt.days if one.is_last and one.is_made_up), "")
    provisional = "这是暂定的日子：那一年的日历还没有发布。" if receipt.is_provisional else ""
    return sentence + (f"这天{why.removeprefix('顺延到这天，')}。" if why else "") + provisional


def explain_day(trigger: str, clock_start: str) -> str:
    """What the day of a cause means for an entry (事由日说明), under the field where it is typed."""
    said = f"事由：{trigger}。" if trigger else ""
    if "倒算" in clock_start:
        return f"{said}从{clock_start.removesuffix('（倒算）')}往前倒数：填那一天，可以在今天以后。"
    return f"{said}起算：{clock_start}，当天不计。" if clock_start else said
