from typing import Any, NoReturn

from django.db import models
from django.db.models.functions import Now

APPEND_ONLY = "审计记录只能追加，不能改也不能删。"


class AuditRecordQuerySet(models.QuerySet["AuditRecord"]):
    """Reads and appends. Whatever would change or remove rows raises."""

    def update(self, **_values: Any) -> NoReturn:
        """Refused. Raises: TypeError."""
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        """Refused. Raises: TypeError."""
        raise TypeError(APPEND_ONLY)


class AuditRecord(models.Model):
    """One act that somebody did (审计记录): who, what, about which thing, when. Appended in the transaction of the act, never edited.

    Not a log of the program and not the content of the thing: `about` holds ids, codes and short reasons. `at` is business time,
    `recorded_at` system time. Left out on purpose: the seal that chains the rows, which is a later piece of work.
    Personal data: names of officers who acted.
    """

    at = models.DateTimeField("业务时间")
    recorded_at = models.DateTimeField("写入时间", db_default=Now(), editable=False)
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, verbose_name="人员", related_name="+")
    actor_name = models.CharField("姓名", max_length=60, help_text="当时的姓名；系统自己做的写“系统”")
    act = models.CharField("动作", max_length=60)
    subject = models.UUIDField("对象", null=True)
    about = models.JSONField("要点", default=dict)

    objects = AuditRecordQuerySet.as_manager()

    class Meta:
        indexes = [
            # The history of one thing, oldest first.
            models.Index(fields=["subject", "at", "id"], name="audit_by_subject"),
            # The newest business instant: where the demo clock goes on.
            models.Index(fields=["at"], name="audit_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_act_named",
                condition=~models.Q(act=""),
                violation_error_message="审计记录要写明动作。",
            ),
            models.CheckConstraint(
                name="audit_actor_named",
                condition=~models.Q(actor_name=""),
                violation_error_message="审计记录要写明是谁。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.act}"

    def save(self, *args: Any, **options: Any) -> None:
        """Append it; a row that is there already cannot be saved again. Raises: TypeError."""
        if not self._state.adding:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Refused. Raises: TypeError."""
        raise TypeError(APPEND_ONLY)
