"""The ledger in a small and in a ten times larger stock: the lists, the totals, the sweep, one desk, and opening in bulk.

The limits are those of issue 4, in milliseconds for the larger stock; what has to stay the same however large it is has a ratio.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from django.db import connection
from django.db.models import Count, Max, Min
from django.test.utils import CaptureQueriesContext

from bench import archive, frame, obligations, opening
from gongkai.consumers.supervision import api as supervision
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ENFORCEABLE, Apart, Binding, LedgerFilter, LedgerPart
from gongkai.core.ledger.models import Event, Obligation
from gongkai.core.ledger.queries import totals
from gongkai.core.ledger.queries.strands import list_strands, narrow
from gongkai.core.ledger.registry import list_entry_groups
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.moments import day_of
from gongkai.lib.paging import Cursor

SIZES = {"small": (10_000, 100_000), "full": (100_000, 1_000_000)}
ROUNDS = 41
SWEEPS, NEWLY_DUE = 5, 1_000
FIRST_ROUNDS, DEEP_ROUNDS = 7, 4
DEPTHS = (0.5, 0.9, 0.99)
OPENED = {"small": 500, "full": 2_000}
NOW = obligations.NOW
EVERYTHING = LedgerFilter(bindings=ENFORCEABLE)
OVERDUE = LedgerFilter(part=LedgerPart.OVERDUE, bindings=ENFORCEABLE)


def overdue_by_unit() -> dict[int, int]:
    """How many duties of each unit are overdue, by the conditions of the list. No page asks for it yet."""
    found: dict[int, int] = {}
    for strand in list_strands(OVERDUE, NOW):
        rows = Obligation.objects.filter(strand & narrow(OVERDUE, None, is_small=False)).order_by().values_list("unit_id")
        found |= dict(rows.annotate(count=Count("pk")))
    return found


def count_whole(filters: LedgerFilter) -> int:
    """The strip of totals, counted and not kept from a minute ago."""
    totals._kept.clear()
    return ledger.count_totals(unit_ids=None, now=NOW, filters=filters).whole


def this_month() -> LedgerFilter:
    """What the ledger shows to whoever opens it."""
    today = day_of(NOW)
    first = today.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return LedgerFilter(bindings=ENFORCEABLE, first=first, last=last, is_carrying=True)


def list_filters() -> dict[str, LedgerFilter]:
    """A list of each kind that the page offers."""
    month, everything = this_month(), EVERYTHING
    unit = organisations.list_units()[-1].id
    groups = list_entry_groups()
    post = organisations.get_duty_post(unit_id=accounts.find_actor(name="周岚", on=day_of(NOW)).unit_id or 0)
    found = {"month": month, "all": everything, "all bindings": LedgerFilter(), "unit": replace(everything, unit_id=unit)}
    found |= {f"part {part.value}": replace(everything, part=part) for part in LedgerPart}
    found |= {f"month, part {part.value}": replace(month, part=part) for part in LedgerPart}
    found |= {f"apart {apart.value}": replace(month, apart=frozenset({apart})) for apart in Apart}
    found |= {f"group {group.code}": replace(everything, entries=frozenset(group.entries)) for group in groups[:3]}
    found |= {f"{group.code}, overdue": replace(OVERDUE, entries=frozenset(group.entries)) for group in groups[:3]}
    found |= {
        "promises": LedgerFilter(bindings=frozenset({Binding.PROMISE})),
        "registered late": replace(everything, is_late_registered=True),
    }
    found |= {"unit, overdue": replace(OVERDUE, unit_id=unit)}
    if post is not None:
        found |= {"post": LedgerFilter(post_ids=frozenset({post.id})), "post, overdue": replace(OVERDUE, post_ids=frozenset({post.id}))}
    return found


def list_cursors(filters: LedgerFilter) -> list[Cursor | None]:
    """The first page, and some that lie deep."""
    ends = []
    for strand in list_strands(filters, NOW):
        rows = Obligation.objects.filter(strand & narrow(filters, None, is_small=False))
        ends += [end for end in rows.aggregate(first=Min("due_at"), last=Max("due_at")).values() if end is not None]
    if not ends:
        return [None]
    return [None, *(Cursor(min(ends) + (max(ends) - min(ends)) * depth, 0) for depth in DEPTHS)]


class Times:
    """Times of an act, repeated: on the wall and of the processor, the latter without what another process, as PostgreSQL, did."""

    def __init__(self, act: Callable[[], object], rounds: int = ROUNDS) -> None:
        act()
        self.wall: list[float] = []
        self.processor: list[float] = []
        for _ in range(rounds):
            begin = time.process_time()
            self.wall.append(frame.milliseconds(act))
            self.processor.append((time.process_time() - begin) * 1000)

    def figure(self, name: str, *, at_most: float | None = None) -> frame.Figure:
        """Their middle, with the rest in the note."""
        note = f"median of {len(self.wall)}, p95 {frame.p95(self.wall):.1f}, processor {median(self.processor):.1f}"
        return frame.Figure(name, median(self.wall), "ms", note, at_most)


def time_pages(size: int, *, at_most: float | None) -> list[frame.Figure]:
    """First and deep pages of every list: the p95 of the slowest, and how many queries a page takes at most."""
    first: list[tuple[float, float, str]] = []
    deep: list[tuple[float, float, str]] = []
    queries = 0
    for name, filters in list_filters().items():
        expected = ledger.count_totals(unit_ids=None, now=NOW, filters=filters).count(filters)
        walls: dict[bool, list[float]] = {False: [], True: []}
        for after in list_cursors(filters):

            def act(filters: LedgerFilter = filters, after: Cursor | None = after, expected: int = expected) -> object:
                return ledger.list_page(unit_ids=None, filters=filters, after=after, now=NOW, expected=expected)

            with CaptureQueriesContext(connection) as asked:
                act()
            queries = max(queries, len(asked))
            walls[after is not None] += Times(act, DEEP_ROUNDS if after else FIRST_ROUNDS).wall
        first.append((frame.p95(walls[False]), median(walls[False]), name))
        if walls[True]:
            deep.append((frame.p95(walls[True]), median(walls[True]), name))
    lists = len(first)
    return [
        frame.Figure(f"first page of any list at {size:,}, p95", max(first)[0], "ms", say_slowest(first), at_most),
        frame.Figure(f"deep page of any list at {size:,}, p95", max(deep)[0], "ms", say_slowest(deep), at_most),
        frame.Figure(f"queries of one page at {size:,}, most", queries, "queries", f"{lists} lists, pages at {len(DEPTHS) + 1} depths"),
    ]


def say_slowest(found: list[tuple[float, float, str]]) -> str:
    """The lists whose p95 is the longest, with their medians, and the middle of all."""
    slowest = sorted(found, reverse=True)[:3]
    words = ", ".join(f"{name} {high:.0f} (median {middle:.0f})" for high, middle, name in slowest)
    return f"of {len(found)} lists: {words}; median of the medians {median(middle for _, middle, _ in found):.1f}"


def time_sweep(size: int, *, at_most: float | None) -> frame.Figure:
    """The sweep of a thousand that became overdue a minute ago; they are taken away afterwards."""
    wall, processor = [], []
    for turn in range(SWEEPS + 1):
        first = obligations.add_due(NEWLY_DUE, seed=turn)
        begin = time.process_time()
        wall.append(frame.milliseconds(lambda: ledger.sweep(now=NOW)))
        processor.append((time.process_time() - begin) * 1000)
        told = Event.objects.filter(kind="BECAME_OVERDUE", recorded_at=NOW).count()
        if told != NEWLY_DUE:
            raise RuntimeError(f"{told} told instead of {NEWLY_DUE}")
        obligations.take_away(first)
    note = f"median of {SWEEPS}, p95 {frame.p95(wall[1:]):.0f}, processor {median(processor[1:]):.0f}"
    return frame.Figure(f"sweep of {NEWLY_DUE:,} newly due at {size:,}", median(wall[1:]), "ms", note, at_most)


def measure(size: int, *, is_limited: bool) -> dict[str, frame.Figure]:
    """Figures of a ledger of a size."""
    with frame.told(f"{size:,} obligations"):
        obligations.grow(to=size)
    actor = accounts.find_actor(name="周岚", on=day_of(NOW))
    acts: dict[str, tuple[Callable[[], object], float]] = {
        "first page of overdue": (lambda: ledger.list_page(unit_ids=None, filters=OVERDUE, after=None, now=NOW, expected=size // 100), 10),
        "overdue by unit": (overdue_by_unit, 40),
        "sweep, nothing due": (lambda: ledger.sweep(now=NOW), 5),
    }
    plain: dict[str, Callable[[], object]] = {
        "totals of the month": lambda: count_whole(this_month()),
        "totals of all": lambda: count_whole(EVERYTHING),
        "我的今日 of one officer": lambda: supervision.get_my_today(actor=actor, now=NOW),
    }
    found: dict[str, frame.Figure] = {}
    ledger.sweep(now=NOW)
    with frame.told("single questions"):
        for name, (act, limit) in acts.items():
            found[name] = Times(act).figure(f"{name} at {size:,}", at_most=limit if is_limited else None)
        for name, plain_act in plain.items():
            found[name] = Times(plain_act, 11).figure(f"{name} at {size:,}")
    with frame.told("pages of all lists"):
        first, deep, queries = time_pages(size, at_most=80 if is_limited else None)
        found |= {"first page": first, "deep page": deep, "queries": queries}
    with frame.told("sweeps"):
        found["sweep"] = time_sweep(size, at_most=500 if is_limited else None)
    return found


def main(size: str, target: Path) -> None:
    """Measure both stocks and compare them, then open rows in the larger one."""
    small, large = SIZES[size]
    archive.prepare()
    before = measure(small, is_limited=False)
    # Kept before the long part: a run that is broken off has shown something.
    frame.save(target, [*before.values()], size)
    after = measure(large, is_limited=True)
    frame.save(target, [*before.values(), *after.values()], size)
    with frame.told("opening in bulk"):
        opened = opening.measure(OPENED[size])
    ratios = [
        frame.ratio("sweep, large ÷ small", after["sweep"], before["sweep"], at_most=1.3),
        frame.ratio("queries of one page, large ÷ small", after["queries"], before["queries"], at_most=1),
        frame.ratio("django-import-export ÷ opened together", opened["django-import-export"], opened["opened together"], at_most=1),
        frame.ratio(
            "django-import-export in bulk ÷ opened together", opened["django-import-export in bulk"], opened["opened together"], at_most=1
        ),
        frame.ratio(
            "django-import-export in bulk ÷ register lines", opened["django-import-export in bulk"], opened["register lines imported"],
            at_most=1,
        ),
    ]  # fmt: skip
    frame.save(target, [*before.values(), *after.values(), *opened.values(), *ratios], size)
