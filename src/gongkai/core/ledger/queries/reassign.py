"""What a reassignment would move, whether it may, and what earlier ones moved."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from gongkai.core.ledger.kinds import ObligationState, Reassigned, ReassignPreview
from gongkai.core.ledger.models import Obligation, Reassignment
from gongkai.core.ledger.queries.desks import list_unheld_duties
from gongkai.core.ledger.queries.rows import IS_OPEN, as_row, select_rows
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound
from gongkai.lib.moments import day_of

AT_ONCE = 5000
SHOWN = 50
BATCH = 500


def preview_reassign(*, obligations: Collection[UUID], to_post_id: int, actor: Actor, now: datetime) -> ReassignPreview:
    """What would move if these duties were reassigned now (改派预告), for the person who is to confirm it.

    Raises: what `reassign` raises.
    """
    target = find_target(to_post_id, on=day_of(now))
    chosen = check_chosen(obligations)
    rows = _read(chosen)
    check_reassigning(rows, len(chosen), target, actor)
    moving = sorted((row for row in rows if row.post_id != target.id), key=lambda row: (row.due_at, row.pk))
    units: dict[str, int] = {}
    for row in moving:
        units[row.unit.short_name] = units.get(row.unit.short_name, 0) + 1
    return ReassignPreview(
        count=len(moving),
        staying=len(rows) - len(moving),
        rows=tuple(as_row(row, now=now) for row in moving[:SHOWN]),
        units=tuple(units.items()),
        to_words=say_post(target),
        digest=digest_of(rows),
        at=now,
    )


def list_held(*, post_id: int) -> list[UUID]:
    """Everything a post holds open (岗位名下事项), the earliest due first; as many as can be reassigned at once."""
    rows = Obligation.objects.filter(IS_OPEN, post_id=post_id).exclude(duty_code__in=sorted(list_unheld_duties())).order_by("due_at", "id")
    return list(rows.values_list("uuid", flat=True)[:AT_ONCE])


def list_target_posts(*, actor: Actor, on: date) -> list[PostRow]:
    """Posts to which somebody may give duties (可接手岗位): those that may write, in the units for which he may reassign."""
    writers = accounts.list_posts_with(right=Right.WRITE)
    units = actor.units(Right.REASSIGN)
    return [post for post in organisations.list_posts(on=on) if post.id in writers and post.unit_id in units]


def get_reassigned(*, event_id: int) -> Reassigned:
    """From where to where a duty went (改派记录), by the event that told it. Raises: NotFound."""
    row = Reassignment.objects.filter(event_id=event_id).first()
    if row is None:
        raise NotFound("没有这次改派的记录。")
    return Reassigned(row.from_unit_id, row.from_post_id, row.to_unit_id, row.to_post_id, row.reason)


def find_target(post_id: int, *, on: date) -> PostRow:
    """The post that is to take over, with who holds it. Raises: BadInput where there is none in use or it may not write."""
    post = next((post for post in organisations.list_posts(on=on) if post.id == post_id), None)
    if post is None:
        raise BadInput("没有这个在用的岗位，请从列表里选接手的岗位。", field="to_post")
    if post.id not in accounts.list_posts_with(right=Right.WRITE):
        raise BadInput(f"{say_post(post)}没有“{Right.WRITE.label}”权限，接手了也办不成。请选公开专员岗位。", field="to_post")
    return post


def check_chosen(obligations: Collection[UUID]) -> list[UUID]:
    """The chosen rows, each once. Raises: BadInput when none or too many are chosen."""
    chosen = list(dict.fromkeys(obligations))
    if not chosen:
        raise BadInput("还没有选要改派的事项。请在台账里勾选，再点“改派”。", field="row")
    if len(chosen) > AT_ONCE:
        raise BadInput(f"一次最多改派 {AT_ONCE:,} 件，现在选了 {len(chosen):,} 件。请分几次。", field="row")
    return chosen


def check_reassigning(rows: Sequence[Obligation], wanted: int, target: PostRow, actor: Actor) -> None:
    """Whether somebody may give these rows to that post. Raises: NotFound; NotAllowed; ActNotPossible, naming the first that cannot go."""
    if len(rows) != wanted:
        raise NotFound("有的事项台账里没有，请从台账列表里重新选。")
    if not actor.may(Right.REASSIGN, target.unit_id):
        raise NotAllowed(f"您不能改派给{target.unit_name}：要有这个单位的“{Right.REASSIGN.label}”权限。可以请政务公开办改派。")
    foreign = next((row for row in rows if not actor.may(Right.REASSIGN, row.unit_id)), None)
    if foreign is not None:
        raise NotAllowed(
            f"“{foreign.label}”由{foreign.unit.name}承办，您没有这个单位的“{Right.REASSIGN.label}”权限。可以请政务公开办改派。"
        )
    unheld = next((row for row in rows if row.duty_code in list_unheld_duties()), None)
    if unheld is not None:
        raise ActNotPossible(f"“{unheld.label}”是审核步骤，谁有权审谁办，不用改派。请去掉它，再改派其余的。")
    closed = next((row for row in rows if row.state != ObligationState.OPEN.value), None)
    if closed is not None:
        raise ActNotPossible(f"“{closed.label}”{ObligationState(closed.state).label}，不用改派。请去掉它，再改派其余的。")


def name_givers(rows: Sequence[Obligation], *, on: date) -> dict[tuple[int, int | None], str]:
    """What those are called that give rows away (原岗位), by unit and post. The rows come with their units."""
    named: dict[tuple[int, int | None], str] = {}
    for row in rows:
        if (row.unit_id, row.post_id) not in named:
            post = organisations.find_post(post_id=row.post_id, on=on) if row.post_id else None
            named[row.unit_id, row.post_id] = f"{post.unit_name}{post.title}" if post else row.unit.name
    return named


def digest_of(rows: Sequence[Obligation]) -> str:
    """What tells whether rows are still where they were seen: which rows, in whose hands."""
    seen = sorted(f"{row.uuid} {row.unit_id} {row.post_id}" for row in rows)
    return sha256("\n".join(seen).encode()).hexdigest()[:32]


def say_post(post: PostRow) -> str:
    """A post with its unit and holder in words: 规划科公开专员（贺小满）."""
    return f"{post.unit_name}{post.title}（{post.holder.name if post.holder else '空缺'}）"


def _read(uuids: Sequence[UUID]) -> list[Obligation]:
    rows: list[Obligation] = []
    for first in range(0, len(uuids), BATCH):
        rows += select_rows().filter(uuid__in=uuids[first : first + BATCH])
    return rows
