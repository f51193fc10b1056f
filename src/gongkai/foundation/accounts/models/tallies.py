from django.db import models

from gongkai.foundation.accounts.kinds import TallyKind


class TryTally(models.Model):
    """How often somebody was wrong lately (试错计数): for a name, a network address, a known browser, or the second step of an account.

    Counted before a try is looked at, so that many tries at once are no more than their number. What was typed as a name is not kept, only
    its keyed digest: it may be a password in the wrong field. Times are system time; a row older than a day says nothing and goes.
    Personal data: network addresses of whoever failed, for a day.
    """

    kind = models.CharField("对象", max_length=8, choices=TallyKind.choices())
    digest = models.CharField("摘要", max_length=90)
    user = models.ForeignKey("accounts.User", models.CASCADE, null=True, related_name="+", verbose_name="账号")
    address = models.CharField("网络地址", max_length=50, blank=True)
    count = models.PositiveSmallIntegerField("次数", default=0)
    first_at = models.DateTimeField("第一次")
    locked_until = models.DateTimeField("锁定到", null=True)

    class Meta:
        indexes = [
            # What is old goes.
            models.Index(fields=["first_at"], name="try_tally_old"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "digest"], name="try_tally_once", violation_error_message="这一项已在计数。"),
            models.CheckConstraint(
                name="try_tally_kind_known", condition=models.Q(kind__in=TallyKind.values()), violation_error_message="计数对象无效。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"
