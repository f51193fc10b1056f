from django.db import models


class PurgeOpening(models.Model):
    """One guarded row that a purge may change or remove (清除放行), for as long as this row exists: the purge's own transaction.

    Written and removed again by the purge, nobody else. Not the purge: who decided it and why stands with the audit trail.
    Personal data: none.
    """

    table = models.CharField("表", max_length=63, db_column="table_name")
    row = models.BigIntegerField("行", db_column="row_id")
    purge = models.UUIDField("清除")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "row"], name="purge_opening_once", violation_error_message="这一行已经放行。"),
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.row}"
