from uuid import uuid4

from django.db import models

from gongkai.core.publishing.kinds import PostingState


class Outlet(models.Model):
    """A place of somebody else where our texts are made public (外部渠道): the city's common platform, a provincial site.

    Not our own portal: that is code. One that is no longer used is taken out of use, never deleted: its postings name it.
    Personal data: none.
    """

    name = models.CharField("名称", max_length=60, unique=True)
    address = models.URLField("网址", max_length=200, help_text="这个网站的首页，例如 https://www.example.com/")
    telephone = models.CharField("电话", max_length=30, help_text="紧急下线时打这个电话")
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        constraints = [models.CheckConstraint(name="outlet_named", condition=~models.Q(name=""), violation_error_message="渠道要有名称。")]

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """One text on one outlet that is not ours (渠道记录): the address, what the last look found there, who confirmed it, how it came down.

    Not the proof that the ledger keeps: that names this row. `misses` counts looks in a row at which the page was not there.
    Personal data: the officers who typed and confirmed.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    publication = models.ForeignKey("publishing.Publication", models.PROTECT, related_name="postings", verbose_name="信息")
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="postings", verbose_name="渠道")
    address = models.URLField("网址", max_length=500)
    entered_by = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="填写人")
    entered_at = models.DateTimeField("填写时间")
    state = models.CharField("核对结果", max_length=14, choices=PostingState.choices(), default=PostingState.WAITING.value)
    words = models.CharField("说明", max_length=300, blank=True)
    found_title = models.CharField("网页上的标题", max_length=300, blank=True)
    found_date = models.DateField("网页上的日期", null=True)
    share = models.PositiveSmallIntegerField("正文相符", null=True, help_text="百分比")
    checked_at = models.DateTimeField("核对时间", null=True)
    misses = models.PositiveSmallIntegerField("连续打不开", default=0)
    confirmed_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    screenshot = models.ForeignKey("attachments.Attachment", models.PROTECT, to_field="uuid", null=True, verbose_name="截图")
    asked_at = models.DateTimeField("告知撤下时间", null=True)
    down_at = models.DateTimeField("撤下时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "outlet"], name="posting_once", violation_error_message="这条信息在这个渠道已有网址。"
            ),
            models.CheckConstraint(
                name="posting_state_known", condition=models.Q(state__in=PostingState.values()), violation_error_message="核对结果无效。"
            ),
            models.CheckConstraint(
                name="posting_confirmed_whole",
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True, screenshot__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False, screenshot__isnull=False),
                violation_error_message="确认要有人、时间和截图。",
            ),
        ]

    def __str__(self) -> str:
        return self.address
