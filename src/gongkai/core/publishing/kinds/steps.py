from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.lib.enums import LabelledEnum


class StepKind(LabelledEnum):
    """The three steps every text passes, in this order (审核步骤), and the look that follows where a text came out before its review."""

    UNIT = "UNIT", "科室审核"
    SECRECY = "SECRECY", "保密审查"
    SIGN_OFF = "SIGN_OFF", "签发"
    SECOND_LOOK = "SECOND_LOOK", "补审"


STEPS = (StepKind.UNIT, StepKind.SECRECY, StepKind.SIGN_OFF)
"""The three that make a text public, in their order."""


class StepState(LabelledEnum):
    """Where one review step stands (步骤状态). A void step was passed for a text that has been returned since: it no longer counts."""

    WAITING = "WAITING", "待审"
    PASSED = "PASSED", "已通过"
    RETURNED = "RETURNED", "已退回"
    VOID = "VOID", "已作废"


class StepAct(LabelledEnum):
    """What is done to a review step (审核动作)."""

    PASS = "PASS", "通过"
    RETURN = "RETURN", "退回"
    VOID = "VOID", "作废"


@dataclass(frozen=True)
class StepFacts:
    """What the stepper says of a text's steps (步骤概况): how long each may take, in words; who may decide the one that waits, by when."""

    limits: Mapping[StepKind, str]
    deciders: tuple[str, ...] = ()
    last_day: date | None = None
    due_at: datetime | None = None
