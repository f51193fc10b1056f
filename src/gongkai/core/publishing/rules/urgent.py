"""Releasing before the review (先发后审): for named duties, by named posts, with a reason."""

from collections.abc import Mapping

from gongkai.core.publishing.kinds import StepKind, StepState, UrgentDuty
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed


def is_urgent_possible(actor: Actor, unit_id: int, entry_code: str, duties: Mapping[str, UrgentDuty]) -> bool:
    """Whether a person could release a text of this entry before its review (可先发后审): for the button. The action judges again."""
    return actor.officer_id is not None and actor.may(Right.RELEASE_URGENT, unit_id) and entry_code in duties


def check_may_release_urgently(actor: Actor, unit_id: int, entry_code: str, duties: Mapping[str, UrgentDuty]) -> int:
    """The officer's id of somebody who may release a text before its review (先发后审). In an absent person's place nobody may.

    He may have written it himself: the second look is another's. Raises: NotAllowed, ActNotPossible naming what may be.
    """
    if actor.officer_id is None:
        raise NotAllowed("先发后审要由人来定，系统不能代办。")
    if not actor.may(Right.RELEASE_URGENT, unit_id):
        raise NotAllowed(f"您的岗位没有这个单位的“{Right.RELEASE_URGENT.label}”权限。请送科室审核，或者找有这个权限的人办。")
    if entry_code not in duties:
        names = "、".join(duty.label for duty in duties.values())
        raise ActNotPossible(f"这个事项不能先发后审，要三步审核都通过再公开。能先发后审的只有：{names}。")
    return actor.officer_id


def check_may_come_back(steps: Mapping[StepKind, StepState]) -> None:
    """A text that failed its second look does not come back as it was (补审未过). `steps`: how each stands. Raises: ActNotPossible."""
    if steps.get(StepKind.SECOND_LOOK) is StepState.RETURNED:
        raise ActNotPossible("先发后审，补审没有通过的，不能原样恢复公开。请另起一份，改好以后走三步审核。")


def check_secrecy_said(*, has_checked: bool) -> None:
    """Whoever releases before the secrecy review says that he looked himself (保密自查). Raises: BadInput. Legal source: OGIR art. 17"""
    if not has_checked:
        raise BadInput("先发之前要自己查过保密，请勾上“我已查过”这一项。", field="has_checked")
