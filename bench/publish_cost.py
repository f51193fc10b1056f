"""What one publication costs in a small and in a large archive: from the signature to the last written page.

Drafting and the first two reviews are done before the clock starts; the signature releases the text, the worker's rounds write its pages.
"""

import random
import time
from pathlib import Path
from statistics import median

from django.utils import timezone

from bench import archive, frame
from gongkai.consumers.portal import api as portal
from gongkai.core.catalogue import api as catalogue
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import STEPS, StepKind
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.outbox import api as outbox

SIZES = {"small": (1_000, 10_000), "full": (10_000, 100_000)}
WARM_UP, MEASURED = 5, 41
ENTRY = "land.result"
LIMIT = 1.3


def actor(name: str) -> Actor:
    """A person of the demo bureau."""
    return accounts.find_actor(name=name, on=archive.START.date())


def work() -> None:
    """The worker's rounds until nothing waits."""
    holder = outbox.name_worker()
    while outbox.run_once(timezone.now, holder):
        pass


def publish(chance: random.Random, people: dict[StepKind, Actor], author: Actor) -> tuple[float, float]:
    """One text all the way. Gives the milliseconds of the signature and of the pages."""
    entry = catalogue.get_entry(ENTRY)
    now = archive.START
    content = archive.make_content(chance, entry)
    uuid = publishing.start_draft(entry_code=entry.code, unit_id=author.unit_id or 0, content=content, actor=author, now=now)
    publishing.submit(publication=uuid, actor=author, now=now)
    times = 0.0
    for kind in STEPS:
        work()
        draft = publishing.get_draft(uuid)
        step = draft.waiting
        if step is None:
            raise RuntimeError(f"{uuid} waits for nobody before {kind.label}")
        begin = time.perf_counter()
        publishing.pass_step(step=step.uuid, seen_hash=draft.content_hash, opinion="同意。", has_looked=True, actor=people[kind], now=now)
        times = (time.perf_counter() - begin) * 1000
    return times, frame.milliseconds(work)


def measure(size: int) -> list[frame.Figure]:
    """Figures of an archive of a size, its pages all written."""
    with frame.told(f"{size:,} public texts"):
        archive.grow(to=size)
    with frame.told("their pages"):
        portal.rebuild_pages(at_system=timezone.now())
        work()
    people = {StepKind.UNIT: actor("陈默"), StepKind.SECRECY: actor("林晓"), StepKind.SIGN_OFF: actor("顾长青")}
    chance = random.Random(size)
    with frame.told(f"{MEASURED} publications"):
        times = [publish(chance, people, actor("周岚")) for _ in range(WARM_UP + MEASURED)][WARM_UP:]
    return [
        frame.median_figure(f"signature at {size:,}", [signature for signature, _ in times]),
        frame.median_figure(f"pages at {size:,}", [pages for _, pages in times]),
        frame.Figure(f"publication at {size:,}", median(signature + pages for signature, pages in times), "ms", "both together"),
    ]


def main(size: str, target: Path) -> None:
    """Measure both archives and compare them."""
    small, large = SIZES[size]
    archive.prepare()
    before, after = measure(small), measure(large)
    comparison = frame.ratio("publication, large ÷ small archive", after[-1], before[-1], at_most=LIMIT)
    frame.save(target, [*before, *after, comparison], size)
