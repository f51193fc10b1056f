from django.db import models


class DemoClock(models.Model):
    """Where the demo's business time was set (演示时钟): one row, id 1. At system time `system_at` it was `at`, and it runs on from there.

    Not used where business time is system time. Personal data: none.
    """

    at = models.DateTimeField("业务时间")
    system_at = models.DateTimeField("系统时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="demo_clock_single",
                condition=models.Q(id=1),
                violation_error_message="演示时钟只有一行。",
            )
        ]

    def __str__(self) -> str:
        return str(self.at)
