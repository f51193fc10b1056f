"""What may be taken back, by whom, with what (撤下规则)."""

from collections.abc import Iterable, Mapping

from gongkai.core.publishing.kinds import Need, PageAfter, PublicationAct, PublicationState, WithdrawalKind, WithdrawalReason
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed

TRANSITIONS = {
    (PublicationState.PUBLIC, PublicationAct.WITHDRAW): PublicationState.WITHDRAWN,
    (PublicationState.PUBLIC, PublicationAct.TAKE_DOWN): PublicationState.TAKEN_DOWN,
    # A replaced page can still be read: it too can be taken down at once.
    (PublicationState.WITHDRAWN, PublicationAct.TAKE_DOWN): PublicationState.TAKEN_DOWN,
    # The reason of a take-down follows, from the same table.
    (PublicationState.TAKEN_DOWN, PublicationAct.WITHDRAW): PublicationState.WITHDRAWN,
    (PublicationState.WITHDRAWN, PublicationAct.RESTORE): PublicationState.PUBLIC,
    (PublicationState.TAKEN_DOWN, PublicationAct.RESTORE): PublicationState.PUBLIC,
}
RIGHTS = {WithdrawalKind.WITHDRAWAL: Right.WITHDRAW, WithdrawalKind.TAKE_DOWN: Right.TAKE_DOWN}
TAKEN_DOWN_WORDS = "正在核实"
MAX_PAPER = 100


def next_publication_state(state: PublicationState, act: PublicationAct) -> PublicationState:
    """State of a publication (公开状态) after an act. Raises: ActNotPossible."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise ActNotPossible(f"这条信息{state.label}，不能{act.label}。请刷新后看它现在的状态。") from None


def check_may_withdraw(actor: Actor, kind: WithdrawalKind, unit_id: int) -> int:
    """The officer's id of somebody who may take a unit's item back (撤下权限): withdrawing and taking down are two rights.

    Raises: NotAllowed.
    """
    right = RIGHTS[kind]
    if actor.officer_id is None:
        raise NotAllowed(f"{kind.label}要由人来定，系统不能代办。")
    if not actor.may(right, unit_id):
        raise NotAllowed(f"您没有这个单位的“{right.label}”权限。要{kind.label}，请马上找政务公开办主任或值班人员。")
    return actor.officer_id


def read_reasons(rows: Iterable[Mapping[str, str]]) -> dict[str, WithdrawalReason]:
    """The table of reasons (撤下原因表) by code, in its order."""
    return {
        row["code"]: WithdrawalReason(
            code=row["code"],
            label=row["label"],
            page=PageAfter(row["page"]),
            public_words=row["public_words"],
            note=Need(row["note"]),
            successor=Need(row["successor"]),
            paper=Need(row["paper"]),
            shows_title=row["title"] == "yes",
            reopens_duty=row["duty"] == "REOPENS",
            about=row["about"],
        )
        for row in rows
    }


def check_reason_code(code: str, reasons: Mapping[str, WithdrawalReason]) -> WithdrawalReason:
    """The reason that was chosen. Raises: BadInput."""
    try:
        return reasons[code]
    except KeyError:
        raise BadInput(f"请选一个撤下的原因：{'、'.join(reason.label for reason in reasons.values())}。", field="reason") from None


def check_paper(reason: WithdrawalReason, paper: str) -> str:
    """The number of the paper behind it (文书号) as it is kept; empty where the reason knows none. Raises: BadInput."""
    kept = " ".join(paper.replace("\x00", "").split())
    if reason.paper is Need.UNUSED:
        return ""
    if reason.paper is Need.NEEDED and not kept:
        raise BadInput(f"“{reason.label}”要写明文书号，会显示在撤下说明里。", field="paper")
    if len(kept) > MAX_PAPER:
        raise BadInput(f"文书号写了 {len(kept)} 字，超过 {MAX_PAPER} 字，请核对。", field="paper")
    return kept


def check_successor(reason: WithdrawalReason, *, is_named: bool, is_public: bool, is_itself: bool) -> bool:
    """Whether the item that stands in its place (替代信息) is kept. Raises: BadInput when it is needed and cannot be used."""
    if reason.successor is Need.UNUSED or (reason.successor is Need.OPTIONAL and not is_named):
        return False
    if not is_named:
        raise BadInput(f"“{reason.label}”要写明是哪一条信息，请填它的门户地址，例如 /d/2026/00231/。", field="successor")
    if is_itself:
        raise BadInput("填的是这条信息自己的地址。请填替代它的那一条。", field="successor")
    if not is_public:
        raise BadInput("这个地址没有公开的信息。请核对，例如 /d/2026/00231/；替代的那一条要先公开。", field="successor")
    return True


def say_public_reason(reason: WithdrawalReason | None, paper: str) -> str:
    """Why a page was taken back, as citizens read it (公开的撤下原因). None: taken down at once, the reason is to follow."""
    if reason is None:
        return TAKEN_DOWN_WORDS
    return f"{reason.public_words}（{paper}）" if paper else reason.public_words
