from uuid import uuid4

from django.db import models

from gongkai.core.publishing.kinds import Spot, StepKind, StepState


class ReviewStep(models.Model):
    """One step of the review of one edition (审核步骤): who has to look, who did, at which content.

    `content_hash` is what the reviewer is asked about and what he approved: release counts only steps of exactly the released content.
    Returning a text voids its passed steps; they stay as history. `unit` is the publication's, kept here for the queue's index.
    `on_behalf_of`: the absent person in whose place it was decided (代理). Personal data: the officers.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    edition = models.ForeignKey("publishing.Edition", models.PROTECT, related_name="steps", verbose_name="版本")
    kind = models.CharField("步骤", max_length=12, choices=StepKind.choices())
    state = models.CharField("状态", max_length=10, choices=StepState.choices(), default=StepState.WAITING.value)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, verbose_name="承办单位")
    content_hash = models.CharField("内容校验值", max_length=64)
    opened_at = models.DateTimeField("送到时间")
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="审核人")
    on_behalf_of = models.ForeignKey(
        "organisations.Officer", models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="代谁审"
    )
    decided_at = models.DateTimeField("审核时间", null=True)
    opinion = models.TextField("意见", blank=True)

    class Meta:
        indexes = [
            # A reviewer's queue: what waits for his step in his units, oldest first.
            models.Index(fields=["kind", "unit", "opened_at", "id"], name="review_queue", condition=models.Q(state="WAITING")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["edition"],
                name="review_one_waiting",
                condition=models.Q(state="WAITING"),
                violation_error_message="这份文稿已经有一步在审。",
            ),
            models.UniqueConstraint(
                fields=["edition", "kind"],
                name="review_step_once",
                condition=models.Q(state__in=["WAITING", "PASSED"]),
                violation_error_message="这一步已经有了。",
            ),
            # Nobody passes two steps of one text, whichever way he comes.
            models.UniqueConstraint(
                fields=["edition", "officer"],
                name="review_person_once",
                condition=models.Q(state="PASSED"),
                violation_error_message="同一份文稿，一个人只能通过一步。",
            ),
            # Nor through others who act in his place: who is represented has passed too.
            models.UniqueConstraint(
                fields=["edition", "on_behalf_of"],
                name="review_absent_once",
                condition=models.Q(state="PASSED", on_behalf_of__isnull=False),
                violation_error_message="同一份文稿，代同一个人只能通过一步。",
            ),
            models.CheckConstraint(
                name="review_not_for_himself",
                condition=models.Q(on_behalf_of__isnull=True) | ~models.Q(on_behalf_of=models.F("officer")),
                violation_error_message="不能自己代自己。",
            ),
            models.CheckConstraint(
                name="review_kind_known", condition=models.Q(kind__in=StepKind.values()), violation_error_message="审核步骤无效。"
            ),
            models.CheckConstraint(
                name="review_state_known", condition=models.Q(state__in=StepState.values()), violation_error_message="步骤状态无效。"
            ),
            models.CheckConstraint(
                name="review_decision_whole",
                condition=models.Q(state__in=["WAITING", "VOID"]) | models.Q(officer__isnull=False, decided_at__isnull=False),
                violation_error_message="审核结论要有审核人和时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.kind} {self.state}"


class ReturnRemark(models.Model):
    """What a reviewer said about one place of a text when he returned it (退回意见): where it is, its words at that moment, what is wrong.

    `key` tells several places of one part apart: the number of a paragraph, the name of an element, a file, a finding's fingerprint.
    It stays as it was when the text changes. Personal data: none; the reviewer is the step's.
    """

    step = models.ForeignKey(ReviewStep, models.PROTECT, related_name="remarks", verbose_name="审核步骤")
    position = models.PositiveSmallIntegerField("次序")
    spot = models.CharField("指处", max_length=20, choices=Spot.choices())
    key = models.CharField("所指", max_length=200, blank=True)
    label = models.CharField("位置", max_length=260)
    quote = models.CharField("原文", max_length=60, blank=True)
    words = models.CharField("意见", max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["step", "position"], name="return_remark_order", violation_error_message="退回意见的次序重复。"
            ),
            models.CheckConstraint(
                name="return_remark_spot_known", condition=models.Q(spot__in=Spot.values()), violation_error_message="指处无效。"
            ),
            models.CheckConstraint(name="return_remark_words", condition=~models.Q(words=""), violation_error_message="请写明要改什么。"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.words}"


class FindingPass(models.Model):
    """One finding of the gate let through with a reason and a name (放行).

    Bound to the finding's fingerprint: other words need another pass.

    Personal data: the officer who signed it.
    """

    edition = models.ForeignKey("publishing.Edition", models.PROTECT, related_name="passes", verbose_name="版本")
    rule = models.CharField("检查项", max_length=40)
    fingerprint = models.CharField("指纹", max_length=32)
    message = models.CharField("发现", max_length=300)
    reason = models.CharField("理由", max_length=300)
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="署名")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "fingerprint"], name="finding_pass_once", violation_error_message="这一处已经写过理由。"
            ),
            models.CheckConstraint(name="finding_pass_reason", condition=~models.Q(reason=""), violation_error_message="请写明理由。"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason}"
