from gongkai.foundation.workdays.models.calendar import CalendarDay, CalendarVersion, HolidayNotice
from gongkai.foundation.workdays.models.clock import DemoClock

__all__ = ["CalendarDay", "CalendarVersion", "DemoClock", "HolidayNotice"]
