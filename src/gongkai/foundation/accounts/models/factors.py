from django.db import models


class Authenticator(models.Model):
    """One authenticator of an account (验证器): the secret that a person's telephone makes his codes from.

    Not the telephone. Without `confirmed_at` it is prepared and not yet in use; at most one of each kind for an account. The secret is
    sealed with a key from a file, bound to this account. Times are system time. Left out on purpose: names of devices, counters (HOTP).
    Personal data: when an account was protected and last used.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", db_index=False, verbose_name="账号")
    secret = models.CharField("封存的密钥", max_length=200)
    made_at = models.DateTimeField("准备时间")
    confirmed_at = models.DateTimeField("启用时间", null=True)
    last_step = models.BigIntegerField("最近用过的时间步", null=True, help_text="一个验证码只能用一次")

    class Meta:
        constraints = [
            # Both also find the authenticator of an account.
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(confirmed_at__isnull=False),
                name="authenticator_one_in_use",
                violation_error_message="这个账号已有在用的验证器。",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(confirmed_at__isnull=True),
                name="authenticator_one_prepared",
                violation_error_message="这个账号已有准备好的验证器。",
            ),
            models.CheckConstraint(
                name="authenticator_used_when_confirmed",
                condition=models.Q(confirmed_at__isnull=False) | models.Q(last_step__isnull=True),
                violation_error_message="没有启用的验证器不能用。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """One code on paper for the day the telephone is lost (恢复码), good for one sign-in.

    Only its keyed digest is kept. A new set takes the place of the old one. Times are system time.
    Personal data: when it was used.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", db_index=False, verbose_name="账号")
    digest = models.CharField("摘要", max_length=90)
    used_at = models.DateTimeField("用掉的时间", null=True)

    class Meta:
        constraints = [
            # Also finds the codes of an account, and one of them.
            models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once", violation_error_message="这个恢复码已有。"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
