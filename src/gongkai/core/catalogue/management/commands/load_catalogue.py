from typing import Any

from django.core.management.base import BaseCommand

from gongkai.core.catalogue import api as catalogue


class Command(BaseCommand):
    """Load the packaged catalogue and its terms."""

    help = "装入随产品的公开目录：栏目、公开事项和期限。再装一次不会重复。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """See BaseCommand."""
        count = catalogue.load_catalogue()
        self.stdout.write(f"公开目录：{count.words}。")
