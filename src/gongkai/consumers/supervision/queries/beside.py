"""What stands beside the groups of 我的今日: waiting, paused, vacant, this month."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.http import urlencode

from gongkai.consumers.supervision import rules
from gongkai.consumers.supervision.kinds import MonthView, PausedRow, VacancyRow, WaitingRow
from gongkai.consumers.supervision.queries.rows import Moment
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ENFORCEABLE, Apart, LedgerFilter, ObligationRow
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.moments import day_of

PAUSED_SHOWN = 10


def list_waiting(actor: Actor, moment: Moment) -> tuple[WaitingRow, ...]:
    """Texts somebody wrote on that others have in hand (等别人), with how long they may take: two queries."""
    rows = [] if actor.officer_id is None else publishing.list_waiting_for_others(officer_id=actor.officer_id)
    duties = ledger.list_open(subjects=[row.waiting_step for row in rows if row.waiting_step], now=moment.now) if rows else {}
    found = []
    for row in rows:
        duty = duties.get(row.waiting_step) if row.waiting_step else None
        limit = ledger.say_limit(ledger.parse_limit(duty.limit_text)) if duty else ""
        chip = ledger.chip_of(duty, moment.now, moment.calendar) if duty else None
        found.append(WaitingRow(row.title, row.uuid, rules.say_hands(row, moment.now, limit), chip))
    return tuple(found)


def list_paused(rows: Sequence[ObligationRow], moment: Moment) -> tuple[PausedRow, ...]:
    """Duties whose clock stands still (暂停的), with why: one query."""
    shown = sorted(rows, key=lambda row: (row.resumes_by or moment.today, row.id))[:PAUSED_SHOWN]
    reasons = ledger.list_pause_reasons(obligation_ids=[row.id for row in shown]) if shown else {}
    return tuple(
        PausedRow(
            title=row.label,
            obligation=row.uuid,
            words=rules.say_pause(row, moment.today, reasons.get(row.id, "")),
            chip=ledger.chip_of(row, moment.now, moment.calendar),
        )
        for row in shown
    )


def list_vacancies(actor: Actor, now: datetime) -> tuple[VacancyRow, ...]:
    """Posts that nobody holds today and that still owe something (岗位空缺), for those who may reassign: two queries."""
    units = actor.units(Right.REASSIGN)
    posts = organisations.list_unmanned_posts(unit_ids=units, on=day_of(now)) if units else []
    counts = ledger.count_by_post(post_ids=[post.id for post in posts], now=now) if posts else {}
    return tuple(
        VacancyRow(post.id, f"{post.unit_name} {post.title}{'' if post.is_active else '（已撤）'}", *counts[post.id])
        for post in posts
        if post.id in counts
    )


def get_month(posts: Sequence[PostRow], moment: Moment) -> MonthView | None:
    """What is due this month at somebody's posts (我这个月), in the parts of the ledger, with the address of exactly those rows."""
    if not posts:
        return None
    first = moment.today.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    units, ids = {post.unit_id for post in posts}, frozenset(post.id for post in posts)
    filters = LedgerFilter(bindings=ENFORCEABLE, post_ids=ids, first=first, last=last)
    totals = ledger.count_totals(unit_ids=units, filters=filters, now=moment.now)
    query = {"due": "RANGE", "from": first.isoformat(), "to": last.isoformat(), "posts": "-".join(map(str, sorted(ids)))}
    apart = totals.apart.get(Apart.INTERNAL, 0) + totals.apart.get(Apart.PROMISE, 0)
    return rules.lay_month(totals, today=moment.today, href=f"{reverse('ledger:list')}?{urlencode(query)}", apart=apart)
