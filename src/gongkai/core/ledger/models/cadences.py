from uuid import uuid4

from django.db import models

from gongkai.core.ledger.models.obligations import Obligation
from gongkai.core.ledger.models.terms import Terms


class CadenceRun(models.Model):
    """One period of a duty that comes again and again (一期), for a column and a unit: this working day, this fortnight, this quarter.

    `entry` is the one whose terms ask for it: the published entry itself, or the habit of the whole column (`monitor.daily`).
    Opened when the period begins. `obligation` is what is owed in it: only where it can be late or exceeded, never for an internal habit.
    `updated_at`: the update that discharged it. `lapsed_at`: its `due_at`, once it was told that the period passed without one.
    Not the column itself, which publishing keeps. Personal data: none.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    column = models.CharField("栏目代码", max_length=40)
    entry = models.CharField("事项代码", max_length=60)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, verbose_name="单位")
    terms = models.ForeignKey(Terms, models.PROTECT, verbose_name="期限条款")
    period_first = models.DateField("第一天")
    last_day = models.DateField("最后一天")
    due_at = models.DateTimeField("期满时刻")
    is_provisional = models.BooleanField("暂定", default=False)
    obligation = models.OneToOneField(Obligation, models.PROTECT, null=True, related_name="cadence_run", verbose_name="应公开事项")
    opened_at = models.DateTimeField("开始记录的时间")
    updated_at = models.DateTimeField("更新时间", null=True)
    lapsed_at = models.DateTimeField("没有更新", null=True)
    next_check_at = models.DateTimeField("下次巡查", null=True)

    class Meta:
        verbose_name = "周期要求的一期"
        indexes = [
            # The periods of a unit, and which are over.
            models.Index("unit", "due_at", name="cadence_run_of_unit"),
            # The sweeper's question about periods.
            models.Index("next_check_at", "id", name="cadence_run_to_check", condition=models.Q(next_check_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["column", "entry", "unit", "period_first"], name="cadence_run_once", violation_error_message="这一期已经开始。"
            ),
            models.CheckConstraint(
                name="cadence_run_days_in_order",
                condition=models.Q(period_first__lte=models.F("last_day")),
                violation_error_message="一期的最后一天不能早于第一天。",
            ),
            models.CheckConstraint(
                name="cadence_run_lapsed_or_updated",
                condition=models.Q(lapsed_at__isnull=True) | models.Q(lapsed_at=models.F("due_at")),
                violation_error_message="没有更新的时刻就是期满时刻。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.period_first}"


class ColumnUpdate(models.Model):
    """When a unit last made something public in a column (最近更新), and where its cadence there stands.

    One row for a column, a unit and the entry whose terms ask for updates (empty where none does), carried on: history is in the runs and
    in the publications. `lapsed_on` is the last day of the newest period that passed without anything new since the last update, `due_on`
    that of the running one, `next_opens_at` when the next one begins; empty: there is none. Personal data: none.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    column = models.CharField("栏目代码", max_length=40)
    entry = models.CharField("事项代码", max_length=60, blank=True)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, verbose_name="单位")
    first_at = models.DateTimeField("最早更新")
    last_at = models.DateTimeField("最近更新")
    due_on = models.DateField("本期最后一天", null=True)
    lapsed_on = models.DateField("没有更新的一期", null=True)
    next_opens_at = models.DateTimeField("下一期开始", null=True)

    class Meta:
        verbose_name = "最近更新"
        indexes = [
            # The sweeper's question: which period begins now.
            models.Index("next_opens_at", "id", name="column_update_to_open", condition=models.Q(next_opens_at__isnull=False)),
            # What a unit is reminded of.
            models.Index("unit", "lapsed_on", name="column_update_lapsed", condition=models.Q(lapsed_on__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["column", "entry", "unit"], name="column_update_once", violation_error_message="这个单位的这个栏目已有一行。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.column} {self.last_at}"
