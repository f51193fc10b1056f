from django.db import models


class HolidayNotice(models.Model):
    """One notice that arranges the holidays of a year (放假安排通知). A year has a calendar when it has a notice.

    A year may have several: in 2020 the spring festival was made longer by a second one. Not the regulation that says which days are
    statutory. Left out on purpose: web addresses. Personal data: none.
    """

    code = models.CharField("代码", max_length=20, unique=True)
    year = models.PositiveSmallIntegerField("年份")
    agency = models.CharField("印发机关", max_length=60)
    title = models.CharField("标题", max_length=120)
    number = models.CharField("文号", max_length=60, blank=True, default="", help_text="不知道就空着")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="holiday_notice_titled",
                condition=~models.Q(title="") & ~models.Q(agency=""),
                violation_error_message="放假安排通知要写明印发机关和标题。",
            )
        ]

    def __str__(self) -> str:
        return self.title


class CalendarDay(models.Model):
    """One day that differs from the plain week or has a name (特殊日): a day off, a made-up day, a statutory day.

    Not every day of the year: a day without row is worked from Monday to Friday and off on Saturday and Sunday. That a day is made up
    follows from being worked on a weekend and is not stored. Left out on purpose: local holidays. Personal data: none.
    """

    day = models.DateField("日期", unique=True)
    name = models.CharField("节日", max_length=30)
    is_workday = models.BooleanField("上班")
    is_statutory = models.BooleanField("法定节日", help_text="按当年施行的放假办法")
    notice = models.ForeignKey(HolidayNotice, models.PROTECT, verbose_name="依据", related_name="days")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_day_statutory_is_off",
                condition=~models.Q(is_statutory=True, is_workday=True),
                violation_error_message="法定节日当天不能是上班日。",
            ),
            models.CheckConstraint(
                name="calendar_day_named",
                condition=~models.Q(name=""),
                violation_error_message="特殊日要写明是哪个节日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class CalendarVersion(models.Model):
    """The digest of all calendar rows (日历版本): one row, id 1. A process that has built a calendar sees by it whether it still holds.

    Not a history of changes. Personal data: none.
    """

    digest = models.CharField("摘要", max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_version_single",
                condition=models.Q(id=1),
                violation_error_message="日历版本只有一行。",
            )
        ]

    def __str__(self) -> str:
        return self.digest
