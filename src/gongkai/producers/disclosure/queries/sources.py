from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Max, Q

from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import day_of, start_of
from gongkai.producers.disclosure.kinds import LineState, SheetField, SourceEntryRow, SourceRow, WeekRow
from gongkai.producers.disclosure.models import RegisterSource, SheetUpload
from gongkai.producers.disclosure.rules.sheets import split_words
from gongkai.producers.disclosure.rules.weeks import choose_due_day, monday_of


def list_sources(*, with_inactive: bool = False) -> list[SourceRow]:
    """Registers that are uploaded (登记来源), in their order. Two queries."""
    sources = RegisterSource.objects.select_related("unit").prefetch_related("entries__entry").order_by("order", "id")
    return [source_row(source) for source in (sources if with_inactive else sources.filter(is_active=True))]


def get_source(code: str) -> SourceRow:
    """The register of that code (登记来源), also one that is no longer used.

    Raises: NotFound.
    """
    source = RegisterSource.objects.select_related("unit").prefetch_related("entries__entry").filter(code=code).first()
    if source is None:
        raise NotFound("没有这个登记来源，请从列表里打开。")
    return source_row(source)


def list_week(now: datetime) -> list[WeekRow]:
    """What was uploaded this week and what is still to come (本周导入). Three queries, whatever there is."""
    today = day_of(now)
    monday = monday_of(today)
    calendar = workdays.get_calendar()
    sources = list_sources()
    taken = _count_imported(start_of(monday)) if sources else {}
    rows = []
    for source in sources:
        due = choose_due_day(monday, source.weekday, calendar)
        lines, at = taken.get(source.id, (0, None))
        rows.append(WeekRow(source, due, lines, at, is_late_reminder=at is None and today > due))
    return rows


def _count_imported(since: datetime) -> Mapping[int, tuple[int, datetime | None]]:
    """Lines that the sheets of this week brought in or found on record, and when the last of them was imported; by source."""
    taken = Q(lines__state__in=[LineState.IMPORTED.value, LineState.APPLIED.value, LineState.SAME.value, LineState.DOUBLE.value])
    found = (
        SheetUpload.objects.filter(uploaded_at__gte=since, imported_at__isnull=False)
        .order_by()
        .values_list("source_id")
        .annotate(taken=Count("lines", filter=taken), at=Max("imported_at"))
    )
    return {source: (lines, at) for source, lines, at in found}


def source_row(source: RegisterSource) -> SourceRow:
    """A source as others see it. Unit and entries are read with it or loaded."""
    entries = sorted(source.entries.all(), key=lambda one: (one.position, one.pk))
    return SourceRow(
        id=source.pk,
        code=source.code,
        name=source.name,
        number_label=source.number_label,
        unit_id=source.unit_id,
        unit_name=source.unit.short_name,
        weekday=source.weekday,
        is_active=source.is_active,
        entries=tuple(SourceEntryRow(one.entry.code, one.entry.name, split_words(one.words), split_words(one.also)) for one in entries),
        names={SheetField(name): tuple(words) for name, words in source.names.items()},
        memory=source.memory,
    )


def known_words(source: SourceRow) -> dict[str, str]:
    """Words of the kind column that tell an entry (类别对照): its name, those of the source's table, those of sheets before."""
    words: dict[str, str] = {}
    for entry in source.entries:
        words |= dict.fromkeys((entry.name, entry.code, *entry.words), entry.code)
    codes = {entry.code for entry in source.entries}
    return words | {word: code for word, code in source.memory.get("kinds", {}).items() if code in codes}
