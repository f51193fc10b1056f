from django.db import models


class TrailCheck(models.Model):
    """One check of the whole audit trail and what it came to (审计核验). Made every night, by the button and by the command.

    `faults` are the sentences that name each place, at most two hundred. Not the trail itself, which anybody may prove again.
    Personal data: names of officers in the sentences.
    """

    finished_at = models.DateTimeField("核验时间", help_text="系统时间")
    checked = models.BigIntegerField("核验行数")
    position = models.BigIntegerField("链头位置")
    digest = models.CharField("链头摘要", max_length=64)
    faults = models.JSONField("疑点", default=list)

    class Meta:
        indexes = [models.Index(fields=["-finished_at", "-id"], name="trail_check_newest")]  # the last one, on the page

    def __str__(self) -> str:
        return f"{self.finished_at}: {len(self.faults)}"
