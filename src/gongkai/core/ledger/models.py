from uuid import uuid4

from django.db import models

from gongkai.core.ledger.kinds import Binding, EventKind, ObligationState, PublicDisplay

LABEL_LENGTH = 200
REASON_LENGTH = 200
OPEN = models.Q(state="OPEN")
SWEPT = [EventKind.BECAME_OVERDUE.value, EventKind.PROMISE_EXCEEDED.value, EventKind.REMINDED.value]


class Terms(models.Model):
    """One dated version of a limit (期限条款): how long, counted from what, under which article, for whom.

    Not an entry of the catalogue: only its code is shared, so that duties without a catalogue entry (review steps) have terms too.
    Terms that an obligation was opened under are never edited: a correction is a new row, and the old one is no longer current.
    Left out on purpose: local targets, which are stricter and come with the page of the legal office (issue 4). Personal data: none.
    """

    entry = models.CharField("事项代码", max_length=60)
    label = models.CharField("名称", max_length=80)
    limit_text = models.CharField("期限", max_length=20, help_text="P20WD、min:P30D、fixed:01-31、PT48H、cadence:1Q、none")
    basis = models.CharField("依据", max_length=200)
    source = models.CharField("来源", max_length=200)
    is_verified = models.BooleanField("来源已核")
    deadline_id = models.CharField("期限代码", max_length=60, blank=True)
    binding = models.CharField("约束力", max_length=8, choices=Binding.choices())
    public_display = models.CharField("对外显示", max_length=6, choices=PublicDisplay.choices())
    holder = models.CharField("法定主体", max_length=60)
    clock_start = models.CharField("起算", max_length=60)
    rolls = models.BooleanField("末日顺延", default=True, help_text="末日是休息日的，顺延到下一个工作日；只对日、月、年")
    effective_from = models.DateField("自", null=True, blank=True)
    effective_to = models.DateField("至", null=True, blank=True)
    note = models.TextField("说明", blank=True)
    is_current = models.BooleanField("现用", default=True)

    class Meta:
        verbose_name = "期限条款"
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "effective_from"],
                name="terms_once_from_a_day",
                condition=models.Q(is_current=True, effective_from__isnull=False),
                violation_error_message="同一事项从同一天起只能有一条期限。",
            ),
            models.UniqueConstraint(
                fields=["entry"],
                name="terms_once_from_ever",
                condition=models.Q(is_current=True, effective_from__isnull=True),
                violation_error_message="同一事项没有起始日的期限只能有一条。",
            ),
            models.CheckConstraint(
                name="terms_days_in_order",
                condition=models.Q(effective_from__isnull=True)
                | models.Q(effective_to__isnull=True)
                | models.Q(effective_from__lte=models.F("effective_to")),
                violation_error_message="期限条款的止日不能早于起日。",
            ),
            models.CheckConstraint(
                name="terms_binding_known", condition=models.Q(binding__in=Binding.values()), violation_error_message="约束力无效。"
            ),
            models.CheckConstraint(
                name="terms_display_known",
                condition=models.Q(public_display__in=PublicDisplay.values()),
                violation_error_message="对外显示无效。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.limit_text}"


class Obligation(models.Model):
    """One duty with a clock (应公开事项): something happened, so something has to be done by a day.

    Not the work: `subject` is the uuid of what it is about (a cause, a review step, a request), which another app keeps. It belongs to a
    post, so that a leaver loses nothing. `binding` is the terms' own, copied because lists and the sweep ask for it.
    Left out on purpose: overdue as a state (it is a question), stops and extensions (rows of their own, issue 4).
    Personal data: none here; the label is the title of what has to be made public.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    duty_code = models.CharField("职责", max_length=60)
    entry = models.CharField("事项代码", max_length=60)
    terms = models.ForeignKey(Terms, models.PROTECT, verbose_name="期限条款")
    label = models.CharField("名称", max_length=LABEL_LENGTH)
    subject = models.UUIDField("标的")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, verbose_name="承办单位")
    post = models.ForeignKey("organisations.Post", models.PROTECT, null=True, verbose_name="承办岗位")
    binding = models.CharField("约束力", max_length=8, choices=Binding.choices())
    caused_on = models.DateField("事由日")
    caused_at = models.DateTimeField("事由时刻", null=True, help_text="只有按小时计的期限才有")
    registered_at = models.DateTimeField("登记时间")
    due_at = models.DateTimeField("期满时刻", help_text="过了最后一天的第一个时刻")
    last_day = models.DateField("最后一天")
    target_day = models.DateField("目标日", null=True)
    is_provisional = models.BooleanField("暂定", default=False, help_text="有年份没有日历")
    is_minimum = models.BooleanField("至少", default=False, help_text="不少于，不是不迟于")
    state = models.CharField("状态", max_length=10, choices=ObligationState.choices(), default=ObligationState.OPEN.value)
    fulfilled_at = models.DateTimeField("办结时间", null=True)
    next_check_at = models.DateTimeField("下次巡查", null=True)

    class Meta:
        verbose_name = "应公开事项"
        indexes = [
            # What is owed for one thing.
            models.Index("subject", "id", name="obligation_by_subject"),
            # The ledger's list over all states, whole and of a unit.
            models.Index("due_at", "id", name="obligation_by_due"),
            models.Index("unit", "due_at", "id", name="obligation_of_unit"),
            # What a unit owes, soonest first. Made after the whole one: without statistics SQLite takes the later of two that serve.
            models.Index("unit", "due_at", "id", name="obligation_open_of_unit", condition=OPEN),
            # What is owed at all: the overdue are the head of it.
            models.Index("due_at", "id", name="obligation_open_by_due", condition=OPEN),
            # The sweeper's only question.
            models.Index("next_check_at", "id", name="obligation_to_check", condition=OPEN),
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


class Event(models.Model):
    """Something that happened to an obligation (事件), written in the transaction in which it happened and never changed.

    `at` is when it became true (a sweep after three days of downtime dates it three days back), `recorded_at` when it was written; both
    business time. Not the audit trail, which says who acted. Personal data: none.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="events", verbose_name="应公开事项")
    kind = models.CharField("事件", max_length=20, choices=EventKind.choices())
    at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    note = models.CharField("说明", max_length=REASON_LENGTH, blank=True)

    class Meta:
        verbose_name = "事件"
        constraints = [
            # A moment that passed is told once, whoever sweeps and how often. A moved limit has another moment.
            models.UniqueConstraint(
                fields=["obligation", "kind", "at"],
                name="event_swept_once",
                condition=models.Q(kind__in=SWEPT),
                violation_error_message="这件事已经记过。",
            ),
            models.CheckConstraint(
                name="event_kind_known", condition=models.Q(kind__in=EventKind.values()), violation_error_message="事件无效。"
            ),
        ]

    def __str__(self) -> str:
        return EventKind(self.kind).label


class PendingEvent(models.Model):
    """One event that one subscriber has not handled yet (待送达事件). Written with the event, locked while handled, deleted afterwards.

    There is no cursor: ids are given at insert, not at commit, and a late commit would be skipped for ever. `retry_at` is system time.
    Personal data: none.
    """

    event = models.ForeignKey(Event, models.CASCADE, db_index=False, verbose_name="事件")
    subscriber = models.CharField("订阅者", max_length=60)
    failures = models.PositiveSmallIntegerField("失败次数", default=0)
    retry_at = models.DateTimeField("不早于", null=True)
    last_error = models.CharField("最近的错误", max_length=500, blank=True)

    class Meta:
        verbose_name = "待送达事件"
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="pending_event_once", violation_error_message="已经在等待送达。"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.event_id}"
