"""How what other apps know becomes a row of 我的今日."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from gongkai.consumers.supervision import rules
from gongkai.consumers.supervision.kinds import DeskRow, Step
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Binding, ColumnReminder, ComingColumn, LimitChip, LimitState, ObligationRow, Standing
from gongkai.core.publishing.kinds import DraftFacts, DraftRow, EditionState, ReviewRow
from gongkai.lib.moments import SHANGHAI, day_of
from gongkai.lib.workcalendar import WorkCalendar

REVIEW_PAGE, DRAFT_PAGE, CAUSE_PAGE, LEDGER_PAGE = "publishing:review", "publishing:draft", "disclosure:cause", "ledger:detail"


@dataclass(frozen=True)
class Moment:
    """What every row is told against: the moment, the calendar and what units are called for short."""

    now: datetime
    calendar: WorkCalendar
    short_names: Mapping[int, str]

    @property
    def today(self) -> date:
        """The day of the moment."""
        return day_of(self.now)

    def unit_words(self, row: ObligationRow) -> str:
        """What the unit of a row is called for short."""
        return self.short_names.get(row.unit_id, row.unit_name)


def address_of(page: str, subject: UUID) -> str:
    """Where the work itself is done (办理页); empty when its page does not exist in this installation or shows no single thing."""
    try:
        return reverse(page, args=[subject])
    except NoReverseMatch:
        return ""


def owed_row(row: ObligationRow, text: UUID | None, facts: DraftFacts | None, moment: Moment) -> DeskRow:
    """A duty I owe (名下事项), with how far its text is."""
    limit = ledger.say_limit(ledger.parse_limit(row.limit_text))
    about = [f"{rules.say_cause(row, moment.today)}，{limit}", f"法定主体 {row.holder}，承办 {moment.unit_words(row)}"]
    before, must, after = rules.say_work(facts) if facts else ("", "", "")
    if facts:
        before = f"{about[0]} · {before}"
        after = f"{after} · {about[1]}"
    context = before if facts else " · ".join(about)
    return _clocked(row, moment, title=row.label, context=context, must=must, after=after, step=_next_step(row, text, facts))


def _next_step(row: ObligationRow, text: UUID | None, facts: DraftFacts | None) -> Step:
    if row.page != CAUSE_PAGE:
        return Step(words="打开", href=address_of(row.page, row.subject) or reverse(LEDGER_PAGE, args=[row.uuid]))
    if text is None:
        return Step(words="起草", href=reverse("disclosure:write", args=[row.subject]), is_post=True)
    is_waiting = facts is None or facts.state is not EditionState.DRAFT
    return Step(words=_say_draft_step(facts), href=reverse(DRAFT_PAGE, args=[text]), is_waiting=is_waiting)


def _say_draft_step(facts: DraftFacts | None) -> str:
    if facts is None or facts.state is not EditionState.DRAFT:
        return "打开"
    if facts.blocks:
        return f"去改 {facts.blocks} 处"
    return "去改文稿" if facts.returned_count else "打开文稿"


def review_row(step: ReviewRow, duty: ObligationRow, moment: Moment) -> DeskRow:
    """A text I am to review (审)."""
    unit = moment.short_names.get(step.unit_id, step.unit_name)
    whose = f"代{step.absent_name}审 · " if step.absent_name else ""
    return _clocked(
        duty,
        moment,
        title=f"{step.title}（{step.author_name} 起草）",
        context=f"{whose}{step.kind.label} · {unit} · {rules.say_waiting(step.waiting_since, moment.now)} · 不考核",
        step=Step(words="打开审核", href=reverse(REVIEW_PAGE, args=[step.step])),
        tag="审",
    )


def returned_row(row: DraftRow, facts: DraftFacts | None) -> DeskRow:
    """A text of mine that came back and for which no duty runs (退回)."""
    must = f"{facts.blocks} 处必须改" if facts and facts.blocks else ""
    return DeskRow(
        title=row.title,
        href=reverse(DRAFT_PAGE, args=[row.uuid]),
        context=f"{row.entry_name} · {row.unit_name} · 已退回 {row.returned_count} 次" + ("，检查发现 " if must else ""),
        must=must,
        step=Step(words=_say_draft_step(facts) if facts else "去改文稿", href=reverse(DRAFT_PAGE, args=[row.uuid])),
        tag="退回",
    )


def _clocked(
    row: ObligationRow, moment: Moment, *, title: str, context: str, step: Step, tag: str = "", must: str = "", after: str = ""
) -> DeskRow:
    """A row with a clock: its chip, its days and the way to the receipt."""
    standing = ledger.standing_of(row, moment.now)
    chip = ledger.chip_of(row, moment.now, moment.calendar)
    if standing is Standing.COMING:
        chip = LimitChip(LimitState.PROVISIONAL, f"{row.caused_on:%m-%d} 起算")
    return DeskRow(
        title=title,
        href=address_of(row.page, row.subject) or reverse(LEDGER_PAGE, args=[row.uuid]),
        context=context,
        must=must,
        after=after,
        step=step,
        standing=standing,
        chip=chip,
        tag=tag,
        binding=row.binding,
        when=rules.say_when(row, moment.today),
        when_too=rules.say_other_day(row, moment.today),
        day=row.target_day or row.last_day,
        moment=row.target_at or row.due_at,
        obligation=row.uuid,
        why=rules.say_why(row, moment.calendar, standing),
    )


def reminder_row(column: ColumnReminder, moment: Moment) -> DeskRow:
    """A column that was not updated as the house asks (栏目提醒): it reminds and is never late."""
    unit = moment.short_names.get(column.unit_id, column.unit_name)
    line = f" · 国家监测线 {rules.say_day(column.line_on)}" if column.line_on else ""
    return DeskRow(
        title=f"更新栏目“{column.title}”",
        href=reverse("ledger:freshness"),
        context=f"最近更新 {column.last_update.astimezone(SHANGHAI):%m-%d}，承办 {unit}{line}",
        step=Step(words="写一条", href=reverse("disclosure:new")),
        standing=Standing.REMINDED,
        chip=column.chip,
        binding=Binding.INTERNAL,
        when=column.basis,
        day=column.lapsed_on,
    )


def coming_row(column: ComingColumn) -> DeskRow:
    """A column whose next period has not begun (会来的栏目更新)."""
    return DeskRow(
        title=f"更新栏目“{column.title}”",
        href=reverse("ledger:freshness"),
        context=f"{column.rhythm}，最近更新 {rules.say_day(column.updated_on)}",
        step=Step(words="打开", href=reverse("ledger:freshness")),
        standing=Standing.COMING,
        chip=LimitChip(LimitState.PROVISIONAL, f"{column.begins_on:%m-%d} 起算"),
        binding=column.binding,
        when=f"{rules.say_day(column.begins_on)} 起算",
        day=column.begins_on,
    )
