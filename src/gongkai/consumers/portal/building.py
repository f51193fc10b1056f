"""One batch of pages, made by one builder at a time: read, put into the lists, render, write, forget what asked for it."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import Error as DatabaseFault
from django.db import transaction

from gongkai.consumers.portal import limits, placing, queries, rules, writing
from gongkai.consumers.portal.kinds import Frame, Output, PageKey, PageKind
from gongkai.consumers.portal.rendering import render, render_document
from gongkai.consumers.portal.writing import Moment, Written
from gongkai.core.ledger.kinds import Receipt
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import PublishedDocument
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import DirtyRow
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound

logger = logging.getLogger(__name__)

LEASE = "portal.pages"
LEASE_SECONDS = 20
"""A builder silent for so long is taken for dead. A batch takes a second or two."""

BATCH = 50
WAIT_SECONDS = 0.2
PAGE_INTENT = "portal.page"

T = TypeVar("T")


@dataclass(frozen=True)
class Clock:
    """System time as it goes on from the moment that was handed in (系统时间): for leases that outlive one call."""

    start: datetime
    started: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        """System time now."""
        return self.start + timedelta(seconds=time.monotonic() - self.started)


@dataclass(frozen=True)
class Builder:
    """The one who may write pages now (生成者), until the lease ends."""

    holder: str
    moment: Moment
    clock: Clock

    def make_frame(self) -> Frame:
        """What stands on every page made now."""
        return queries.make_frame(self.moment.printed)

    def write(self, pages: Mapping[PageKey, Sequence[Output]]) -> Written | None:
        """Bring pages to disk and say what came of it; None when another builder took over meanwhile: what was read is old."""
        if not outbox.extend_lease(name=LEASE, holder=self.holder, at_system=self.clock.now, seconds=LEASE_SECONDS):
            return None
        return writing.write_pages(pages, self.moment)


@contextmanager
def leased(at_system: datetime) -> Iterator[Builder | None]:
    """Be the one who writes pages (占用门户); None while another one is."""
    holder = outbox.name_worker()
    if not outbox.claim_lease(name=LEASE, holder=holder, at_system=at_system, seconds=LEASE_SECONDS):
        yield None
        return
    builder = Builder(holder, Moment(workdays.business_now(), at_system), Clock(at_system))
    try:
        yield builder
    finally:
        outbox.release_lease(name=LEASE, holder=holder, at_system=builder.clock.now)


def patiently(clock: Clock, attempt: Callable[[datetime], T | None]) -> T:
    """What an attempt gives, tried again while another builder is at it. The attempt gets the system time of its beginning."""
    while (result := attempt(clock.now)) is None:
        time.sleep(WAIT_SECONDS)
    return result


def build_waiting(at_system: datetime) -> int | None:
    """Render the oldest notes of the outbox, each page once (生成一批页面). Returns how many notes were handled.

    None: another builder is at it.
    """
    with leased(at_system) as builder:
        if builder is None:
            return None
        notes = outbox.list_dirty(BATCH)
        names = dict.fromkeys(note.key for note in notes)
        keys = list(filter(None, map(rules.read_key, names)))
        pages, failed = make_pages(keys, builder.make_frame())
        written = builder.write(pages)
        if written is None:
            return None
        _forget(notes, [*failed, *written.failures], limits.list_told_terms(names), at_system)
        return len(notes)


def make_pages(keys: Sequence[PageKey], frame: Frame) -> tuple[dict[PageKey, list[Output]], list[PageKey]]:
    """The files of some pages, and the pages that cannot be made. Publications are put into the lists first, in one go."""
    documents = read_documents(keys)
    receipts = limits.list_limits(documents.values())
    pages: dict[PageKey, list[Output]] = {}
    failed = []
    for key in keys:
        try:
            pages[key] = _render_page(key, frame, documents, receipts)
        except DatabaseFault:
            raise
        except Exception:
            # Whatever it is, it lies in this page: the others must not wait for it. It becomes a job of its own, with its error.
            logger.exception("页面 %s 生成不了", rules.write_key(key))
            failed.append(key)
    return pages, failed


def make_page(key: PageKey, frame: Frame) -> list[Output]:
    """The files of one page. Whatever stands in the way is raised."""
    documents = read_documents([key])
    return _render_page(key, frame, documents, limits.list_limits(documents.values()))


def read_documents(keys: Sequence[PageKey]) -> dict[PageKey, PublishedDocument]:
    """The public texts among some pages, put into the lists; those that are public no longer are taken out of them."""
    documents = {}
    for key in keys:
        if key.kind is PageKind.PUBLICATION:
            try:
                documents[key] = publishing.get_published(rules.uuid_of(key))
            except NotFound:
                placing.remove([rules.uuid_of(key)])
    placing.place(list(documents.values()))
    return documents


def _render_page(
    key: PageKey, frame: Frame, documents: Mapping[PageKey, PublishedDocument], receipts: Mapping[UUID, Receipt]
) -> list[Output]:
    if key.kind is not PageKind.PUBLICATION:
        return render(key, frame)
    document = documents.get(key)
    return render_document(document, frame, receipts.get(document.uuid)) if document else []


@transaction.atomic
def _forget(notes: Sequence[DirtyRow], failed: Sequence[PageKey], entries: Sequence[str], at_system: datetime) -> None:
    for entry in entries:
        outbox.write_intent(kind=limits.TERMS_INTENT, key=entry, payload={}, at_system=at_system)
    for key in failed:
        outbox.write_intent(kind=PAGE_INTENT, key=rules.write_key(key), payload={}, at_system=at_system)
    outbox.forget(note.id for note in notes)
