from gongkai.producers.disclosure.rules.causes import (
    check_cause,
    check_entry,
    choose_entries,
    choose_unit,
    explain_day,
    find_day,
    say_last_day,
)

__all__ = ["check_cause", "check_entry", "choose_entries", "choose_unit", "explain_day", "find_day", "say_last_day"]
