from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet

from gongkai.foundation.audit import rules
from gongkai.foundation.audit.kinds import START, AuditRow, Fault, Head, Link, Part, Verification
from gongkai.foundation.audit.models import AuditPending, AuditRecord, AuditSeal
from gongkai.lib.moments import end_of, start_of
from gongkai.lib.paging import Cursor, Page

BATCH = 1000
PAGE_SIZE = 50
MOST_FAULTS = 200

LEAP = """
    WITH RECURSIVE leap(act) AS (
        SELECT min(act) FROM audit_auditrecord
        UNION ALL
        SELECT (SELECT min(act) FROM audit_auditrecord WHERE act > leap.act) FROM leap WHERE leap.act IS NOT NULL
    )
    SELECT act FROM leap WHERE act IS NOT NULL ORDER BY act
"""


def newest_instant() -> datetime | None:
    """The latest business time of any act (最近业务时间); None when nothing was ever done."""
    newest: datetime | None = AuditRecord.objects.aggregate(newest=Max("at"))["newest"]
    return newest


def list_rows(*, subject: UUID) -> list[AuditRow]:
    """What was done to one thing (审计记录), oldest first."""
    return [as_row(row) for row in AuditRecord.objects.filter(subject=subject).order_by("at", "id")]


def list_trail(
    *,
    officer_id: int | None = None,
    act: str = "",
    subject: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    after: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> Page[AuditRow]:
    """The trail (审计记录), newest first, a page a call. What is not given is not asked for; days are of business time, both included."""
    rows = _select(officer_id=officer_id, act=act, subject=subject, since=since, until=until)
    if after is not None:
        rows = rows.filter(at__lte=after.at).exclude(at=after.at, id__gte=after.id)
    found = list(rows.order_by("-at", "-id")[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(tuple(map(as_row, found[:size])), Cursor(last.at, last.pk) if last else None)


def _select(*, officer_id: int | None, act: str, subject: UUID | None, since: date | None, until: date | None) -> QuerySet[AuditRecord]:
    rows = AuditRecord.objects.all()
    if officer_id is not None:
        rows = rows.filter(officer_id=officer_id)
    if act:
        rows = rows.filter(act=act)
    if subject is not None:
        rows = rows.filter(subject=subject)
    if since is not None:
        rows = rows.filter(at__gte=start_of(since))
    if until is not None:
        rows = rows.filter(at__lt=end_of(until))
    return rows


def list_acts() -> list[str]:
    """Every act that was ever recorded (动作), by its code. Leaps along the index from one act to the next: cost follows the acts."""
    with connection.cursor() as cursor:
        cursor.execute(LEAP)
        return [act for (act,) in cursor.fetchall()]


def find_head() -> Head:
    """Where the chain ends (链头)."""
    last = AuditSeal.objects.order_by("-position").first()
    return Head(last.position, last.digest) if last else Head()


def count_waiting() -> int:
    """How many records wait to be chained (待封存)."""
    return AuditPending.objects.count()


def iterate_links(*, after: int = 0, most: int | None = None) -> Iterator[Link]:
    """The chain, link by link with its records (审计链), read in batches; `most` links at most."""
    left = most
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        seals = list(AuditSeal.objects.filter(position__gt=after).order_by("position")[:size])
        records = AuditRecord.objects.in_bulk([seal.record_id for seal in seals])
        for seal in seals:
            stored = records.get(seal.record_id)
            yield Link(seal.position, seal.record_id, seal.content, seal.digest, as_row(stored) if stored else None)
        if len(seals) < size:
            return
        after = seals[-1].position
        left = None if left is None else left - size


def list_redacted() -> dict[int, str]:
    """Rows whose notes a purge has emptied (已清空), and the digest of what is left of each, as sealed rows say."""
    rows = AuditRecord.objects.filter(act=rules.REDACT, seal__isnull=False).order_by("id").values_list("about", flat=True)
    return {int(about["record"]): str(about["left"]) for about in rows if "record" in about and "left" in about}


def verify(*, anchors: Mapping[int, str] | None = None) -> Verification:
    """Prove the whole trail (审计核验): every record is what was sealed, in its place, none missing, none beside the chain.

    `anchors` are heads kept elsewhere: without them nobody can tell that the end is missing. At most 200 faults are named.
    """
    part = verify_part(anchors=anchors)
    return Verification(
        checked=part.checked,
        head=part.head,
        waiting=count_waiting(),
        anchors=len(anchors or {}),
        purged=len(list_redacted()),
        faults=part.faults,
    )


def verify_part(*, start: Head = START, most: int | None = None, anchors: Mapping[int, str] | None = None) -> Part:
    """Prove one stretch of the trail (核验一段), from behind a link on; the last stretch also what stands beside the chain."""
    anchors = anchors or {}
    faults: list[Fault] = []
    head, checked = start, 0
    links = iterate_links(after=start.position, most=most)
    for found in rules.check_chain(links, start=start, anchors=anchors, redacted=list_redacted()):
        if isinstance(found, Link):
            head, checked = Head(found.position, found.digest), checked + 1
        elif len(faults) < MOST_FAULTS:
            faults.append(found)
    is_end = most is None or checked < most
    if is_end:
        faults += rules.tell_cut(head, anchors)
        # Asked after the chain was read: what was sealed meanwhile has its link by now and is nobody's fault.
        beside = AuditRecord.objects.filter(seal__isnull=True, pending__isnull=True).order_by("id")
        faults += [rules.tell_inserted(row.pk, row.actor_name, row.act) for row in beside[:MOST_FAULTS]]
    return Part(head, checked, tuple(faults[:MOST_FAULTS]), is_end)


def as_row(record: AuditRecord) -> AuditRow:
    """The row as others see it."""
    return AuditRow(
        id=record.pk,
        at=record.at,
        recorded_at=record.recorded_at,
        officer_id=record.officer_id,
        actor_name=record.actor_name,
        via=record.via,
        act=record.act,
        subject=record.subject,
        about=record.about,
    )
