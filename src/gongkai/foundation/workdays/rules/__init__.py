from gongkai.foundation.workdays.rules.calendars import (
    DayRow,
    NoticeRow,
    build_calendar,
    digest_rows,
    name_notice,
    run_on,
    stack_editions,
)

__all__ = ["DayRow", "NoticeRow", "build_calendar", "digest_rows", "name_notice", "run_on", "stack_editions"]
