"""我的今日: what a person owes, reviews, got back, waits for and was told. The number of queries does not grow with the rows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from gongkai.consumers.supervision import rules
from gongkai.consumers.supervision.kinds import DeskRow, Group, MyToday
from gongkai.consumers.supervision.queries import rows as build
from gongkai.consumers.supervision.queries.beside import get_month, list_paused, list_vacancies, list_waiting
from gongkai.consumers.supervision.queries.counters import my_scope, review_scope
from gongkai.consumers.supervision.queries.notices import list_notices
from gongkai.consumers.supervision.queries.rows import CAUSE_PAGE, Moment
from gongkai.consumers.supervision.rules.groups import ONE_DAY, list_edges
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import DeskCount, ObligationRow, Standing
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftFacts
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure import api as disclosure

SHOWN = 30
SHOWN_LATER = {Group.LATER: 10, Group.COMING: 10, Group.REMINDER: 20, Group.THIS_WEEK: 20}


@dataclass(frozen=True)
class _Owed:
    """What the ledger says: the rows that are shown and the numbers of all, of what is owed and of what waits for review."""

    mine: list[ObligationRow]
    reviews: list[ObligationRow]
    counts: list[DeskCount]


def list_my_posts(*, actor: Actor, now: datetime) -> list[PostRow]:
    """The posts a person holds on that day (所任岗位): whose duties are his."""
    return [] if actor.officer_id is None else organisations.list_posts_of(officer_id=actor.officer_id, on=day_of(now))


def get_my_today(*, actor: Actor, now: datetime, posts: Sequence[PostRow] | None = None) -> MyToday:
    """What a person owes, what he reviews, what came back, what waits for others, what happened (我的今日).

    Mine are the duties of the posts I hold on that day; `posts` where they have been read already.
    Of many rows the first of each group are shown; the numbers are those of all.
    """
    moment = Moment(now, workdays.get_calendar(), {unit.id: unit.short_name for unit in organisations.list_units()})
    posts = list_my_posts(actor=actor, now=now) if posts is None else posts
    owed = _read_owed(actor, posts, moment)
    returned = [] if actor.officer_id is None else publishing.list_returned(officer_id=actor.officer_id)
    written = disclosure.find_texts(causes=[row.subject for row in owed.mine if row.page == CAUSE_PAGE])
    alone = [row for row in returned if row.uuid not in written.values()]
    facts = publishing.list_draft_facts(publications=[*written.values(), *(row.uuid for row in alone)])
    columns = _list_columns(actor, posts, moment)
    rows = [*_list_rows(actor, owed, written, facts, moment), *(build.returned_row(row, facts.get(row.uuid)) for row in alone), *columns]
    counts = _count(owed.counts, [row for row in rows if row.obligation is None], moment)
    coming = _next_day(owed.counts, moment)
    return MyToday(
        headline=rules.say_headline(counts, moment.today, coming, is_provisional=_is_provisional(owed, coming)),
        next_due=rules.say_next_due(rows, now),
        strip=rules.lay_strip(owed.counts, moment.today, moment.calendar),
        groups=rules.arrange(_cap(rows, moment), counts, moment.today, moment.calendar, _more(posts, moment.today)),
        month=get_month(posts, moment),
        waiting=list_waiting(actor, moment),
        paused=list_paused([row for row in owed.mine if row.stopped_since is not None], moment),
        paused_count=sum(one.count for one in owed.counts if one.standing is Standing.STOPPED),
        vacancies=list_vacancies(actor, now),
        unlooked=tuple(publishing.list_unlooked(actor=actor, now=now)),
        notices=tuple(list_notices(unit_ids={post.unit_id for post in posts}, post_ids={post.id for post in posts}, now=now)),
    )


def _read_owed(actor: Actor, posts: Sequence[PostRow], moment: Moment) -> _Owed:
    edges, now = list_edges(moment.today), moment.now
    mine, reviews = my_scope(posts), review_scope(actor)
    counts = ledger.count_desk(scope=mine, now=now) + ledger.count_desk(scope=reviews, now=now)
    return _Owed(
        mine=ledger.list_desk(scope=mine, edges=edges, size=SHOWN, now=now),
        reviews=ledger.list_desk(scope=reviews, edges=edges, size=SHOWN, now=now),
        counts=counts,
    )


def _list_rows(
    actor: Actor, owed: _Owed, written: Mapping[UUID, UUID], facts: Mapping[UUID, DraftFacts], moment: Moment
) -> Iterator[DeskRow]:
    for row in owed.mine:
        text = written.get(row.subject)
        yield build.owed_row(row, text, facts.get(text) if text else None, moment)
    queue = publishing.list_review_rows(steps=[row.subject for row in owed.reviews], actor=actor)
    for row in owed.reviews:
        if row.subject in queue:
            yield build.review_row(queue[row.subject], row, moment)


def _cap(rows: Sequence[DeskRow], moment: Moment) -> list[DeskRow]:
    """The rows that are shown: of the groups that are far off fewer. Where two lists meet in a group, the first of both."""
    kept: list[DeskRow] = []
    seen: Counter[Group] = Counter()
    for row in sorted(rows, key=rules.order_of):
        group = rules.choose_group(row.standing, row.day, moment.today)
        if group is not None and seen[group] < SHOWN_LATER.get(group, SHOWN):
            seen[group] += 1
            kept.append(row)
    return kept


def _list_columns(actor: Actor, posts: Sequence[PostRow], moment: Moment) -> list[DeskRow]:
    """Columns that the units for which somebody writes were to update (栏目), and those that will have to be."""
    units = {post.unit_id for post in posts} & actor.units(Right.WRITE)
    if not units:
        return []
    late = [build.reminder_row(column, moment) for column in ledger.list_reminders(unit_ids=units, now=moment.now)]
    return late + [build.coming_row(column) for column in ledger.list_coming_columns(unit_ids=units, now=moment.now)]


def _count(counts: Sequence[DeskCount], others: Sequence[DeskRow], moment: Moment) -> Counter[Group]:
    """How many things each group holds: what the ledger counts, and what it knows nothing of."""
    found = rules.count_groups(counts, moment.today)
    for row in others:
        group = rules.choose_group(row.standing, row.day, moment.today)
        if group is not None:
            found[group] += 1
    return found


def _next_day(counts: Sequence[DeskCount], moment: Moment) -> date | None:
    """The next day after today on which something is due; None when nothing is."""
    days = [one.day for one in counts if one.standing is Standing.RUNNING and one.day > moment.today]
    return min(days, default=None)


def _is_provisional(owed: _Owed, day: date | None) -> bool:
    """Whether all that is due on a day is due there for now only: its year has no calendar."""
    due = [row.is_provisional for row in (*owed.mine, *owed.reviews) if day in {row.target_day, row.last_day}]
    return bool(due) and all(due)


def _more(posts: Sequence[PostRow], today: date) -> dict[Group, str]:
    """Where the whole of a group stands in the ledger (逐条看), by group: whatever binding, at the posts of this person."""
    whose = {"binding": "ALL", "posts": "-".join(str(post.id) for post in sorted(posts, key=lambda post: post.id))}
    tomorrow, sunday = today + ONE_DAY, today + timedelta(days=6 - today.weekday())
    spans = {
        Group.TODAY: {"due": "RANGE", "from": today.isoformat(), "to": today.isoformat(), "part": "NOT_DUE"},
        Group.TOMORROW: {"due": "RANGE", "from": tomorrow.isoformat(), "to": tomorrow.isoformat(), "part": "NOT_DUE"},
        Group.THIS_WEEK: {"due": "RANGE", "from": (tomorrow + ONE_DAY).isoformat(), "to": sunday.isoformat(), "part": "NOT_DUE"},
        Group.LATER: {"due": "RANGE", "from": (max(sunday, tomorrow) + ONE_DAY).isoformat(), "part": "NOT_DUE"},
        Group.LATE: {"due": "ALL", "part": "OVERDUE"},
        Group.EXCEEDED: {"due": "ALL", "part": "PAST", "binding": "PROMISE"},
        Group.REMINDER: {"due": "ALL", "part": "PAST", "binding": "INTERNAL"},
    }
    return {group: f"{reverse('ledger:list')}?{urlencode(whose | span)}" for group, span in spans.items()} if posts else {}
