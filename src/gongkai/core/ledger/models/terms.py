from uuid import uuid4

from django.db import models

from gongkai.core.ledger.kinds import Binding, LimitUnit, PublicDisplay

REASON_LENGTH = 200


class Terms(models.Model):
    """One dated version of a limit (期限条款): how long, counted from what, under which article, for whom.

    Not an entry of the catalogue: only its code is shared, so that duties without a catalogue entry (review steps) have terms too.
    Terms that an obligation was opened under are never edited: a correction is a new row, and the old one is no longer current.
    `confirmed_by`: who of the legal office read it against its source. `withdrawn_at`: it was added by mistake and taken back.
    Left out on purpose: the bureau's own targets, which are rows of their own. Personal data: which officer confirmed it.
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
    extend_amount = models.PositiveSmallIntegerField("一次可延长", null=True, blank=True)
    extend_unit = models.CharField("延长的单位", max_length=8, choices=LimitUnit.choices(), null=True, blank=True)  # noqa: DJ001 - as in TermsRow
    extend_max_times = models.PositiveSmallIntegerField("最多延长几次", null=True, blank=True)
    extend_cap_total = models.PositiveSmallIntegerField("延长合计不超过", null=True, blank=True)
    extend_approval = models.CharField("延长由谁批准", max_length=100, blank=True)
    excluded_time = models.CharField("不计入的时间", max_length=200, blank=True)
    restart_on = models.CharField("重新起算", max_length=200, blank=True)
    on_timeout = models.CharField("期满的后果", max_length=200, blank=True)
    stop_from_next_day = models.BooleanField("发出当天仍计入", default=True, help_text="征求意见书发出的次日起停")
    stop_includes_answer = models.BooleanField("收到意见当天不计", default=True, help_text="收到意见的次日恢复")
    confirmed_by = models.ForeignKey(
        "organisations.Officer", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="核对人"
    )
    confirmed_at = models.DateTimeField("核对时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    is_current = models.BooleanField("现用", default=True)
    is_by_hand = models.BooleanField("法规科加的", default=False, help_text="装入清单时不改它")

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
            models.CheckConstraint(
                name="terms_confirmed_dated",
                condition=models.Q(confirmed_by__isnull=True) | models.Q(confirmed_at__isnull=False),
                violation_error_message="核对过的条款要有核对时间。",
            ),
            models.CheckConstraint(
                name="terms_withdrawn_unused",
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(is_current=False),
                violation_error_message="撤回的条款不能还在用。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.limit_text}"


class LocalTerms(models.Model):
    """One dated target of the bureau's own (局内期限) for an entry, stricter than the law's, for all units or for one.

    Not a limit anyone can be late for: it gives the target day. That it is stricter is checked when it is saved and again when the law's
    terms change. Never edited: it ends or is withdrawn, and another begins. Personal data: which officer set it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    entry = models.CharField("事项代码", max_length=60)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, blank=True, db_index=False, verbose_name="单位")
    limit_text = models.CharField("期限", max_length=20)
    reason = models.CharField("理由", max_length=REASON_LENGTH)
    effective_from = models.DateField("自")
    effective_to = models.DateField("至", null=True, blank=True)
    set_by = models.ForeignKey(
        "organisations.Officer", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="制定人"
    )
    set_by_name = models.CharField("制定人姓名", max_length=60)
    set_at = models.DateTimeField("制定时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "局内期限"
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "unit", "effective_from"],
                name="local_terms_of_unit_once",
                condition=models.Q(unit__isnull=False, withdrawn_at__isnull=True),
                violation_error_message="这个单位从同一天起只能有一条局内期限。",
            ),
            models.UniqueConstraint(
                fields=["entry", "effective_from"],
                name="local_terms_of_all_once",
                condition=models.Q(unit__isnull=True, withdrawn_at__isnull=True),
                violation_error_message="同一事项从同一天起只能有一条全局的局内期限。",
            ),
            models.CheckConstraint(
                name="local_terms_days_in_order",
                condition=models.Q(effective_to__isnull=True) | models.Q(effective_from__lte=models.F("effective_to")),
                violation_error_message="局内期限的止日不能早于起日。",
            ),
            models.CheckConstraint(
                name="local_terms_reasoned", condition=~models.Q(reason=""), violation_error_message="局内期限要写理由。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.limit_text}"
