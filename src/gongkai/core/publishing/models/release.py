from uuid import uuid4

from django.db import models

from gongkai.core.publishing.kinds.releases import ReleaseState


class Release(models.Model):
    """A moment at which one or several texts become public together, or none of them (公开安排).

    `due_at` None: when somebody who may release says so. A text that is signed while it waits for such a moment stays signed and becomes
    public with it. Not what is public: that stands with each publication. `last_error` is why the last attempt failed, in words.
    Personal data: the officer who set it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    due_at = models.DateTimeField("定于", null=True)
    state = models.CharField("状态", max_length=10, choices=ReleaseState.choices(), default=ReleaseState.WAITING.value)
    set_by = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="安排人")
    set_at = models.DateTimeField("安排时间")
    done_at = models.DateTimeField("公开时间", null=True)
    last_error = models.CharField("最近的错误", max_length=500, blank=True, default="")

    class Meta:
        indexes = [
            # The worker's question, each half second: whose moment has come.
            models.Index(fields=["due_at", "id"], name="release_due", condition=models.Q(state="WAITING")),
        ]
        constraints = [
            models.CheckConstraint(
                name="release_state_known",
                condition=models.Q(state__in=ReleaseState.values()),
                violation_error_message="公开安排状态无效。",
            ),
            models.CheckConstraint(
                name="release_done_when",
                condition=~models.Q(state="DONE") | models.Q(done_at__isnull=False),
                violation_error_message="办完的公开安排要有公开时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid}: {self.state}"


class ReleaseMember(models.Model):
    """One text of a release (同时公开的信息). `is_open` while the release has neither happened nor been cancelled.

    Personal data: none.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="members", verbose_name="公开安排")
    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="release_members", verbose_name="信息")
    is_open = models.BooleanField("等着公开", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "publication"], name="release_member_once", violation_error_message="这条信息已经在这次安排里。"
            ),
            models.UniqueConstraint(
                fields=["publication"],
                name="release_one_open",
                condition=models.Q(is_open=True),
                violation_error_message="这条信息已经安排了公开。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.publication_id}"
