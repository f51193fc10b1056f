from django.db import models


class EditLease(models.Model):
    """Who has a text open to write on it (编辑占用), until when. One row for a text in hand, gone once the page is closed.

    Not a lock on the content: a save is judged by the hash it started from as well. `expires_at` is system time, since nobody may keep a
    text by switching his machine off; `since` is business time, as people read it. `saved_hash` is of what this window saved last: a page
    whose answer was lost on the way goes on from there.
    Personal data: the officer who writes.
    """

    publication = models.ForeignKey("publishing.Publication", models.CASCADE, related_name="+", db_index=False, verbose_name="信息")
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="占用人")
    window = models.UUIDField("编辑窗口")
    since = models.DateTimeField("占用起")
    expires_at = models.DateTimeField("占用止", help_text="系统时间")
    saved_hash = models.CharField("本窗口最近保存的内容校验值", max_length=64, blank=True)
    taken_from = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="接手自")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication"], name="edit_lease_once", violation_error_message="这份稿已经有人在改。"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.officer_id}"
