from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from gongkai.consumers.portal import building, limits, placing, queries, rules, verifying
from gongkai.consumers.portal.building import Clock
from gongkai.consumers.portal.kinds import PageKey, RebuildReport, VerifyReport
from gongkai.consumers.portal.rendering import list_fixed_keys, render_document
from gongkai.core.publishing import api as publishing
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import Job, Step
from gongkai.foundation.workdays import api as workdays

HOURLY_INTENT = "portal.hourly"
HOUR = timedelta(hours=1)
RETRY_PAUSE = 1.0


def touch_publication(publication: UUID) -> None:
    """Ask for the pages that show a publication (标记信息页), in the transaction that changes it: the portal's outlet. Writes no file."""
    outbox.touch([rules.write_key(rules.publication_key(publication))])


def build_batch(at_system: datetime) -> int:
    """Render one batch of the pages that wait (生成一批页面): the worker's drain. Returns how many notes were handled.

    Nothing happens while another builder is at it. A page that cannot be made becomes a job of its own and holds nobody up.
    """
    if not outbox.list_dirty(1):
        return 0
    return building.build_waiting(at_system) or 0


def build_pages(*, at_system: datetime) -> int:
    """Render everything that waits, and look after the pages that are always there (生成页面). Returns how many notes were handled.

    Waits for another builder that is at it.
    """
    outbox.touch(rules.write_key(key) for key in list_fixed_keys())
    outbox.write_intent(kind=HOURLY_INTENT, key="home", payload={}, at_system=at_system)
    return _build_all(Clock(at_system))


def rebuild_pages(*, at_system: datetime) -> RebuildReport:
    """Render every page of the portal anew (全部重做). What comes out as it is on disk stays as it is.

    A batch of documents is one read. Waits for another builder that is at it.
    """
    clock = Clock(at_system)
    report = RebuildReport()
    after: int | None = 0
    while after is not None:
        done, after = building.patiently(clock, partial(_rebuild_documents, after))
        report += done
    withdrawn = [rules.publication_key(page.uuid) for page in publishing.iterate_withdrawn()]
    for keys in _batches([*list_fixed_keys(), *queries.list_list_keys(), *withdrawn]):
        report += building.patiently(clock, partial(_rebuild_keys, keys))
    _build_all(clock)
    return report


def verify_pages(*, at_system: datetime, is_repairing: bool = True) -> VerifyReport:
    """Compare disk, manifest and database both ways (门户核对); unless told not to, take away what nobody owns and render what is missing.

    What is younger than ten minutes is left alone, and so is what waits to be rendered.
    """
    if not is_repairing:
        return verifying.check(at_system)
    clock = Clock(at_system)
    report = verifying.check(at_system)
    building.patiently(clock, partial(_repair, report))
    _build_all(clock)
    return report


def run_page(job: Job, at_system: datetime) -> Step:
    """One page that failed in its batch (单页重试), tried alone with the outbox's patience."""
    key = rules.read_key(job.key)
    if key is None:
        return Step()
    with building.leased(at_system) as builder:
        if builder is None:
            return Step(cursor={}, pause_seconds=RETRY_PAUSE)
        try:
            written = builder.write({key: builder.make_page(key)})
        except building.LeaseLost:
            written = None
    if written is None:
        return Step(cursor={}, pause_seconds=RETRY_PAUSE)
    for failure in written.failures.values():
        raise failure
    return Step(done=1, total=1)


def run_hourly(_job: Job, _at_system: datetime) -> Step:
    """The page that says 本月 is looked at once an hour (每小时更新首页). Never finished."""
    now = workdays.business_now()
    made_at = queries.find_made_at(rules.file_path("/"))
    if made_at is not None and rules.hour_of(made_at) != rules.hour_of(now):
        outbox.touch([rules.write_key(rules.HOME)])
    return Step(cursor={}, pause_seconds=(rules.hour_of(now) + HOUR - now).total_seconds())


def _build_all(clock: Clock) -> int:
    handled = 0
    while outbox.list_dirty(1):
        handled += building.patiently(clock, building.build_waiting)
    return handled


def _repair(report: VerifyReport, at_system: datetime) -> VerifyReport | None:
    with building.leased(at_system) as builder:
        if builder is not None:
            verifying.repair(report, at_system)
    return report if builder else None


def _rebuild_documents(after: int, at_system: datetime) -> tuple[RebuildReport, int | None] | None:
    """The documents after an id: what was done, and the last id; None instead of it when there are no more."""
    with building.leased(at_system) as builder:
        if builder is None:
            return None
        # Read under the lease: nobody can have written a newer page meanwhile.
        documents = publishing.list_published_documents(after_id=after, size=building.BATCH)
        with builder.hold():
            placing.place(documents)
        frame, receipts = builder.make_frame(), limits.list_limits(documents)
        pages = {rules.publication_key(one.uuid): render_document(one, frame, receipts.get(one.uuid)) for one in documents}
        written = builder.write(pages)
        if written is None:
            return None
        return RebuildReport(len(documents), written.count), documents[-1].id if documents else None


def _rebuild_keys(keys: Sequence[PageKey], at_system: datetime) -> RebuildReport | None:
    with building.leased(at_system) as builder:
        if builder is None:
            return None
        pages = {key: builder.make_page(key) for key in keys}
        written = builder.write(pages)
        return None if written is None else RebuildReport(len(pages), written.count)


def _batches(keys: Sequence[PageKey]) -> Iterator[Sequence[PageKey]]:
    for start in range(0, len(keys), building.BATCH):
        yield keys[start : start + building.BATCH]
