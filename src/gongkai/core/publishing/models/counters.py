from django.db import models


class PathCounter(models.Model):
    """The last path number given in a year (路径流水号). Numbers are reserved at draft; holes are allowed.

    Unrelated to the index number. Personal data: none.
    """

    year = models.PositiveSmallIntegerField("年份", unique=True)
    last = models.PositiveIntegerField("已用到", default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class IndexCounter(models.Model):
    """The last index number given by an agency in a month (索引号流水号).

    The row is locked while a text is released, so there are no holes.
    Personal data: none.
    """

    agency = models.CharField("机构代码", max_length=18)
    month = models.CharField("年月", max_length=6, help_text="例如 202610")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "month"], name="index_counter_once", violation_error_message="这个机构这个月的流水号已经存在。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}/{self.month}: {self.last}"
