from uuid import uuid4

from django.db import models


class UrgentRelease(models.Model):
    """One edition that became public before its review (先发后审): by whom, why, at which content. Its second look is a review step.

    The only way round the three approvals, and the database asks for this row: `triggers.py`. It never changes.
    Personal data: the officer.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    edition = models.OneToOneField("publishing.Edition", models.PROTECT, related_name="urgent", verbose_name="版本")
    content_hash = models.CharField("内容校验值", max_length=64)
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="先发的人")
    reason = models.CharField("理由", max_length=300)
    has_checked = models.BooleanField("已保密自查", default=False)
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="urgent_release_reason", condition=~models.Q(reason=""), violation_error_message="先发后审要写明理由。"
            ),
            models.CheckConstraint(
                name="urgent_release_checked",
                condition=models.Q(has_checked=True),
                violation_error_message="先发之前要自己查过保密。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.reason}"
