"""A ledger as large as wanted and the same for the same seed: of ten duties one is open, of ten open ones one is overdue.

The rows are written in bulk, as a move from an older system would write them: each with the event that opened it, the overdue ones with
the sweep's. They are spread over the units, posts and entries of the demo bureau, over eight years back and four hundred days ahead.
"""

import random
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, transaction

from bench import archive
from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, EventKind, LimitUnit, ObligationState
from gongkai.core.ledger.models import Event, Obligation, PendingEvent, Terms
from gongkai.core.ledger.rules import parse_limit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.models import Post
from gongkai.lib.moments import day_of, end_of, start_of
from gongkai.producers.disclosure.duties import PUBLISH

OPEN_OF, OVERDUE_OF = 10, 100
PAST_DAYS, LATE_DAYS, AHEAD_DAYS = 2_900, 600, 400
BATCH = 2_000
DATED = {LimitUnit.WORKDAY, LimitUnit.DAY, LimitUnit.MONTH, LimitUnit.YEAR}
NOW = archive.START


@dataclass(frozen=True)
class Stock:
    """What the rows are spread over."""

    terms: list[Terms]
    enforced: list[Terms]
    posts: list[tuple[int, int | None]]


def read_stock() -> Stock:
    """The limits that a cause begins, and the units with their posts for openness."""
    limits = [terms for terms in Terms.objects.filter(is_current=True).order_by("entry", "id") if can_begin(terms.limit_text)]
    posts = dict(Post.objects.filter(is_duty_post=True, is_active=True).values_list("unit_id", "pk"))
    return Stock(
        terms=limits,
        enforced=[terms for terms in limits if Binding(terms.binding) in ENFORCEABLE and not terms.limit_text.startswith("min:")],
        posts=[(unit.id, posts.get(unit.id)) for unit in organisations.list_units()],
    )


def can_begin(limit_text: str) -> bool:
    """Whether it is a number of days after a cause."""
    limit = parse_limit(limit_text)
    return limit.unit in DATED and limit.amount > 0


def grow(*, to: int) -> None:
    """Bring the number of obligations to a size. The same seed and sizes give the same rows."""
    there = Obligation.objects.count()
    chance, stock = random.Random(archive.SEED + there), read_stock()
    first = (Obligation.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    numbers = range(first, first + to - there)
    for start in range(0, len(numbers), BATCH):
        write([make(chance, stock, number) for number in numbers[start : start + BATCH]])
    freshen()


def make(chance: random.Random, stock: Stock, number: int) -> Obligation:
    """One obligation; `number` is its id and decides whether it is open and overdue."""
    is_overdue, is_open = number % OVERDUE_OF == 0, number % OPEN_OF == 0
    terms = chance.choice(stock.enforced if is_overdue else stock.terms)
    unit, post = chance.choice(stock.posts)
    last_day = day_of(NOW) + timedelta(days=choose_days(chance, is_overdue=is_overdue, is_open=is_open))
    caused_on = last_day - timedelta(days=chance.randint(7, 40))
    row = Obligation(
        id=number,
        uuid=UUID(int=chance.getrandbits(128), version=4),
        duty_code=PUBLISH.code,
        entry=terms.entry,
        terms=terms,
        label=f"{chance.choice(archive.PLACES)}{chance.choice(archive.SUBJECTS)}（第{number}号）",
        subject=UUID(int=chance.getrandbits(128), version=4),
        unit_id=unit,
        post_id=post,
        binding=terms.binding,
        caused_on=caused_on,
        registered_at=datetime.combine(caused_on, time(9), NOW.tzinfo) + timedelta(days=chance.choice((0, 0, 0, 0, 1, 5))),
        due_at=end_of(last_day),
        last_day=last_day,
        is_minimum=terms.limit_text.startswith("min:"),
    )
    if chance.random() < 0.1:
        row.target_day = last_day - timedelta(days=2)
        row.target_at = end_of(row.target_day)
    stand(row, chance, is_overdue=is_overdue, is_open=is_open)
    return row


def choose_days(chance: random.Random, *, is_overdue: bool, is_open: bool) -> int:
    """How far its last day lies from today: what is open and not overdue ends after today, or today."""
    if is_overdue:
        return -chance.randint(1, LATE_DAYS)
    return chance.randint(0, AHEAD_DAYS) if is_open else -chance.randint(1, PAST_DAYS)


def stand(row: Obligation, chance: random.Random, *, is_overdue: bool, is_open: bool) -> None:
    """How it stands today: overdue and told, stopped or running, done in time or late, cancelled."""
    if is_overdue:
        return
    if is_open:
        if chance.random() < 0.02:
            row.stopped_since, row.resumes_by = day_of(NOW) - timedelta(days=3), day_of(NOW) + timedelta(days=60)
        elif not row.is_minimum:
            near = start_of(row.last_day - timedelta(days=2))
            row.next_check_at = near if near > NOW and Binding(row.binding) in ENFORCEABLE else row.due_at
        return
    if chance.random() < 0.05:
        row.state = ObligationState.CANCELLED.value
        return
    row.state = ObligationState.FULFILLED.value
    days = chance.randint(0, 30) if chance.random() < 0.1 else -chance.randint(1, 6)
    row.fulfilled_at = min(row.due_at + timedelta(days=days, hours=9), NOW)


@transaction.atomic
def write(rows: list[Obligation]) -> None:
    """A batch with its events."""
    Obligation.objects.bulk_create(rows)
    note_opened(rows[0].pk)
    late = [row for row in rows if row.pk % OVERDUE_OF == 0]
    told = [Event(obligation=row, kind=EventKind.BECAME_OVERDUE.value, at=row.due_at, recorded_at=row.due_at) for row in late]
    Event.objects.bulk_create(told)


def note_opened(first: int) -> None:
    """The event that opened each row from an id on, made of the row by the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_event (obligation_id, kind, at, recorded_at, note)"
            " SELECT id, 'OPENED', registered_at, registered_at, '' FROM ledger_obligation WHERE id >= %s",
            [first],
        )


def freshen() -> None:
    """Counters of ids and, on PostgreSQL, the statistics: what a database brings up to date by itself in time. SQLite keeps none."""
    with connection.cursor() as cursor:
        for line in connection.ops.sequence_reset_sql(no_style(), [Obligation, Event]):
            cursor.execute(line)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")


def add_due(count: int, *, seed: int) -> int:
    """So many more duties, over since a minute and not told yet. Gives the id of the first, for `take_away`."""
    chance, stock = random.Random(seed), read_stock()
    first = (Obligation.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    rows = []
    for number in range(first, first + count):
        row = make(chance, replace(stock, terms=stock.enforced), number)
        row.state, row.fulfilled_at, row.target_day, row.target_at, row.stopped_since, row.resumes_by = "OPEN", None, None, None, None, None
        row.due_at = row.next_check_at = NOW - timedelta(minutes=1)
        rows.append(row)
    with transaction.atomic():
        Obligation.objects.bulk_create(rows)
        note_opened(first)
    return first


@transaction.atomic
def take_away(first: int) -> None:
    """Forget them and what was told of them."""
    PendingEvent.objects.filter(event__obligation_id__gte=first).delete()
    Event.objects.filter(obligation_id__gte=first).delete()
    Obligation.objects.filter(id__gte=first).delete()
