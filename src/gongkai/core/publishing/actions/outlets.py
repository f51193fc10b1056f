"""Other sites: an address is typed in, fetched and held against our text. A checked page discharges the duty, a vanished one reopens it."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Evidence, ObligationState
from gongkai.core.publishing import rules
from gongkai.core.publishing.actions.withdrawal import lock_publication
from gongkai.core.publishing.cleaning import plain_text
from gongkai.core.publishing.duties import POSTING_DUTY
from gongkai.core.publishing.fetching import check_address, fetch
from gongkai.core.publishing.kinds import POSTING_EVIDENCE, Comparison, Fetched, IncomingFile, PostingState, PublicationState
from gongkai.core.publishing.models import Edition, Outlet, Posting, Publication
from gongkai.core.publishing.rules.comparing import compare, read_page
from gongkai.foundation.accounts.kinds import SYSTEM, Actor, Right
from gongkai.foundation.attachments import api as attachments
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.outbox.kinds import Job, Step
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, Refusal
from gongkai.lib.moments import day_of

RECHECK = "publishing.recheck"
MONTH = timedelta(days=30)
SOON = timedelta(days=1)
MISSES = 3
"""A page that is not there is looked for again on the next days: only then it has vanished."""


class _Text(NamedTuple):
    title: str
    document_number: str
    text: str
    formed_date: date | None


@transaction.atomic
def save_outlet(*, outlet: int | None, name: str, address: str, telephone: str, is_active: bool, actor: Actor, now: datetime) -> int:
    """Add an outlet that is not ours, or change what is known of it (维护渠道). `outlet` None: a new one.

    Raises: NotAllowed, BadInput, NotFound.
    """
    if not actor.units(Right.MANAGE_OUTLETS):
        raise NotAllowed(f"您没有“{Right.MANAGE_OUTLETS.label}”权限。要改渠道，请找政务公开办主任。")
    kept = {
        "name": " ".join(name.split()),
        "address": check_address(address).geturl(),
        "telephone": telephone.strip(),
        "is_active": is_active,
    }
    if not kept["name"] or not kept["telephone"]:
        raise BadInput("名称和电话都要填：紧急下线时要打这个电话。", field="name" if not kept["name"] else "telephone")
    same = Outlet.objects.filter(name=kept["name"])
    if (same if outlet is None else same.exclude(pk=outlet)).exists():
        raise BadInput("已有同名的渠道。请改那一个，或换个名称。", field="name")
    if outlet is None:
        row = Outlet.objects.create(**kept)
    else:
        if not Outlet.objects.filter(pk=outlet).update(**kept):
            raise NotFound("没有这个渠道。请从渠道列表里打开。")
        row = Outlet.objects.get(pk=outlet)
    audit.record(actor=actor, act="publishing.outlet", subject=None, at=now, about={"outlet": row.pk, "active": is_active})
    return row.pk


@transaction.atomic
def enter_address(*, publication: UUID, outlet: int, address: str, actor: Actor, now: datetime, at_system: datetime) -> UUID:
    """Note where another site published a text (填写网址). Returns the posting's uuid; `check_posting` looks at it, and again each month.

    Raises: NotAllowed, NotFound; BadInput for an address that is none, or of another site than the outlet's.
    """
    row = lock_publication(publication)
    officer = rules.check_may_write(actor, row.unit_id)
    if row.state != PublicationState.PUBLIC.value:
        raise ActNotPossible("这条信息已经撤下，不能再填网址。")
    place = Outlet.objects.filter(pk=outlet, is_active=True).first()
    if place is None:
        raise NotFound("没有这个渠道，或已不在用。请刷新后再填。")
    parts = check_address(address)
    if parts.hostname != urlsplit(place.address).hostname:
        raise BadInput(
            f"这个网址不在“{place.name}”（{urlsplit(place.address).hostname}）上。请核对，或先在设置里改渠道的网址。", field="address"
        )
    fresh = {
        "address": parts.geturl(), "entered_by_id": officer, "entered_at": now, "state": PostingState.WAITING.value, "words": "",
        "found_title": "", "found_date": None, "share": None, "checked_at": None, "misses": 0, "confirmed_by": None, "confirmed_at": None,
        "screenshot": None, "asked_at": None, "down_at": None,
    }  # fmt: skip
    posting, _ = Posting.objects.update_or_create(publication=row, outlet=place, defaults=fresh)
    outbox.write_intent(kind=RECHECK, key=str(posting.uuid), payload={}, at_system=at_system + MONTH)
    audit.record(actor=actor, act="publishing.posting", subject=row.uuid, at=now, about={"outlet": place.pk, "posting": str(posting.uuid)})
    return posting.uuid


def check_posting(*, posting: UUID, actor: Actor, now: datetime) -> PostingState:
    """Fetch the page and hold it against our text (核对). A page that agrees discharges the duty that is still open.

    Nobody's transaction waits for the other site. Raises: NotFound; NotAllowed for anybody but who writes for the unit and the machine.
    """
    row = find_posting(posting)
    if actor is not SYSTEM:
        rules.check_may_write(actor, row.publication.unit_id)
    found = fetch(row.address, internal_hosts=settings.OUTLET_INTERNAL_HOSTS)
    comparison = _compare(row, found, day_of(now))
    with transaction.atomic():
        return _keep(row, found, comparison, actor, now)


@transaction.atomic
def _keep(seen: Posting, found: Fetched, comparison: Comparison | None, actor: Actor, now: datetime) -> PostingState:
    publication = lock_publication(seen.publication.uuid)
    row = Posting.objects.get(pk=seen.pk)
    if row.address != seen.address:
        return PostingState(row.state)  # another address was typed meanwhile: what came back is of the old one
    row.checked_at = now
    if publication.state != PublicationState.PUBLIC.value:
        if comparison is None and found.is_gone and row.down_at is None:
            row.down_at = now
        row.save(update_fields=["checked_at", "down_at"])
        return PostingState(row.state)
    before = PostingState(row.state)
    if comparison is None:
        row.misses += 1
        row.words = found.fault[:300]
        # What was checked before is not lost because a site was down for an hour.
        if before is not PostingState.CHECKED or row.misses >= MISSES:
            row.state = PostingState.UNREACHABLE.value
    else:
        row.misses, row.words = 0, comparison.words[:300]
        row.found_title, row.found_date, row.share = comparison.title, comparison.day, comparison.share
        is_still_confirmed = comparison.state is PostingState.DATE_UNREAD and row.confirmed_at is not None
        row.state = (PostingState.CHECKED if is_still_confirmed else comparison.state).value
    row.save()
    after = PostingState(row.state)
    audit.record(
        actor=actor,
        act="publishing.check_posting",
        subject=publication.uuid,
        at=now,
        about={"posting": str(row.uuid), "state": after.value},
    )
    _follow(publication, row, before, after, actor, now)
    return after


def confirm_posting(*, posting: UUID, published_on: date | None, screenshot: IncomingFile | None, actor: Actor, now: datetime) -> None:
    """A person read the day that the machine could not (人工确认日期), with a screenshot as the proof: the page counts as checked.

    Raises: NotAllowed, NotFound, BadInput; ActNotPossible unless it is the day alone that is missing.
    """
    seen = find_posting(posting)
    rules.check_may_write(actor, seen.publication.unit_id)
    _check_confirmable(seen)
    if published_on is None or published_on > day_of(now):
        raise BadInput("请填网页上写的发布日期，例如 2026-10-09，不能晚于今天。", field="published_on")
    if screenshot is None:
        raise BadInput("请上传网页的截图：看得到网址、标题和日期。", field="screenshot")
    attachments.check_size(screenshot.size)
    # Sealed before the transaction: nobody waits for the disk.
    sealed = attachments.seal(name=screenshot.name, data=screenshot.read())
    with transaction.atomic():
        publication = lock_publication(seen.publication.uuid)
        row = find_posting(posting)
        _check_confirmable(row)
        row.screenshot_id = attachments.keep(file=sealed, unit_id=publication.unit_id, actor=actor, now=now).uuid
        row.state, row.found_date = PostingState.CHECKED.value, published_on
        row.confirmed_by_id, row.confirmed_at = actor.officer_id, now
        row.words = f"标题相同，{actor.name}看过网页，{published_on.isoformat()} 发布。"
        row.save()
        audit.record(actor=actor, act="publishing.confirm_posting", subject=publication.uuid, at=now, about={"posting": str(row.uuid)})
        _follow(publication, row, PostingState.DATE_UNREAD, PostingState.CHECKED, actor, now)


def _check_confirmable(row: Posting) -> None:
    if row.state != PostingState.DATE_UNREAD.value or row.publication.state != PublicationState.PUBLIC.value:
        raise ActNotPossible(f"这个网址{PostingState(row.state).label}，不用确认日期。只有“{PostingState.DATE_UNREAD.label}”的才由人确认。")


@transaction.atomic
def note_down(*, posting: UUID, is_down: bool, actor: Actor, now: datetime) -> None:
    """Note that another site was told by telephone, or took the page down (告知撤下、已撤).

    Raises: NotAllowed, NotFound, ActNotPossible.
    """
    row = find_posting(posting)
    publication = lock_publication(row.publication.uuid)
    rights = (Right.WRITE, Right.WITHDRAW, Right.TAKE_DOWN)
    if actor.officer_id is None or not any(actor.may(right, publication.unit_id) for right in rights):
        raise NotAllowed("您没有这个单位的权限，不能记。请找政务公开办主任或值班人员。")
    if publication.state == PublicationState.PUBLIC.value:
        raise ActNotPossible("这条信息公开中，没有要撤的。请刷新后再看。")
    column = "down_at" if is_down else "asked_at"
    Posting.objects.filter(pk=row.pk, **{f"{column}__isnull": True}).update(**{column: now})
    audit.record(
        actor=actor, act="publishing.note_down", subject=publication.uuid, at=now, about={"posting": str(row.uuid), "down": is_down}
    )


def run_recheck(job: Job, at_system: datetime) -> Step:
    """Look at a page of another site again each month (每月复核); one that is not there, on the next days. Ends when it came down."""
    del at_system  # what is found is dated in business time
    row = Posting.objects.select_related("publication", "outlet").filter(uuid=UUID(job.key)).first()
    if row is None or not row.outlet.is_active or (row.down_at is not None):
        return Step(done=1, total=1)
    check_posting(posting=row.uuid, actor=SYSTEM, now=workdays.business_now())
    row.refresh_from_db()
    is_missing = 0 < row.misses < MISSES or row.publication.state != PublicationState.PUBLIC.value
    return Step(cursor={}, pause_seconds=(SOON if is_missing else MONTH).total_seconds())


def find_posting(posting: UUID) -> Posting:
    """The stored row. Raises: NotFound."""
    row = Posting.objects.select_related("publication__public_edition", "outlet").filter(uuid=posting).first()
    if row is None:
        raise NotFound("没有这个渠道的网址。请从信息的“公开到哪里”打开。")
    return row


def _compare(row: Posting, found: Fetched, today: date) -> Comparison | None:
    edition = row.publication.public_edition
    if found.html is None or edition is None:
        return None
    ours = _text_of(edition)
    try:
        facts = read_page(found.html)
    except Refusal:
        return Comparison(PostingState.TITLE_DIFFERS, "", None, None, "网页太大，或格式套得太深，读不出标题。请由人看一看网址对不对。")
    return compare(facts, title=ours.title, document_number=ours.document_number, text=ours.text, formed_date=ours.formed_date, today=today)


def _text_of(edition: Edition) -> _Text:
    return _Text(edition.title, edition.document_number, plain_text(edition.body), edition.formed_date)


def _follow(publication: Publication, row: Posting, before: PostingState, after: PostingState, actor: Actor, now: datetime) -> None:
    """What a look means for the duties: checked discharges, vanished reopens, and what a person has to look at is owed."""
    evidence = Evidence(kind=POSTING_EVIDENCE, reference=str(row.uuid), label=f"{row.outlet.name}：{row.words}"[:200])
    duty = ledger.get_obligation(publication.obligation_id) if publication.obligation_id else None
    if after is PostingState.CHECKED:
        if duty is not None and duty.state is ObligationState.OPEN:
            ledger.fulfil(obligation=duty.uuid, evidence=evidence, actor=actor, now=now)
        for owed in ledger.list_obligations(subject=row.uuid):
            if owed.state is ObligationState.OPEN:
                ledger.fulfil(obligation=owed.uuid, evidence=evidence, actor=actor, now=now)
        return
    if before is PostingState.CHECKED and duty is not None and duty.state is ObligationState.FULFILLED:
        proofs = ledger.list_evidence(obligation_ids=[duty.id]).get(duty.id, [])
        others = Posting.objects.filter(publication=publication, state=PostingState.CHECKED.value).exclude(pk=row.pk)
        # Discharged by this page alone: what else was noted as its proof still stands.
        if proofs and {proof.reference for proof in proofs} <= {str(row.uuid)} and not others.exists():
            reason = f"{row.outlet.name}的网页{after.label}"
            ledger.reopen(obligation=duty.uuid, reason=reason, actor=actor, now=now, lost_on=day_of(now))
    ledger.open_obligation(
        duty=POSTING_DUTY,
        subject=row.uuid,
        label=f"核对{row.outlet.name}的网页：{row.publication.public_edition.title if row.publication.public_edition else ''}"[:200],
        unit_id=publication.unit_id,
        caused_on=day_of(now),
        actor=actor,
        now=now,
    )
