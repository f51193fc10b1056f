"""What every act on an obligation begins with: hold the row, refuse what is closed, tidy what was typed."""

from uuid import UUID

from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.ledger.models import Obligation
from gongkai.core.ledger.rules import say_day
from gongkai.lib.errors import ActNotPossible, BadInput, NotFound, SomebodyWasFaster
from gongkai.lib.moments import day_of


def lock(uuid: UUID, *, seen: int | None = None) -> Obligation:
    """The row, held until the transaction ends (锁住事项): a sweep passes it by, a second one who acts waits and then sees what was done.

    `seen`: how often its clock had been moved when somebody looked. Raises: NotFound; SomebodyWasFaster when it was moved since.
    """
    stored = Obligation.objects.select_for_update().filter(uuid=uuid).first()
    if stored is None:
        raise NotFound("台账里没有这件事项，请从台账列表里打开。")
    if seen is not None and stored.moves != seen:
        raise SomebodyWasFaster("这件事项的期限刚被别人改过，您看到的日子已经不对。请刷新后再看。")
    return stored


def refuse_closed(stored: Obligation) -> None:
    """Whether it is still owed (在办). Raises: ActNotPossible, in words."""
    if stored.state == ObligationState.CANCELLED.value:
        raise ActNotPossible(f"“{stored.label}”已经撤销，不能再办。要办请重新登记。")
    if stored.state == ObligationState.FULFILLED.value and stored.fulfilled_at is not None:
        raise ActNotPossible(f"“{stored.label}”已于 {say_day(day_of(stored.fulfilled_at))}办结，不用再办。")


def tidy(what: str, text: str, length: int, *, field: str, is_needed: bool = True) -> str:
    """The text without spaces around it (整理文字). Raises: BadInput when nothing is left though it is needed, or it is too long."""
    words = " ".join(text.replace("\x00", "").split())
    if not words and is_needed:
        raise BadInput(f"{what}不能空着，请写上。", field=field)
    if len(words) > length:
        raise BadInput(f"{what}最长 {length} 字，现在 {len(words)} 字，请缩短。", field=field)
    return words
