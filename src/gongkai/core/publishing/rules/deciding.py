"""Who may decide a step of a text, in his own name or in an absent person's place."""

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.core.publishing.kinds import StepKind
from gongkai.foundation.accounts.kinds import Actor, Right, StandIn
from gongkai.lib.errors import NotAllowed

STEP_RIGHTS = {
    StepKind.UNIT: Right.REVIEW_UNIT,
    StepKind.SECRECY: Right.REVIEW_SECRECY,
    StepKind.SIGN_OFF: Right.SIGN,
    StepKind.SECOND_LOOK: Right.SIGN,
}
NEXT_STEP = {None: StepKind.UNIT, StepKind.UNIT: StepKind.SECRECY, StepKind.SECRECY: StepKind.SIGN_OFF}


@dataclass(frozen=True)
class People:
    """Who has had his hands on a text (经手人): officer ids of those who wrote it and of those who passed an earlier step of it.

    Who passed in another's place counts, and so does the absent person: both together pass one step.
    """

    writers: frozenset[int]
    passers: frozenset[int]


@dataclass(frozen=True)
class Decider:
    """Who decides a step (审核人), and in whose place; None in his own."""

    officer_id: int
    absent: StandIn | None = None

    @property
    def absent_id(self) -> int | None:
        """The officer's id of the absent person; None when he decides in his own right."""
        return self.absent.officer_id if self.absent else None


def check_may_decide(actor: Actor, kind: StepKind, unit_id: int, people: People) -> Decider:
    """Who decides a step (回避规则), and in whose place.

    Not on his own text, not twice on one text, only with the right for the unit. In an absent person's place nothing is decided that the
    absent person could not decide himself. Raises: NotAllowed, saying which of these it is. Legal source: OGIR art. 17
    """
    if actor.officer_id is None:
        raise NotAllowed(f"{kind.label}要由人来做，系统不能代办。")
    if actor.officer_id in people.writers:
        raise NotAllowed("不能审自己起草的稿，要由别人审。写理由放行、送审也算。")
    if actor.officer_id in people.passers:
        raise NotAllowed("这份稿您已经审过一步（别人代您审的也算），下一步要由别人审。")
    right = STEP_RIGHTS[kind]
    if actor.may(right, unit_id):
        return Decider(actor.officer_id)
    lenders = list_lenders(actor, right, unit_id)
    for absent in lenders:
        if absent.officer_id not in people.writers | people.passers:
            return Decider(actor.officer_id, absent)
    if lenders:
        absent = lenders[0]
        why = f"这份稿是{absent.name}起草的" if absent.officer_id in people.writers else f"这份稿{absent.name}已经审过一步"
        raise NotAllowed(f"您代{absent.name}审，{why}，要由别人审。")
    raise NotAllowed(f"您没有这个单位的“{right.label}”权限。要审这份稿，请找系统管理员开通。")


def list_lenders(actor: Actor, right: Right, unit_id: int) -> list[StandIn]:
    """The absent people who lent somebody a right for a unit (被代理人)."""
    return [absent for absent in actor.stands_in_for if absent.may(right, unit_id)]


def holds(actor: Actor, right: Right, unit_id: int) -> bool:
    """Whether somebody has a right for a unit, his own or one that was lent (有权)."""
    return actor.may(right, unit_id) or bool(list_lenders(actor, right, unit_id))


def list_capacities(actor: Actor, kind: StepKind) -> Iterator[tuple[StandIn | None, frozenset[int]]]:
    """In which capacity somebody decides a step for which units (审核身份): his own first (None), then each absent person's."""
    right = STEP_RIGHTS[kind]
    if actor.units(right):
        yield None, actor.units(right)
    for absent in actor.stands_in_for:
        if units := absent.rights.get(right, frozenset()) - actor.units(right):
            yield absent, units
