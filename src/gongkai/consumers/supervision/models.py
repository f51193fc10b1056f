from django.db import models


class Notice(models.Model):
    """One line in an inbox of the desk (消息): what happened to a duty, for the post that holds it, or for its unit where no post does.

    Not the event: that is the ledger's, and this row is made from it once for each receiver (`event`). Not a message that leaves the house:
    channels will send those. It belongs to a post, not to a person, so that a successor reads what his predecessor was told.
    Personal data: none.
    """

    event = models.BigIntegerField("台账事件")
    kind = models.CharField("种类", max_length=20, help_text="台账事件的代码")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, verbose_name="单位")
    post = models.ForeignKey("organisations.Post", models.PROTECT, null=True, db_index=False, verbose_name="岗位")
    obligation = models.ForeignKey("ledger.Obligation", models.PROTECT, to_field="uuid", verbose_name="台账事项")
    words = models.CharField("内容", max_length=300)
    at = models.DateTimeField("时间")

    class Meta:
        indexes = [
            # What happened last in a unit: 刚刚发生 on 我的今日.
            models.Index(fields=["unit", "-at", "-id"], name="notice_by_unit"),
        ]
        constraints = [
            # Told once to each: an event that is delivered again changes nothing. The first also finds who was told of an event.
            models.UniqueConstraint(fields=["event", "post"], name="notice_once_to_post", violation_error_message="这个岗位已经收到。"),
            models.UniqueConstraint(
                fields=["event"],
                name="notice_once_to_unit",
                condition=models.Q(post__isnull=True),
                violation_error_message="这个单位已经收到。",
            ),
            models.CheckConstraint(name="notice_says_something", condition=~models.Q(words=""), violation_error_message="消息要有内容。"),
        ]

    def __str__(self) -> str:
        return self.words
