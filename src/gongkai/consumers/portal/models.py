from django.db import models

from gongkai.consumers.portal.kinds import FileState, ListKind


class PortalFile(models.Model):
    """One file under the portal's folder (页面文件): the manifest. What has no row is not ours; what has a row is on disk, with this hash.

    The row says WRITING and is committed before the file is touched, WRITTEN after. `owner` is the key of the page that the file belongs
    to: when a page no longer consists of a file, the file goes. `made_at` is the moment printed on the page: with it the page can be
    rendered again to the same bytes. Not the content and no history: a page is made from the database at any time.
    Personal data: none.
    """

    path = models.CharField("路径", max_length=300, unique=True, help_text="相对门户目录")
    owner = models.CharField("所属页面", max_length=200)
    hash = models.CharField("校验值", max_length=64, blank=True)
    state = models.CharField("状态", max_length=8, choices=FileState.choices(), default=FileState.WRITING.value)
    made_at = models.DateTimeField("页面上的时间")
    changed_at = models.DateTimeField("最近变动", help_text="系统时间")

    class Meta:
        indexes = [
            # The files of one page, when it is rendered again.
            models.Index(fields=["owner"], name="portal_file_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                name="portal_file_state_known",
                condition=models.Q(state__in=FileState.values()),
                violation_error_message="页面文件状态无效。",
            ),
            models.CheckConstraint(
                name="portal_file_hash_when_written",
                condition=~models.Q(state=FileState.WRITTEN.value, hash=""),
                violation_error_message="写好的文件要有校验值。",
            ),
        ]

    def __str__(self) -> str:
        return self.path


class PortalList(models.Model):
    """One list of the portal (清单): a section or a month, with how much is in it.

    Not the section: that is the catalogue's. A list without items has no page. `page_count` is the number of the newest archive page.
    Personal data: none.
    """

    kind = models.CharField("种类", max_length=8, choices=ListKind.choices())
    reference = models.CharField("指代", max_length=60, help_text="栏目的网址名，或年-月")
    item_count = models.PositiveIntegerField("条数", default=0)
    page_count = models.PositiveIntegerField("旧页数", default=0)
    newest_at = models.DateTimeField("最近公开", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "reference", name="portal_list_once", violation_error_message="这个清单已经有了。"),
            models.CheckConstraint(
                name="portal_list_kind_known", condition=models.Q(kind__in=ListKind.values()), violation_error_message="清单种类无效。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class ListItem(models.Model):
    """One public item at its place in a list (清单位置), with what a list shows of it.

    `page` is the archive page it stands on for good, None while it stands on the head. Pages are numbered from the oldest; an item that
    goes leaves a hole. What is shown is copied from the publication, so that a list page is one query; it is copied again with every
    rendering.
    Personal data: none beyond what a public title holds.
    """

    list = models.ForeignKey(PortalList, models.CASCADE, db_index=False, related_name="items", verbose_name="清单")
    publication = models.UUIDField("信息")
    number = models.BigIntegerField("信息编号", help_text="同一时刻公开的按它排")
    page = models.PositiveIntegerField("旧页", null=True)
    title = models.CharField("标题", max_length=200)
    document_number = models.CharField("发文字号", max_length=80, blank=True)
    path = models.CharField("地址", max_length=100)
    entry_name = models.CharField("公开事项", max_length=80, blank=True)
    published_at = models.DateTimeField("公开时间")

    class Meta:
        indexes = [
            # One page of a list, newest first; the head is the page without a number.
            models.Index(fields=["list", "page", "-published_at", "-number"], name="list_item_by_page"),
        ]
        constraints = [
            models.UniqueConstraint("publication", "list", name="list_item_once", violation_error_message="这条信息已经在清单里。"),
        ]

    def __str__(self) -> str:
        return self.title


class MonthCount(models.Model):
    """How many items of a section's list became public in one month (月度条数), so that no page has to count.

    Kept with each placement and compared by the check of the portal. Personal data: none.
    """

    list = models.ForeignKey(PortalList, models.CASCADE, db_index=False, related_name="months", verbose_name="清单")
    month = models.CharField("月份", max_length=7, help_text="年-月")
    item_count = models.PositiveIntegerField("条数", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("month", "list", name="month_count_once", violation_error_message="这个月的条数已经有了。"),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.month}: {self.item_count}"
