from django.db import models


class DirtyKey(models.Model):
    """One note that whatever shows this key has to be rendered again (待生成). Written in the transaction that changed the thing.

    Rows are only added, never changed: two releases that touch the same list do not wait for each other. The drainer reads rows,
    renders each key once and deletes the rows it read; a row written meanwhile has another id and stays.
    Not a page: several pages may show one key. Personal data: none.
    """

    key = models.CharField("键", max_length=200)
    touched_at = models.DateTimeField("写入时间", auto_now_add=True)

    class Meta:
        indexes = [
            # Every younger note of the keys that are rendered now.
            models.Index(fields=["key", "id"], name="dirty_by_key"),
        ]

    def __str__(self) -> str:
        return self.key


class Lease(models.Model):
    """Who alone may do a named thing, until when in system time (占用). A holder that dies lets it run out.

    Not a lock on data: it keeps two workers from doing the same work at once. Personal data: none.
    """

    name = models.CharField("名称", max_length=100, unique=True)
    holder = models.CharField("占用者", max_length=100)
    until = models.DateTimeField("占用至")

    def __str__(self) -> str:
        return self.name


class DrainFault(models.Model):
    """The last failure of a drain that has not succeeded since (队列故障); no row means that it is well. Personal data: none."""

    code = models.CharField("队列", max_length=60, unique=True)
    failures = models.PositiveSmallIntegerField("连续失败次数")
    last_error = models.CharField("最近的错误", max_length=500)
    retry_at = models.DateTimeField("下次再试")

    def __str__(self) -> str:
        return self.code
