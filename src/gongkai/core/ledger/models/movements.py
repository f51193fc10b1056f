from uuid import uuid4

from django.db import models

from gongkai.core.ledger.kinds import ChangeCause, LimitUnit, MovementKind
from gongkai.core.ledger.models.obligations import Obligation
from gongkai.core.ledger.models.terms import REASON_LENGTH

STOP, RESTART, EXTEND, FEE = (models.Q(kind=kind.value) for kind in MovementKind)
HOLDS = (STOP | FEE) & models.Q(latest_day__isnull=False)
HOLDS &= models.Q(last_day__isnull=True) | models.Q(last_day__gte=models.F("first_day"))
AT_ONCE = (RESTART | EXTEND) & models.Q(last_day__isnull=True, latest_day__isnull=True)
HAS_AMOUNT = EXTEND & models.Q(amount__gt=0, unit__isnull=False)
NO_AMOUNT = ~EXTEND & models.Q(amount__isnull=True, unit__isnull=True)
IN_FORCE = models.Q(voided_at__isnull=True)


class Movement(models.Model):
    """One thing that moved the limit of an obligation (期限变动): a stop, a restart, an extension or a fee, with its paper.

    `first_day`: of a stop the first day that does not count, of a restart the day of the new cause, of an extension the day of the
    decision, of a fee the day of the notice. `last_day`: of a stop the last day that does not count, of a fee the day of payment; empty
    while it runs. `latest_day`: the day on which counting goes on at the latest.
    Not the change of the date, which a calendar can cause too (DateChange). Never edited, but that `last_day` is filled once and that it
    can be voided, with the reason. Personal data: which officer proposed and approved it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="movements", verbose_name="应公开事项")
    kind = models.CharField("种类", max_length=8, choices=MovementKind.choices())
    first_day = models.DateField("起日")
    last_day = models.DateField("止日", null=True)
    latest_day = models.DateField("最迟恢复日", null=True)
    amount = models.PositiveSmallIntegerField("延长", null=True)
    unit = models.CharField("延长的单位", max_length=8, choices=LimitUnit.choices(), null=True)  # noqa: DJ001 - only an extension has one
    reason = models.CharField("理由", max_length=REASON_LENGTH)
    article = models.CharField("条款", max_length=REASON_LENGTH)
    document = models.CharField("文书", max_length=REASON_LENGTH, blank=True)
    closing_document = models.CharField("结束的文书", max_length=REASON_LENGTH, blank=True)
    proposed_by = models.ForeignKey(
        "organisations.Officer", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="提出人"
    )
    approved_by = models.ForeignKey(
        "organisations.Officer", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="批准人"
    )
    approved_at = models.DateTimeField("批准时间", null=True)
    noted_at = models.DateTimeField("记录时间")
    voided_at = models.DateTimeField("作废时间", null=True)
    void_reason = models.CharField("作废理由", max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = "期限变动"
        constraints = [
            # Two people who note the same thing at the same moment: one of them was faster.
            models.UniqueConstraint(
                fields=["obligation", "kind", "first_day"],
                name="movement_once",
                condition=IN_FORCE,
                violation_error_message="同一天的这项变动已经记过。",
            ),
            models.UniqueConstraint(
                fields=["obligation"],
                name="movement_one_runs",
                condition=IN_FORCE & (STOP | FEE) & models.Q(last_day__isnull=True),
                violation_error_message="期限已经暂停，先恢复，再记别的。",
            ),
            models.CheckConstraint(
                name="movement_kind_known",
                condition=models.Q(kind__in=MovementKind.values()),
                violation_error_message="期限变动的种类无效。",
            ),
            models.CheckConstraint(
                name="movement_days_fit",
                condition=HOLDS | AT_ONCE,
                violation_error_message="暂停和收费要有最迟恢复日，止日不早于起日；其他变动没有这两天。",
            ),
            models.CheckConstraint(
                name="movement_amount_fits",
                condition=HAS_AMOUNT | NO_AMOUNT,
                violation_error_message="只有延长有数量和单位。",
            ),
            models.CheckConstraint(
                name="movement_extension_approved",
                condition=~EXTEND | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                violation_error_message="延长要有批准人和批准时间。",
            ),
            models.CheckConstraint(
                name="movement_reasoned",
                condition=~models.Q(reason="") & ~models.Q(article=""),
                violation_error_message="期限变动要有理由和条款。",
            ),
            models.CheckConstraint(
                name="movement_void_reasoned",
                condition=models.Q(voided_at__isnull=True, void_reason="")
                | (models.Q(voided_at__isnull=False) & ~models.Q(void_reason="")),
                violation_error_message="作废要写理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{MovementKind(self.kind).label} {self.first_day}"


class DateChange(models.Model):
    """One change of the date of an obligation (期限改动): from which day to which, why, and under which calendar it was counted.

    `to_day` empty: counting stopped. `movement` empty: no movement caused it (`cause`). Written in the transaction of the change and never
    edited. Left out on purpose: who was told, which those who tell keep. Personal data: none.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="date_changes", verbose_name="应公开事项")
    movement = models.ForeignKey(Movement, models.PROTECT, null=True, db_index=False, verbose_name="期限变动")
    cause = models.CharField("原因", max_length=8, choices=ChangeCause.choices())
    why = models.CharField("说明", max_length=REASON_LENGTH)
    from_day = models.DateField("原来的最后一天", null=True)
    to_day = models.DateField("现在的最后一天", null=True)
    from_due_at = models.DateTimeField("原来的期满时刻", null=True)
    to_due_at = models.DateTimeField("现在的期满时刻", null=True)
    calendar_version = models.CharField("日历版本", max_length=80, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "期限改动"
        constraints = [
            models.CheckConstraint(
                name="date_change_cause_known", condition=models.Q(cause__in=ChangeCause.values()), violation_error_message="改动原因无效。"
            ),
            models.CheckConstraint(
                name="date_change_movement_fits",
                condition=models.Q(movement__isnull=True) | models.Q(cause="MOVEMENT"),
                violation_error_message="期限变动引起的改动，原因就是期限变动。",
            ),
            models.CheckConstraint(name="date_change_explained", condition=~models.Q(why=""), violation_error_message="期限改动要有说明。"),
        ]

    def __str__(self) -> str:
        return f"{self.from_day} → {self.to_day or '暂停'}"
