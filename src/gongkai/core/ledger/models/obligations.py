from uuid import uuid4

from django.db import models

from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, ObligationState, Tally
from gongkai.core.ledger.models.terms import Terms

LABEL_LENGTH = 200
OPEN = models.Q(state="OPEN")
IS_ENFORCED = models.Q(binding__in=sorted(binding.value for binding in ENFORCEABLE))

# The first that holds. Written by the database itself, so that no way of writing a row can leave it behind.
TALLIES = [
    (models.Q(state="CANCELLED"), Tally.CANCELLED),
    (OPEN & models.Q(stopped_since__isnull=False), Tally.STOPPED),
    (models.Q(is_provisional=True), Tally.PROVISIONAL),
    (OPEN & models.Q(is_minimum=False) & IS_ENFORCED, Tally.OPEN),
    (OPEN, Tally.OPEN_MILD),
    (models.Q(is_minimum=True) | models.Q(fulfilled_at__lt=models.F("due_at")), Tally.DONE_IN_TIME),
    (IS_ENFORCED, Tally.DONE_LATE),
]


class Obligation(models.Model):
    """One duty with a clock (应公开事项): something happened, so something has to be done by a day.

    Not the work: `subject` is the uuid of what it is about (a cause, a review step, a request), which another app keeps. It belongs to a
    post, so that a leaver loses nothing. `binding` is the terms' own, copied because lists and the sweep ask for it.
    `target_at` is the first moment after `target_day`, the bureau's own day. While counting is stopped the last date is kept but not shown,
    and `resumes_by` is the day on which counting goes on at the latest: the sweep lets it go on then. Of an unpaid fee (`waits_for_fee`) it
    is the last day for paying, and nothing sweeps the row. `moves` counts what moved its clock: who acts on an older number is told that
    somebody was faster.
    Left out on purpose: overdue as a state (it is a question), stops and extensions (rows of their own: Movement).
    Personal data: none here; the label is the title of what has to be made public.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    duty_code = models.CharField("职责", max_length=60)
    entry = models.CharField("事项代码", max_length=60)
    terms = models.ForeignKey(Terms, models.PROTECT, verbose_name="期限条款")
    label = models.CharField("名称", max_length=LABEL_LENGTH)
    subject = models.UUIDField("标的")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, verbose_name="承办单位")
    post = models.ForeignKey("organisations.Post", models.PROTECT, null=True, verbose_name="承办岗位", db_index=False)
    binding = models.CharField("约束力", max_length=8, choices=Binding.choices())
    caused_on = models.DateField("事由日")
    caused_at = models.DateTimeField("事由时刻", null=True, help_text="只有按小时计的期限才有")
    registered_at = models.DateTimeField("登记时间")
    due_at = models.DateTimeField("期满时刻", help_text="过了最后一天的第一个时刻")
    last_day = models.DateField("最后一天")
    target_day = models.DateField("目标日", null=True)
    target_at = models.DateTimeField("目标时刻", null=True, help_text="过了目标日的第一个时刻")
    restarted_on = models.DateField("重新起算日", null=True, help_text="现在从这天的次日起算")
    stopped_since = models.DateField("停止计算自", null=True)
    resumes_by = models.DateField("最迟恢复日", null=True)
    waits_for_fee = models.BooleanField("等缴费", default=False, help_text="停止计算是因为收费，缴了才重新起算")
    moves = models.PositiveSmallIntegerField("变动次数", default=0)
    is_provisional = models.BooleanField("暂定", default=False, help_text="有年份没有日历")
    is_minimum = models.BooleanField("至少", default=False, help_text="不少于，不是不迟于")
    state = models.CharField("状态", max_length=10, choices=ObligationState.choices(), default=ObligationState.OPEN.value)
    fulfilled_at = models.DateTimeField("办结时间", null=True)
    next_check_at = models.DateTimeField("下次巡查", null=True)
    tally = models.GeneratedField(
        expression=models.Case(
            *(models.When(condition, then=models.Value(tally.value)) for condition, tally in TALLIES),
            default=models.Value(Tally.DONE_PAST.value),
        ),
        output_field=models.CharField("计数类", max_length=12),
        db_persist=True,
    )

    class Meta:
        verbose_name = "应公开事项"
        indexes = [
            # What is owed for one thing.
            models.Index("subject", "id", name="obligation_by_subject"),
            # The ledger's list over all states, whole and of a unit.
            # The columns after the id are only looked at: a month is counted without reading its rows.
            models.Index("due_at", "id", "tally", "binding", "unit", "entry", name="obligation_by_due"),
            models.Index("unit", "due_at", "id", name="obligation_of_unit"),
            # What a post holds or held, as 我这个月 links to it.
            models.Index("post", "due_at", "id", name="obligation_of_post"),
            # What a unit owes, soonest first. Made after the whole one: without statistics SQLite takes the later of two that serve.
            models.Index("unit", "due_at", "id", name="obligation_open_of_unit", condition=OPEN),
            # What is owed at all: the overdue are the head of it.
            models.Index("due_at", "id", "tally", "binding", "unit", "entry", name="obligation_open_by_due", condition=OPEN),
            # The sweeper's only question.
            models.Index("next_check_at", "id", name="obligation_to_check", condition=OPEN),
            # A part of the ledger, however small, and the counts by part.
            models.Index("tally", "due_at", "id", name="obligation_by_tally"),
            models.Index("binding", "tally", "due_at", "id", name="obligation_by_binding"),
            # An entry of the catalogue, however seldom, and the counts by entry.
            models.Index("entry", "tally", "due_at", "id", "binding", name="obligation_of_entry"),
            # What was overdue when a month began and was closed in it.
            models.Index("tally", "fulfilled_at", name="obligation_done_late", condition=models.Q(tally="DONE_LATE")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["duty_code", "entry", "subject"],
                name="obligation_open_once",
                condition=OPEN,
                violation_error_message="这件事项已经登记，正在办理。",
            ),
            models.CheckConstraint(
                name="obligation_state_known",
                condition=models.Q(state__in=ObligationState.values()),
                violation_error_message="事项状态无效。",
            ),
            models.CheckConstraint(
                name="obligation_binding_known", condition=models.Q(binding__in=Binding.values()), violation_error_message="约束力无效。"
            ),
            models.CheckConstraint(
                name="obligation_fulfilled_dated",
                condition=models.Q(state="FULFILLED", fulfilled_at__isnull=False)
                | (~models.Q(state="FULFILLED") & models.Q(fulfilled_at__isnull=True)),
                violation_error_message="已办的事项要有办结时间，其他的不能有。",
            ),
            models.CheckConstraint(
                name="obligation_closed_unchecked",
                condition=OPEN | models.Q(next_check_at__isnull=True),
                violation_error_message="已了结的事项不再巡查。",
            ),
            models.CheckConstraint(
                name="obligation_target_first",
                condition=models.Q(target_day__isnull=True) | models.Q(target_day__lte=models.F("last_day")),
                violation_error_message="目标日不能晚于期限的最后一天。",
            ),
            models.CheckConstraint(
                name="obligation_target_whole",
                condition=models.Q(target_day__isnull=True, target_at__isnull=True)
                | models.Q(target_day__isnull=False, target_at__isnull=False, target_at__lte=models.F("due_at")),
                violation_error_message="目标日和目标时刻要一起写，不能晚于期满时刻。",
            ),
            models.CheckConstraint(
                name="obligation_stopped_open",
                condition=models.Q(stopped_since__isnull=True, resumes_by__isnull=True, waits_for_fee=False)
                | (OPEN & models.Q(stopped_since__isnull=False, resumes_by__isnull=False)),
                violation_error_message="只有在办的事项能暂停；暂停的要有最迟恢复日。",
            ),
            models.CheckConstraint(
                name="obligation_fee_unchecked",
                condition=models.Q(waits_for_fee=False) | models.Q(next_check_at__isnull=True),
                violation_error_message="等缴费的事项不巡查。",
            ),
            models.CheckConstraint(name="obligation_labelled", condition=~models.Q(label=""), violation_error_message="事项要有名称。"),
        ]

    def __str__(self) -> str:
        return self.label


class EvidenceItem(models.Model):
    """One proof that a duty was done (办结凭据): where the thing stands that discharged it.

    Not the thing: `reference` finds it in the app that keeps it. Personal data: none.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, db_index=False, related_name="evidence", verbose_name="应公开事项")
    kind = models.CharField("种类", max_length=40)
    reference = models.CharField("编号", max_length=200)
    label = models.CharField("说明", max_length=200)
    noted_at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = "办结凭据"
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "kind", "reference"], name="evidence_once", violation_error_message="这份凭据已经记过。"
            ),
        ]

    def __str__(self) -> str:
        return self.label
