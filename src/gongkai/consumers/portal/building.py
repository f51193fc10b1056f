"""One batch of pages, made by one builder at a time: read, put into the lists, render, write, forget what asked for it."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import Error as DatabaseFault
from django.db import transaction

from gongkai.consumers.portal import limits, placing, queries, rules, writing
from gongkai.consumers.portal.kinds import Frame, Output, PageKey, PageKind
from gongkai.consumers.portal.rendering import render, render_document, render_marker
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


class LeaseLost(Exception):
    """Another builder took over: what was read is old, and nothing of it may be written."""


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

    @contextmanager
    def hold(self) -> Iterator[None]:
        """A transaction during which nobody can take over (占住). Raises: LeaseLost when somebody has.

        Who takes over waits for its end, and then sees what was written in it.
        """
        with transaction.atomic():
            if not outbox.extend_lease(name=LEASE, holder=self.holder, at_system=self.clock.now, seconds=LEASE_SECONDS):
                raise LeaseLost
            yield

    def write(self, pages: Mapping[PageKey, Sequence[Output]]) -> Written | None:
        """Bring pages to disk and say what came of it; None when another builder took over meanwhile: what was read is old."""
        try:
            return writing.write_pages(pages, self.moment, self.hold)
        except LeaseLost:
            return None

    def read_documents(self, keys: Iterable[PageKey]) -> dict[PageKey, PublishedDocument]:
        """The texts among some pages that can be read, put into the lists; those that are public no longer are taken out of them.

        Raises: LeaseLost.
        """
        documents, hidden = read_texts(keys)
        with self.hold():
            placing.remove(hidden)
            placing.place([document for document in documents.values() if document.withdrawn is None])
        return documents

    def make_pages(self, keys: Sequence[PageKey]) -> tuple[dict[PageKey, list[Output]], list[PageKey]]:
        """The files of some pages, and the pages that cannot be made. Publications are put into the lists first, in one go.

        Raises: LeaseLost.
        """
        documents, frame = self.read_documents(keys), self.make_frame()
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

    def make_page(self, key: PageKey) -> list[Output]:
        """The files of one page. Whatever stands in the way is raised."""
        documents = self.read_documents([key])
        return _render_page(key, self.make_frame(), documents, limits.list_limits(documents.values()))


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
    while True:
        with suppress(LeaseLost):
            result = attempt(clock.now)
            if result is not None:
                return result
        time.sleep(WAIT_SECONDS)


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
        try:
            pages, failed = builder.make_pages(keys)
        except LeaseLost:
            return None
        written = builder.write(pages)
        if written is None:
            return None
        _forget(notes, [*failed, *written.failures], limits.list_told_terms(names), at_system)
        return len(notes)


def read_texts(keys: Iterable[PageKey]) -> tuple[dict[PageKey, PublishedDocument], list[UUID]]:
    """The texts among some pages that can be read, and the publications among them that are in no list."""
    documents, hidden = {}, []
    for key in keys:
        if key.kind is not PageKind.PUBLICATION:
            continue
        with suppress(NotFound):
            documents[key] = publishing.get_readable(rules.uuid_of(key))
        if key not in documents or documents[key].withdrawn is not None:
            hidden.append(rules.uuid_of(key))
    return documents, hidden


def _render_page(
    key: PageKey, frame: Frame, documents: Mapping[PageKey, PublishedDocument], receipts: Mapping[UUID, Receipt]
) -> list[Output]:
    if key.kind is not PageKind.PUBLICATION:
        return render(key, frame)
    document = documents.get(key)
    return render_document(document, frame, receipts.get(document.uuid)) if document else render_marker(key, frame)


@transaction.atomic
def _forget(notes: Sequence[DirtyRow], failed: Sequence[PageKey], entries: Sequence[str], at_system: datetime) -> None:
    for entry in entries:
        outbox.write_intent(kind=limits.TERMS_INTENT, key=entry, payload={}, at_system=at_system)
    for key in failed:
        outbox.write_intent(kind=PAGE_INTENT, key=rules.write_key(key), payload={}, at_system=at_system)
    outbox.forget(note.id for note in notes)
