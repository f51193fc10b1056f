from gongkai.foundation.workdays.models.calendar import CalendarDay, CalendarEdition, CalendarVersion, HolidayNotice
from gongkai.foundation.workdays.models.clock import DemoClock

__all__ = ["CalendarDay", "CalendarEdition", "CalendarVersion", "DemoClock", "HolidayNotice"]
