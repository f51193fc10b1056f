from typing import Any

from django.core.management.base import BaseCommand

from gongkai.producers.disclosure import api as disclosure


class Command(BaseCommand):
    """Put the four usual registers on record."""

    help = "装入常用的登记来源（土地市场、征地审批、双公示、OA 发文）。已有的不动；再装一次不会重复。先装单位和目录。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """See BaseCommand."""
        self.stdout.write(f"登记来源：{disclosure.load_sources().words}。")
