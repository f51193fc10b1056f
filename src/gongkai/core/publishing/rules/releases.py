from datetime import datetime, timedelta

from gongkai.core.publishing.kinds import EditionState, PublicationState
from gongkai.lib.errors import ActNotPossible, BadInput
from gongkai.lib.moments import SHANGHAI

FARTHEST = timedelta(days=366)
MOST_TOGETHER = 50


def check_due(due_at: datetime, now: datetime) -> datetime:
    """The moment of a release as it is kept, to the minute (定时公开). Raises: BadInput for one that has passed or is too far off."""
    kept = due_at.replace(second=0, microsecond=0)
    if kept <= now:
        raise BadInput(f"公开时间 {say_moment(kept)} 已经过了，请填以后的时间。", field="due_at")
    if kept > now + FARTHEST:
        raise BadInput("公开时间在一年以后，请核对年份。", field="due_at")
    return kept


def check_together(count: int, due_at: datetime | None) -> None:
    """Whether so many texts make a release (一起公开). Raises: BadInput."""
    if not count:
        raise BadInput("请选要公开的文稿。", field="texts")
    if count > MOST_TOGETHER:
        raise BadInput(f"一次最多 {MOST_TOGETHER} 条，选了 {count} 条。", field="texts")
    if count == 1 and due_at is None:
        raise BadInput("只选了一条，请填公开时间；签发以后马上公开的不用安排。", field="due_at")


def check_to_release(title: str, state: PublicationState, *, is_released: bool) -> None:
    """Whether a publication has something that can become public (可公开). Raises: ActNotPossible."""
    if state not in {PublicationState.UNPUBLISHED, PublicationState.PUBLIC}:
        raise ActNotPossible(f"“{title}”已撤下，先恢复公开再换版。")
    if is_released:
        raise ActNotPossible(f"“{title}”已经公开，没有等着公开的版本。")


def check_may_go_on(state: EditionState, publication: PublicationState) -> None:
    """Whether the next edition may be begun (起草下一版): the newest is signed, and nothing has been taken down. Raises: ActNotPossible."""
    if state is not EditionState.APPROVED:
        raise ActNotPossible(f"这条信息已有一版{state.label}，请改那一版。")
    if publication not in {PublicationState.UNPUBLISHED, PublicationState.PUBLIC}:
        raise ActNotPossible("这条信息已撤下，先恢复公开再换版。")


def say_moment(moment: datetime) -> str:
    """A moment to the minute, in words: 2026-10-12 09:00."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
