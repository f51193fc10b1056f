from django.db import models

from gongkai.foundation.workdays.kinds import CalendarAct


class HolidayNotice(models.Model):
    """One notice that arranges the holidays of a year (放假安排通知). An edition of the calendar rests on one.

    A year may have several: in 2020 the spring festival was made longer by a second one. A local holiday has one of its own. Not the
    regulation that says which days are statutory. Left out on purpose: web addresses. Personal data: none.
    """

    code = models.CharField("代码", max_length=20, unique=True)
    year = models.PositiveSmallIntegerField("年份")
    agency = models.CharField("印发机关", max_length=60)
    title = models.CharField("标题", max_length=120)
    number = models.CharField("文号", max_length=60, blank=True, default="", help_text="不知道就空着")
    issued_on = models.DateField("公布日", null=True, blank=True, help_text="不知道就空着")

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


class CalendarEdition(models.Model):
    """One edition of the calendar of a year (日历的一版): all special days of that year, made once and never edited.

    An amendment is the next edition. The newest that is not withdrawn holds; a withdrawn one is kept with its reason, and the one before
    it holds again. Not a draft: what somebody looks at before he confirms is not stored. `loaded_at` is business time, null for what came
    with the product. Personal data: names of officers who loaded or withdrew.
    """

    year = models.PositiveSmallIntegerField("年份")
    version = models.PositiveSmallIntegerField("版次")
    act = models.CharField("办法", max_length=8, choices=CalendarAct.choices())
    notice = models.ForeignKey(HolidayNotice, models.PROTECT, verbose_name="依据", related_name="editions")
    loaded_at = models.DateTimeField("装入时间", null=True, help_text="随产品的没有")
    loaded_by = models.CharField("装入人", max_length=60, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.CharField("撤回人", max_length=60, blank=True)
    withdraw_reason = models.CharField("撤回理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            # Also what keeps two people from making the same edition at once.
            models.UniqueConstraint(
                fields=["year", "version"], name="calendar_edition_once", violation_error_message="这一年的这一版已经有了。"
            ),
            models.CheckConstraint(
                name="calendar_edition_withdrawn_with_reason",
                condition=models.Q(withdrawn_at__isnull=True, withdraw_reason="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdraw_reason="")),
                violation_error_message="撤回日历要写明理由。",
            ),
            models.CheckConstraint(
                name="calendar_edition_loaded_by_someone",
                condition=models.Q(loaded_at__isnull=True, loaded_by="") | (models.Q(loaded_at__isnull=False) & ~models.Q(loaded_by="")),
                violation_error_message="装入日历要写明是谁。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年第 {self.version} 版"


class CalendarDay(models.Model):
    """One day that differs from the plain week or has a name (特殊日), in one edition: a day off, a made-up day, a statutory day.

    Not every day of the year: a day without row is worked from Monday to Friday and off on Saturday and Sunday. That a day is made up
    follows from being worked on a weekend and is not stored. The notice is the day's own: in an amended year most days rest on the first.
    Personal data: none.
    """

    edition = models.ForeignKey(CalendarEdition, models.PROTECT, db_index=False, verbose_name="版次", related_name="days")
    day = models.DateField("日期")
    name = models.CharField("节日", max_length=30)
    is_workday = models.BooleanField("上班")
    is_statutory = models.BooleanField("法定节日", help_text="按当年施行的放假办法")
    notice = models.ForeignKey(HolidayNotice, models.PROTECT, verbose_name="依据", related_name="days")

    class Meta:
        constraints = [
            # Its index also finds the days of an edition.
            models.UniqueConstraint(
                fields=["edition", "day"], name="calendar_day_once", violation_error_message="同一版里一天只能有一行。"
            ),
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
    """The digest of the calendar that holds (日历摘要): one row, id 1. Whoever has built a calendar sees by it whether it is still so.

    Also the lock of the calendar: who changes it holds the row, who computes a date to keep shares it. Not a history: editions are.
    Personal data: none.
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
