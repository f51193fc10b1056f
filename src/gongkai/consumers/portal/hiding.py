"""Taking texts off the portal at once, in the request of the one who decided it: no queue is waited for.

First the notice and the files, which need nobody's leave. Then the lists, for which the one who writes pages is put aside: what he had
read is old, and he is refused when he wants to write it. The notes in the outbox stay and do all of it again.
"""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from gongkai.consumers.portal import files, placing, queries, rules
from gongkai.consumers.portal.building import LEASE, LEASE_SECONDS, Builder, Clock, LeaseLost
from gongkai.consumers.portal.kinds import FileState, Frame, Output, PageKey
from gongkai.consumers.portal.models import PortalFile
from gongkai.consumers.portal.rendering import render, stamp
from gongkai.consumers.portal.writing import Moment
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import OutletStanding, PageAfter
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible

URGENT = "urgent-"
"""Begins the name of a holder who took the lease from another. Two of them do not take it from one another."""

URGENT_SECONDS = 5
PATIENCE_SECONDS = 4.0
SETTLE_SECONDS = 2.0
PAUSE = 0.05


def hide(publication: UUID, clock: Clock) -> None:
    """Bring what a withdrawal says onto the disk now (立即撤下): page and files, then the lists that show it.

    Pages of other texts that name it follow. Raises: ActNotPossible, in words, when the disk or another one stands in the way.
    """
    uuids = [publication, *publishing.list_naming(publication)]
    try:
        for uuid in uuids:
            _hide_files(uuid, queries.make_frame(workdays.business_now()))
    except OSError as fault:
        words = (
            f"门户目录写不进去（{fault.strerror or type(fault).__name__}）。网页可能还看得到，后台会反复再撤；请马上打电话给系统管理员。"
        )
        raise ActNotPossible(words) from fault
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if _renew_lists(uuids, clock):
                return
        except LeaseLost:
            pass
        time.sleep(PAUSE)
    raise ActNotPossible("信息页和附件已经撤下，列表还没有更新：另一个人正在撤别的信息。后台会接着更新，请过一分钟看一看。")


def stand(publication: UUID) -> OutletStanding:
    """Whether citizens still get an item from the portal's folder (门户现状), read from the disk."""
    root: Path = settings.PORTAL_ROOT
    withdrawn = publishing.find_withdrawn(publication)
    if withdrawn is None:
        return OutletStanding("本门户", is_down=False, words="公开中")
    if withdrawn.page is PageAfter.BANNER:
        return OutletStanding("本门户", is_down=True, words="原页保留，已加说明；不再列出")
    marker = rules.withdrawn_path(withdrawn)
    if not (root / marker).is_file():
        return OutletStanding("本门户", is_down=False, words="还没有撤下来，后台会反复再撤")
    left = [path for path, _ in files.walk_files(root / withdrawn.path.strip("/")) if not path.startswith("_")]
    words = "已撤下" if not left else f"已撤下，还有 {len(left)} 个文件等后台清掉（打不开）"
    return OutletStanding("本门户", is_down=True, words=words)


def _hide_files(publication: UUID, frame: Frame) -> None:
    """Put the notice there first, then take everything else away. Whoever is writing this page right now cannot get before the notice."""
    root: Path = settings.PORTAL_ROOT
    withdrawn = publishing.find_withdrawn(publication)
    if withdrawn is None:
        return
    outputs = render(rules.publication_key(publication), frame)
    pages = [output for output in outputs if isinstance(output.content, bytes)]
    for output in pages:
        _put(root, output, frame)
    if withdrawn.page is not PageAfter.BANNER:
        files.empty_folder(root, withdrawn.path.strip("/"), keep=[output.path for output in pages])


def _put(root: Path, output: Output, frame: Frame) -> None:
    if isinstance(output.content, bytes):
        files.write_file(root / output.path, stamp(output.content, frame.now))


def _renew_lists(uuids: Sequence[UUID], clock: Clock) -> bool:
    """Take the texts out of the lists and render these, and the texts' own pages into the manifest. False: another urgent one is at it."""
    with _seized(clock) as builder:
        if builder is None:
            return False
        keys = [rules.publication_key(uuid) for uuid in uuids]
        with builder.hold():
            keys += placing.list_keys_showing(uuids)
        _let_settle(keys, clock)
        pages, failed = builder.make_pages(keys)
        written = builder.write(pages)
        if written is None:
            return False
        for failure in written.failures.values():
            raise ActNotPossible(f"列表没有更新（{type(failure).__name__}）。后台会反复再做；请打电话给系统管理员。") from failure
        return not failed


@contextmanager
def _seized(clock: Clock) -> Iterator[Builder | None]:
    """Be the one who writes pages, whoever was it (夺占门户); None while another urgent one is."""
    holder = f"{URGENT}{outbox.name_worker()}"[:100]
    if not outbox.seize_lease(name=LEASE, holder=holder, at_system=clock.now, seconds=URGENT_SECONDS, sparing=URGENT):
        yield None
        return
    builder = Builder(holder, Moment(workdays.business_now(), clock.now), clock)
    try:
        yield builder
    finally:
        outbox.release_lease(name=LEASE, holder=holder, at_system=clock.now)


def _let_settle(keys: Collection[PageKey], clock: Clock) -> None:
    """Wait for the one who was put aside while he was writing these very files: he would write over ours. One who died writes no more."""
    owners = [rules.write_key(key) for key in keys]
    since = clock.now - timedelta(seconds=LEASE_SECONDS)
    rows = PortalFile.objects.filter(owner__in=owners, state=FileState.WRITING.value, changed_at__gt=since)
    deadline = time.monotonic() + SETTLE_SECONDS
    while rows.exists() and time.monotonic() < deadline:
        time.sleep(PAUSE)
