from django.db import models

from gongkai.foundation.accounts.kinds import AccountNoticeKind


class AccountNotice(models.Model):
    """One thing that somebody else did to an account (账号通知), told to its person when he signs in next and on his own page.

    Not the audit trail, where it stands too, and not a notice about duties: that is supervision's. `at` is business time, `told_at`
    system time. Personal data: the name of the administrator who did it.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", db_index=False, verbose_name="账号")
    kind = models.CharField("事情", max_length=20, choices=AccountNoticeKind.choices())
    by_name = models.CharField("谁做的", max_length=60)
    at = models.DateTimeField("时间")
    told_at = models.DateTimeField("告知时间", null=True)

    class Meta:
        indexes = [
            # What a person was told, newest first.
            models.Index(fields=["user", "-at", "-id"], name="account_notice_by_user"),
        ]
        constraints = [
            models.CheckConstraint(
                name="account_notice_kind_known",
                condition=models.Q(kind__in=AccountNoticeKind.values()),
                violation_error_message="通知的事情无效。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
