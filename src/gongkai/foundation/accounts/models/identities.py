from django.db import models


class ProviderIdentity(models.Model):
    """Which person of the local identity provider an account belongs to (统一身份).

    Bound at his first sign-in there, by name; from then on the provider's own mark of the person counts, and another person who is
    called the same does not come in. Personal data: the provider's mark of a person.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", db_index=False, verbose_name="账号")
    issuer = models.CharField("认证方", max_length=200)
    subject = models.CharField("认证方的编号", max_length=255)
    bound_at = models.DateTimeField("绑定时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="provider_identity_once", violation_error_message="这个身份已绑定。"
            ),
            # Also finds the identity of an account.
            models.UniqueConstraint(
                fields=["user", "issuer"], name="provider_identity_one_each", violation_error_message="这个账号已绑定。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
