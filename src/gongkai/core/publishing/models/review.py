from uuid import uuid4

from django.db import models

from gongkai.core.publishing.kinds import StepKind, StepState


class ReviewStep(models.Model):
    """One step of the review of one edition (审核步骤): who has to look, who did, at which content.

    `content_hash` is what the reviewer is asked about and what he approved: release counts only steps of exactly the released content.
    Returning a text voids its passed steps; they stay as history. `unit` is the publication's, kept here for the queue's index.
    Personal data: the officer who reviewed.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    edition = models.ForeignKey("publishing.Edition", models.PROTECT, related_name="steps", verbose_name="版本")
    kind = models.CharField("步骤", max_length=10, choices=StepKind.choices())
    state = models.CharField("状态", max_length=10, choices=StepState.choices(), default=StepState.WAITING.value)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, verbose_name="承办单位")
    content_hash = models.CharField("内容校验值", max_length=64)
    opened_at = models.DateTimeField("送到时间")
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="审核人")
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
