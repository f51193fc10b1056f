from uuid import uuid4

from django.db import models

from gongkai.core.publishing.kinds import PageAfter, WithdrawalKind


class Withdrawal(models.Model):
    """One taking back of a public item (撤下): by withdrawal or at once, why, what its address shows since, and how it ended.

    Not the item's state, which it goes with. `reason` is a code of the table of reasons; empty: it was taken down and the reason is to
    follow. `note` is the officer's own words, for the desk only. Ended: the item is public again, or was taken down after all.
    Personal data: the officers who did it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="withdrawals", verbose_name="信息")
    kind = models.CharField("撤下方式", max_length=12, choices=WithdrawalKind.choices())
    reason = models.CharField("撤下原因", max_length=20, blank=True)
    page = models.CharField("撤下后显示", max_length=8, choices=PageAfter.choices(), default=PageAfter.GONE.value)
    note = models.CharField("说明", max_length=300, blank=True)
    paper = models.CharField("文书号", max_length=100, blank=True)
    successor = models.ForeignKey("publishing.Publication", models.PROTECT, null=True, related_name="stands_for", verbose_name="替代信息")
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="撤下人")
    at = models.DateTimeField("撤下时间")
    explained_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="补手续人")
    explained_at = models.DateTimeField("补手续时间", null=True)
    ended_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="恢复人")
    ended_at = models.DateTimeField("恢复时间", null=True)
    end_reason = models.CharField("恢复的理由", max_length=300, blank=True)
    fault = models.CharField("没有马上撤下的原因", max_length=500, blank=True)

    class Meta:
        indexes = [
            # The desk's list of what is taken back, newest first.
            models.Index(fields=["-at", "-id"], name="withdrawal_newest", condition=models.Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publication"],
                name="withdrawal_stands_once",
                condition=models.Q(ended_at__isnull=True),
                violation_error_message="这条信息已经撤下。",
            ),
            models.CheckConstraint(
                name="withdrawal_kind_known",
                condition=models.Q(kind__in=WithdrawalKind.values()),
                violation_error_message="撤下方式无效。",
            ),
            models.CheckConstraint(
                name="withdrawal_page_known", condition=models.Q(page__in=PageAfter.values()), violation_error_message="撤下后显示无效。"
            ),
            models.CheckConstraint(
                name="withdrawal_explained_whole",
                condition=models.Q(explained_at__isnull=True, explained_by__isnull=True, kind="TAKE_DOWN", reason="")
                | (models.Q(explained_at__isnull=False, explained_by__isnull=False) & ~models.Q(reason="")),
                violation_error_message="撤下要有原因和说明人；只有紧急下线可以后补。",
            ),
            models.CheckConstraint(
                name="withdrawal_ended_whole",
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (models.Q(ended_at__isnull=False, ended_by__isnull=False) & ~models.Q(end_reason="")),
                violation_error_message="恢复公开要有时间、恢复人和理由。",
            ),
            models.CheckConstraint(
                name="withdrawal_successor_named",
                condition=models.Q(page="GONE") | models.Q(successor__isnull=False),
                violation_error_message="转到另一条或加说明的，要有替代信息。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.kind} {self.reason}"


class Correction(models.Model):
    """What an edition corrects in the one before (更正): the words of the notice on its page. Readers see it once that edition is public.

    Not a withdrawal: the address stays, and the earlier edition can be read beside it. Personal data: the officer who marked it.
    """

    edition = models.OneToOneField("publishing.Edition", models.PROTECT, related_name="correction", verbose_name="更正后的版本")
    what = models.CharField("更正了什么", max_length=300)
    why = models.CharField("更正的原因", max_length=300)
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="注明人")
    at = models.DateTimeField("注明时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="correction_whole",
                condition=~models.Q(what="") & ~models.Q(why=""),
                violation_error_message="更正要写明改了什么、为什么。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.what}"
