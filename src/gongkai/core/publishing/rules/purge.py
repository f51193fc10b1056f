"""Who may purge what, and in which order (清除规则): two persons, neither of them alone."""

from collections.abc import Mapping

from gongkai.core.publishing.kinds import PublicationState
from gongkai.core.publishing.kinds.purge import PurgeAct, PurgeState
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed

TRANSITIONS: Mapping[tuple[PurgeState, PurgeAct], PurgeState] = {
    (PurgeState.REQUESTED, PurgeAct.APPROVE): PurgeState.RUNNING,
    (PurgeState.REQUESTED, PurgeAct.REFUSE): PurgeState.REFUSED,
    (PurgeState.RUNNING, PurgeAct.CLEAR): PurgeState.CLEARED,
    (PurgeState.CLEARED, PurgeAct.FINISH): PurgeState.DONE,
}

HELD = (PublicationState.HELD.value, PublicationState.PURGED.value)
"""States in which nobody opens, changes or makes public what a text says."""

CLEARED_TITLE = "（内容已清除）"
CLEARED_WORDS = "（已清除）"
"""What stands where words have to stand."""

REASON_LENGTH = 300
PAPER_LENGTH = 100
NOTE_LENGTH = 300

BY_HAND: tuple[tuple[str, str, str], ...] = (
    ("hand.backups", "数据库备份", "删掉或重做公开以来的全部备份，连同 PostgreSQL 的归档日志和备库；写明哪几份、怎么处理的。"),
    ("hand.sealed_backups", "附件原件的备份", "从附件原件目录的每一份备份里删掉，写明备份在哪里。"),
    ("hand.portal_copies", "门户文件的副本", "清掉前面服务器（nginx、缓存、另一台机器）上的副本，并请平台和搜索引擎删快照。"),
    ("hand.outlets", "其他网站", "打电话请每个渠道的网站删掉网页、附件和快照，写明渠道、经办人和时间；没有发过的写“没有”。"),
    ("hand.exports", "导出和打印件", "收回这条信息起草以来导出的表格、下载的原件和打印件，登记销毁。"),
    ("hand.disks", "存储介质", "按保密规定处理服务器和办公电脑的磁盘（覆写或送销毁），写明经办人。"),
)
"""What no program can reach: told to the operator, each confirmed by a person."""


def next_purge_state(state: PurgeState, act: PurgeAct) -> PurgeState:
    """State of a purge (清除状态) after an act. Raises: ActNotPossible."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise ActNotPossible(f"这次清除{state.label}，不能{act.label}。请刷新后再看。") from None


def check_not_held(state: PublicationState) -> None:
    """Refuse whatever needs the words of a text that is being purged or was (停用). Raises: ActNotPossible."""
    if state is PublicationState.HELD:
        raise ActNotPossible("这条信息正在办涉密清除，内容已停用：不能看、不能改、不能审，也不能公开。要问，请找保密审查人。")
    if state is PublicationState.PURGED:
        raise ActNotPossible("这条信息的内容已经清除，只留索引号、地址和经过。要看经过，请到“涉密清除”。")


def check_may_request(actor: Actor, unit_id: int) -> int:
    """The officer's id of somebody who may ask for a purge (申请清除): the secrecy reviewer of that unit. Raises: NotAllowed."""
    if actor.officer_id is None or not actor.may(Right.REQUEST_PURGE, unit_id):
        raise NotAllowed("申请涉密清除要由管这个单位的保密审查人办。发现涉密内容，请马上当面告诉他，不要写在系统里。")
    return actor.officer_id


def check_may_decide(actor: Actor, unit_id: int, requested_by: int) -> int:
    """The officer's id of somebody who may decide on a purge (批准清除): the security administrator, never the one who asked for it.

    Raises: NotAllowed.
    """
    if actor.officer_id is None or not actor.may(Right.APPROVE_PURGE, unit_id):
        raise NotAllowed("批准涉密清除要由安全管理员办。")
    if actor.officer_id == requested_by:
        raise NotAllowed("这次清除是您申请的，要由另一个人批准。")
    return actor.officer_id


def check_words(text: str, *, what: str, field: str, most: int) -> str:
    """Words about a purge (说明), tidied. They must not repeat what is purged: that cannot be checked, so it is said beside the field.

    Raises: BadInput.
    """
    words = " ".join(text.replace("\0", "").split())
    if not words:
        raise BadInput(f"请写明{what}。不要写涉密内容本身。", field=field)
    if len(words) > most:
        raise BadInput(f"{what}最长 {most} 字。", field=field)
    return words
