from uuid import uuid4

from django.db import models

VIEW_NAME_LENGTH = 20
VIEW_QUERY_LENGTH = 400


class SavedView(models.Model):
    """A filter of the ledger that an officer keeps under a name of his own (视图). Nobody else sees it.

    Not the rows: `query` is what stands behind the question mark of the list's address, and is read anew each time. The three views that
    everybody has are written in the pages. Personal data: the officer, and what he called it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    officer = models.ForeignKey("organisations.Officer", models.CASCADE, db_index=False, verbose_name="人员")
    name = models.CharField("名称", max_length=VIEW_NAME_LENGTH)
    query = models.CharField("筛选", max_length=VIEW_QUERY_LENGTH, blank=True)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "视图"
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "name"], name="saved_view_named_once", violation_error_message="您已有一个同名的视图，请换一个名称。"
            ),
            models.CheckConstraint(name="saved_view_named", condition=~models.Q(name=""), violation_error_message="请给视图起个名称。"),
        ]

    def __str__(self) -> str:
        return self.name
