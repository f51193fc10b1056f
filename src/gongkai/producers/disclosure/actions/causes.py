from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.ledger import api as ledger
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftContent
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, NotAllowed, SomebodyWasFaster
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure.duties import PUBLISH
from gongkai.producers.disclosure.kinds import CauseOrigin, CauseRow
from gongkai.producers.disclosure.models import Cause
from gongkai.producers.disclosure.queries import cause_row, counts_back
from gongkai.producers.disclosure.rules import check_cause, check_entry
from gongkai.producers.disclosure.rules.causes import MAX_TITLE


@transaction.atomic
def register_cause(*, entry_code: str, title: str, happened_on: date, unit_id: int, note: str, actor: Actor, now: datetime) -> CauseRow:
    """Register something that has to be made public (登记应公开事项) and open the duty to do so.

    Where the entry has no limit that can be computed, the cause stands without a duty: `obligation` is None.

    Raises: BadInput; NotFound; NotAllowed.
    Legal source: OGIR art. 26
    """
    entry = catalogue.get_entry(entry_code)
    check_entry(entry)
    may_lie_ahead = counts_back(entry_code=entry.code, happened_on=happened_on, now=now)
    check_cause(title=title, happened_on=happened_on, today=day_of(now), may_lie_ahead=may_lie_ahead)
    check_writer(actor, unit_id, "登记")
    wanted = Wanted(entry, " ".join(title.split()), happened_on, unit_id, note.strip(), CauseOrigin.REGISTERED)
    cause, _ = register(wanted, actor=actor, now=now)
    return cause_row(cause)


@transaction.atomic
def start_writing(*, cause: UUID, actor: Actor, now: datetime) -> UUID:
    """Begin the text of a cause (起草), filled with what the cause knows. Returns the publication; the same one when it was begun before.

    Raises: NotAllowed; ActNotPossible when the registration was withdrawn; SomebodyWasFaster when a colleague began it at this moment.
    """
    row = Cause.objects.select_related("entry").get(uuid=cause)
    check_writer(actor, row.unit_id, "起草")
    if row.publication_id:
        return row.publication_id
    if row.withdrawn_at:
        raise ActNotPossible("这件事的登记已经撤销，不能起草。要公开请重新登记。")
    publication = publishing.start_draft(
        entry_code=row.entry.code,
        unit_id=row.unit_id,
        content=DraftContent(title=row.title),
        actor=actor,
        now=now,
        obligation=row.obligation_id,
    )
    link(row, publication, now)
    audit.record(actor=actor, act="disclosure.write", subject=row.uuid, at=now, about={"publication": str(publication)})
    return publication


About = dict[str, str | int | bool | None]
"""Notes on an act for the trail."""

ACTS = {
    CauseOrigin.REGISTERED: "disclosure.register",
    CauseOrigin.SHEET: "disclosure.register_row",
    CauseOrigin.IMPORTED: "disclosure.import",
}


@dataclass(frozen=True)
class Wanted:
    """What a cause is to say. `no_duty`: why it opens none; empty: the ledger is asked."""

    entry: EntryRow
    title: str
    happened_on: date
    unit_id: int
    note: str
    origin: CauseOrigin
    no_duty: str = ""

    @property
    def about(self) -> About:
        """What the trail keeps of the registration."""
        return {"entry": self.entry.code, "happened_on": self.happened_on.isoformat(), "unit": self.unit_id}

    def label(self, *, is_other: bool) -> str:
        """What its duty is called. `is_other`: one of several that the same thing owes is told apart by its entry."""
        return f"{self.title}（{self.entry.name}）" if is_other and len(self.title) + len(self.entry.name) < MAX_TITLE - 1 else self.title


def register(wanted: Wanted, *, actor: Actor, now: datetime, with_cause: Cause | None = None) -> tuple[Cause, str]:
    """The cause and its duty. The second value says why there is no duty; empty when there is one. `with_cause`: owed besides that one."""
    cause = draw_up(wanted, actor=actor, now=now, with_cause=with_cause)
    cause.save(force_insert=True)
    reason = wanted.no_duty or open_duty(cause, wanted, actor=actor, now=now)
    audit.record(actor=actor, act=ACTS[wanted.origin], subject=cause.uuid, at=now, about=wanted.about)
    return cause, reason


def draw_up(wanted: Wanted, *, actor: Actor, now: datetime, with_cause: Cause | None = None) -> Cause:
    """The row of a cause, not saved yet and without its duty (起草一行)."""
    return Cause(
        entry_id=wanted.entry.id,
        title=wanted.title,
        happened_on=wanted.happened_on,
        unit_id=wanted.unit_id,
        registered_at=now,
        registered_by_id=actor.officer_id,
        note=wanted.note,
        origin=wanted.origin.value,
        registered_with=with_cause,
    )


def open_duty(cause: Cause, wanted: Wanted, *, actor: Actor, now: datetime) -> str:
    """Open the duty of a cause. Returns why there is none; empty when there is one."""
    try:
        cause.obligation_id = ledger.open_obligation(
            duty=PUBLISH,
            entry=wanted.entry.code,
            subject=cause.uuid,
            label=wanted.label(is_other=cause.registered_with_id is not None),
            unit_id=wanted.unit_id,
            caused_on=wanted.happened_on,
            actor=actor,
            now=now,
        ).uuid
    except ActNotPossible as refusal:
        return str(refusal)
    cause.save(update_fields=["obligation"])
    return ""


def link(cause: Cause, publication: UUID, now: datetime) -> None:
    """Tie the text that is begun now to its cause, once: of two people pressing together one is told.

    Raises: SomebodyWasFaster.
    """
    if Cause.objects.filter(pk=cause.pk, publication=None, withdrawn_at=None).update(publication=publication, began_at=now) != 1:
        raise SomebodyWasFaster("这件事刚由同事开始起草，请刷新后打开那份文稿。")


def check_writer(actor: Actor, unit_id: int, act: str) -> None:
    """Whether somebody may do that for the unit. Raises: NotAllowed."""
    if not actor.may(Right.WRITE, unit_id):
        raise NotAllowed(f"您没有替这个单位{act}的权限。要开通请找政务公开办。")
