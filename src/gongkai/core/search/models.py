from uuid import uuid4

from django.db import models

from gongkai.core.search.kinds import FindableKind


class SearchEntry(models.Model):
    """One public document as the search knows it (检索条目): what a hit shows and what its tokens are made of again.

    Not the publication: a row exists only while the document is public. The id is the day's number times 2,048 plus a number of that day,
    so the order of ids is the order of days. The tokens live in tables that the migration makes by hand, different ones on each database.
    Section and unit are plain numbers, not keys: the index is derived, it never holds up a change of what it was made from.
    Personal data: none beyond what the public text holds.
    """

    id = models.BigIntegerField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("内容类型", max_length=20, choices=FindableKind.choices(), default=FindableKind.PUBLICATION.value)
    title = models.TextField("标题")
    document_number = models.TextField("文号", blank=True, default="")
    number_key = models.TextField("文号检索键", blank=True, default="")
    body = models.TextField("正文")
    section_id = models.BigIntegerField("栏目")
    unit_id = models.BigIntegerField("单位")
    day = models.DateField("日期")
    path = models.TextField("地址")
    token_version = models.CharField("分词版本", max_length=60)
    is_spilled = models.BooleanField("编号落在邻日", default=False)

    class Meta:
        db_table = "search_entry"
        indexes = [
            # A document number typed whole: its document comes first.
            models.Index("number_key", "id", name="search_entry_by_number"),
            # The few rows whose id lies in another day's range: a filter by day corrects itself with them.
            models.Index("day", "id", name="search_entry_spilled", condition=models.Q(is_spilled=True)),
        ]
        constraints = [
            models.CheckConstraint(
                name="search_entry_kind_known",
                condition=models.Q(kind__in=FindableKind.values()),
                violation_error_message="内容类型无效。",
            )
        ]

    def __str__(self) -> str:
        return self.title
