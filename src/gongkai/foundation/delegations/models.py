from uuid import uuid4

from django.db import models


class Delegation(models.Model):
    """Somebody who decides review steps in an absent person's place (代理): which steps, from which day to which, why, made by whom.

    It lends rights the absent person holds himself on the day, never more, never on. Both days are included; `ended_at` ends it earlier.
    Not a holding of a post: duties stay where they are. Steps are columns, not rows, so that one paper is one row.
    Personal data: the officers and why somebody is absent.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    principal = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="被代理人")
    delegate = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", db_index=False, verbose_name="代理人")
    review_unit = models.BooleanField("科室审核", default=False)
    review_secrecy = models.BooleanField("保密审查", default=False)
    sign = models.BooleanField("签发", default=False)
    from_date = models.DateField("从哪一天")
    to_date = models.DateField("到哪一天")
    reason = models.CharField("事由", max_length=200)
    made_by = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="安排人")
    made_at = models.DateTimeField("安排时间")
    ended_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="结束人")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        indexes = [
            # In whose place somebody acts today: asked on every page with a queue.
            models.Index(fields=["delegate", "to_date"], name="delegation_of", condition=models.Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["principal", "delegate", "from_date"],
                condition=models.Q(ended_at__isnull=True),
                name="delegation_once",
                violation_error_message="这一天起已经有同样的代理。先结束那一项，再重新安排。",
            ),
            models.CheckConstraint(
                name="delegation_to_another",
                condition=~models.Q(principal=models.F("delegate")),
                violation_error_message="代理人要是另一个人。",
            ),
            models.CheckConstraint(
                name="delegation_of_some_step",
                condition=models.Q(review_unit=True) | models.Q(review_secrecy=True) | models.Q(sign=True),
                violation_error_message="请选至少一步。",
            ),
            models.CheckConstraint(
                name="delegation_days_in_order",
                condition=models.Q(to_date__gte=models.F("from_date")),
                violation_error_message="结束日不能早于开始日。",
            ),
            models.CheckConstraint(
                name="delegation_reason_given", condition=~models.Q(reason=""), violation_error_message="请写明为什么要代。"
            ),
            models.CheckConstraint(
                name="delegation_end_whole",
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True) | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                violation_error_message="结束要有人和时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} for {self.principal_id}"
