from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gongkai.consumers.supervision import rules
from gongkai.consumers.supervision.kinds import DeskRow, MyToday, NoticeRow, Step, WaitingRow
from gongkai.consumers.supervision.models import Notice
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import EventKind, ObligationRow
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftRow, ReviewRow
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of
from gongkai.lib.workcalendar import WorkCalendar
from gongkai.producers.disclosure import api as disclosure

REVIEW_PAGE, DRAFT_PAGE, CAUSE_PAGE = "publishing:review", "publishing:draft", "disclosure:cause"
NOTICES_SHOWN = 8


@dataclass(frozen=True)
class _Moment:
    """What every row is told against: the moment, the calendar and what units are called for short."""

    now: datetime
    calendar: WorkCalendar
    short_names: Mapping[int, str]


def get_my_today(*, actor: Actor, now: datetime) -> MyToday:
    """What a person owes, what he reviews, what came back, what waits for others, what happened (我的今日).

    Mine are the duties of the posts I hold on that day. The number of queries does not grow with the rows.
    """
    moment = _Moment(now, workdays.get_calendar(), {unit.id: unit.short_name for unit in organisations.list_units()})
    today = day_of(now)
    posts = organisations.list_posts_of(officer_id=actor.officer_id, on=today) if actor.officer_id is not None else []
    post_ids, unit_ids = {post.id for post in posts}, {post.unit_id for post in posts}
    owed = [row for row in ledger.list_owed(unit_ids=unit_ids, post_ids=post_ids, now=now) if row.page != REVIEW_PAGE]
    written = disclosure.find_texts(causes=[row.subject for row in owed if row.page == CAUSE_PAGE])
    returned = {} if actor.officer_id is None else {row.uuid: row for row in publishing.list_returned(officer_id=actor.officer_id)}
    rows = [
        *_list_owed_rows(owed, written, returned, moment),
        *_list_review_rows(publishing.list_review_queue(actor=actor), moment),
        *(_returned_row(row) for row in returned.values() if row.uuid not in written.values()),
    ]
    groups = rules.arrange(rows, today, moment.calendar)
    return MyToday(
        headline=rules.say_headline(groups, today),
        strip=rules.lay_strip(rows, today, moment.calendar),
        groups=groups,
        waiting=_list_waiting(actor, now),
        notices=tuple(list_notices(unit_ids=unit_ids, post_ids=post_ids, now=now)),
    )


def list_notices(*, unit_ids: Collection[int], post_ids: Collection[int], now: datetime, size: int = NOTICES_SHOWN) -> list[NoticeRow]:
    """What happened last to the duties of some posts, and of their units where no post holds them (刚刚发生), newest first."""
    notices = Notice.objects.filter(Q(post_id__in=post_ids) | Q(post=None), unit_id__in=unit_ids, at__lte=now).order_by("-at", "-id")
    return [
        NoticeRow(EventKind(notice.kind), notice.words, notice.at, notice.obligation_id, rules.is_today(notice.at, now))
        for notice in notices[:size]
    ]


def _list_owed_rows(
    owed: list[ObligationRow], written: Mapping[UUID, UUID], returned: Mapping[UUID, DraftRow], moment: _Moment
) -> Iterator[DeskRow]:
    for row in owed:
        text = written.get(row.subject)
        back = returned.get(text) if text else None
        unit = moment.short_names.get(row.unit_id, row.unit_name)
        facts = [rules.say_cause(row, day_of(moment.now)), f"法定主体 {row.holder}，承办 {unit}"]
        if back:
            facts.append(f"已退回 {back.returned_count} 次")
        yield _clocked(row, moment, title=row.label, context=" · ".join(facts), step=_next_step(row, text, is_back=back is not None))


def _next_step(row: ObligationRow, text: UUID | None, *, is_back: bool) -> Step:
    if row.page != CAUSE_PAGE:
        return Step(words="打开", page=row.page, uuid=row.subject)
    if text is None:
        return Step(words="起草", page="disclosure:write", uuid=row.subject, is_post=True)
    return Step(words="去改文稿" if is_back else "打开文稿", page=DRAFT_PAGE, uuid=text)


def _list_review_rows(queue: list[ReviewRow], moment: _Moment) -> Iterator[DeskRow]:
    duties = ledger.list_open(subjects=[row.step for row in queue], now=moment.now)
    for row in queue:
        title = f"{row.title}（{row.author_name} 起草）"
        unit = moment.short_names.get(row.unit_id, row.unit_name)
        context = f"{row.kind.label} · {unit} · {rules.say_waiting(row.waiting_since, moment.now)} · 不考核"
        step = Step(words="打开审核", page=REVIEW_PAGE, uuid=row.step)
        duty = duties.get(row.step)
        if duty is not None:
            yield _clocked(duty, moment, title=title, context=context, step=step, tag="审")
        else:
            yield DeskRow(title=title, page=REVIEW_PAGE, uuid=row.step, context=context, step=step, tag="审", last_day=day_of(moment.now))


def _clocked(row: ObligationRow, moment: _Moment, *, title: str, context: str, step: Step, tag: str = "") -> DeskRow:
    """A row with a clock: its chip, its last day and the way to the receipt."""
    return DeskRow(
        title=title,
        page=row.page,
        uuid=row.subject,
        context=context,
        step=step,
        chip=ledger.chip_of(row, moment.now, moment.calendar),
        tag=tag,
        binding=row.binding,
        when=rules.say_when(row, day_of(moment.now)),
        last_day=row.last_day,
        due_at=row.due_at,
        obligation=row.uuid,
        why=rules.say_why(row.last_day, moment.calendar) if row.last_day else "怎么算",
        may_be_late=not row.is_minimum,
    )


def _returned_row(row: DraftRow) -> DeskRow:
    return DeskRow(
        title=row.title,
        page=DRAFT_PAGE,
        uuid=row.uuid,
        context=f"{row.entry_name} · {row.unit_name} · 已退回 {row.returned_count} 次",
        step=Step(words="去改文稿", page=DRAFT_PAGE, uuid=row.uuid),
        tag="退回",
    )


def _list_waiting(actor: Actor, now: datetime) -> tuple[WaitingRow, ...]:
    rows = [] if actor.officer_id is None else publishing.list_waiting_for_others(officer_id=actor.officer_id)
    return tuple(WaitingRow(row.title, row.uuid, rules.say_hands(row, now)) for row in rows)
