from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from gongkai.foundation.accounts.kinds import Role


class UserManager(BaseUserManager["User"]):
    """Users always with their officers: whether one may sign in depends on both, and a session asks it on every request."""

    def get_queryset(self) -> models.QuerySet["User"]:
        """See Manager."""
        return super().get_queryset().select_related("officer")


class User(AbstractBaseUser):
    """One account (账号) of an officer. He signs in with his name.

    Not the person: that is organisations.Officer. It holds no rights: those belong to the posts he holds.
    `last_login` is system time. Left out on purpose: e-mail, groups and permissions of Django, superusers.
    Personal data: name, password hash, time of the last sign-in.
    """

    officer = models.OneToOneField("organisations.Officer", models.PROTECT, related_name="+", verbose_name="人员")
    username = models.CharField("姓名", max_length=40, unique=True)
    must_change_password = models.BooleanField("须先改密码", default=True)
    is_suspended = models.BooleanField("停用", default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django declares a plain attribute; ours follows from two facts
        """Whether he may sign in and stay: Django asks at every sign-in and for every session."""
        return not self.is_suspended and self.officer.is_active


class PostRole(models.Model):
    """One role of a post for a unit and all units below it (岗位角色). Whoever holds the post has it, on the days he holds it.

    Personal data: none.
    """

    post = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+", verbose_name="岗位")
    role = models.CharField("角色", max_length=20, choices=Role.choices())
    scope = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", verbose_name="范围")

    class Meta:
        constraints = [
            models.UniqueConstraint("post", "role", "scope", name="post_role_once", violation_error_message="这个岗位已有这个角色。"),
            models.CheckConstraint(
                name="post_role_known",
                condition=models.Q(role__in=Role.values()),
                violation_error_message="角色无效。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.role}"
