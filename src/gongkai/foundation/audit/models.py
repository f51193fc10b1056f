from typing import Any, NoReturn

from django.db import models
from django.db.models.functions import Now

APPEND_ONLY = "审计记录只能追加，不能改也不能删。"
CHAIN_APPEND_ONLY = "审计链只能往后接，不能改也不能删。"


class AppendOnlyQuerySet(models.QuerySet[Any]):
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
    `recorded_at` system time. `via` is empty for the pages of the desk; a command that acts, also in an officer's name, is named there
    with the account of the operating system that ran it. The one thing that may ever happen to a row is that a purge empties its `about`.
    Personal data: names of officers who acted.
    """

    at = models.DateTimeField("业务时间")
    recorded_at = models.DateTimeField("写入时间", db_default=Now(), editable=False)
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, db_index=False, verbose_name="人员", related_name="+")
    actor_name = models.CharField("姓名", max_length=60, help_text="当时的姓名；系统自己做的写“系统”")
    via = models.CharField("途径", max_length=80, blank=True, db_default="", default="", help_text="空：工作台页面；命令行写命令和系统账户")
    act = models.CharField("动作", max_length=60)
    subject = models.UUIDField("对象", null=True)
    about = models.JSONField("要点", default=dict)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [
            # The history of one thing, oldest first.
            models.Index(fields=["subject", "at", "id"], name="audit_by_subject"),
            # The trail, newest first, from a day to a day; the newest business instant, where the demo clock goes on.
            models.Index(fields=["at", "id"], name="audit_by_instant"),
            # What one person did, what was done by one act: filters of the trail.
            models.Index(fields=["officer", "at", "id"], name="audit_by_officer"),
            models.Index(fields=["act", "at", "id"], name="audit_by_act"),
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


class AuditPending(models.Model):
    """One record that is not in the chain yet (待封存). Written with the record, deleted when it is sealed.

    So the sealer never asks for ids beyond a mark: they are given at insert, not at commit, and a late commit would be skipped for ever.
    Personal data: none.
    """

    record = models.OneToOneField(AuditRecord, models.PROTECT, primary_key=True, related_name="pending", verbose_name="记录")

    def __str__(self) -> str:
        return f"{self.pk}"


class AuditSeal(models.Model):
    """One link of the chain (审计链): which record stands at which place, the digest of what it says, and of the link with all before it.

    Positions have no holes. A record's place is where it was sealed, not its id. Left out on purpose: a signature with a key; whoever
    owns the database could use the key as well. What he cannot change is the head that was kept elsewhere.
    Personal data: none.
    """

    position = models.BigIntegerField("链上位置", primary_key=True)
    record = models.OneToOneField(AuditRecord, models.PROTECT, related_name="seal", verbose_name="记录")
    content = models.CharField("内容摘要", max_length=64, help_text="SM3")
    digest = models.CharField("链摘要", max_length=64, help_text="SM3，含前一行")
    sealed_at = models.DateTimeField("封存时间", help_text="系统时间")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_seal_from_one", condition=models.Q(position__gte=1), violation_error_message="链从第 1 行开始。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.record_id}"
