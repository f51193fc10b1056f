from typing import Any

from django.core.management.base import BaseCommand

from gongkai.foundation.workdays import api as workdays


class Command(BaseCommand):
    """Load the packaged calendars."""

    help = "装入随产品的工作日历：历年放假、调休和法定节日。再装一次不会重复。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """See BaseCommand."""
        count = workdays.load_calendars()
        years = sorted(workdays.get_calendar().years)
        self.stdout.write(f"工作日历 {years[0]}—{years[-1]} 年：{count.words}。")
