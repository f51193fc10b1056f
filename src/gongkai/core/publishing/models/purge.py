from uuid import uuid4

from django.db import models

from gongkai.core.publishing.kinds.purge import PurgeState


class Purge(models.Model):
    """One clearing away of everything a publication said (涉密清除): who asked, who else approved, how far it is.

    Not a withdrawal: a withdrawn text stays on the desk. Of a purged one only a tombstone stays: uuid, path, index number, unit, days,
    people. `scope` holds ids, fixed at approval, so that a purge that was killed goes on. `previous_state` is what a refusal goes back to.
    Personal data: the officers who asked and decided.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="purges", verbose_name="信息")
    state = models.CharField("清除状态", max_length=10, choices=PurgeState.choices(), default=PurgeState.REQUESTED.value)
    previous_state = models.CharField("原公开状态", max_length=12)
    reason = models.CharField("情况", max_length=300, help_text="不写涉密内容本身")
    paper = models.CharField("审批单号", max_length=100)
    found = models.JSONField("有多少", default=dict, help_text="申请时几版、几个附件")
    scope = models.JSONField("范围", default=dict)
    requested_by = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="申请人")
    requested_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    decided_at = models.DateTimeField("批准时间", null=True)
    refusal = models.CharField("不批准的理由", max_length=300, blank=True)
    cleared_at = models.DateTimeField("清完时间", null=True)
    finished_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        indexes = [models.Index(fields=["-requested_at", "-id"], name="purge_newest")]  # the list, newest first
        constraints = [
            models.CheckConstraint(
                name="purge_state_known", condition=models.Q(state__in=PurgeState.values()), violation_error_message="清除状态无效。"
            ),
            models.CheckConstraint(
                name="purge_two_persons",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
                violation_error_message="申请和批准要由两个人办。",
            ),
            models.CheckConstraint(
                name="purge_decided_whole",
                condition=models.Q(state="REQUESTED", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(state="REQUESTED") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                violation_error_message="清除要由另一个人批准才能开始。",
            ),
            models.UniqueConstraint(
                fields=["publication"],
                name="purge_once",
                condition=~models.Q(state="REFUSED"),
                violation_error_message="这条信息已经在办清除，或已经清除。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.state}"


class PurgePart(models.Model):
    """One place that a purge clears (清除的一处), or has a person clear: done at a moment, with how much. Personal data: who confirmed."""

    purge = models.ForeignKey(Purge, models.PROTECT, related_name="parts", verbose_name="清除")
    code = models.CharField("代码", max_length=40)
    label = models.CharField("名称", max_length=60)
    advice = models.CharField("怎么做", max_length=300, blank=True)
    is_by_hand = models.BooleanField("由人处理", default=False)
    done_at = models.DateTimeField("完成时间", null=True)
    count = models.PositiveIntegerField("件数", default=0)
    confirmed_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    note = models.CharField("处理情况", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purge", "code"], name="purge_part_once", violation_error_message="这一处已经列出。"),
            models.CheckConstraint(
                name="purge_part_confirmed_whole",
                condition=models.Q(is_by_hand=False)
                | models.Q(done_at__isnull=True)
                | (models.Q(confirmed_by__isnull=False) & ~models.Q(note="")),
                violation_error_message="由人处理的，要有确认人和处理情况。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purge_id}: {self.code}"


class PublicationUpload(models.Model):
    """One file that was uploaded for a publication (上传的文件), whether or not an edition still names it.

    A purge finds by it what was taken out of the text again. Personal data: none; the file itself is the attachment's.
    """

    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="uploads", verbose_name="信息")
    attachment = models.OneToOneField("attachments.Attachment", models.PROTECT, to_field="uuid", verbose_name="附件")

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.attachment_id}"
