from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gongkai.consumers.portal import api as portal


class Command(BaseCommand):
    """Render the pages that wait."""

    help = "生成等着的门户页面，做完为止。平时由后台进程做，这里用来立刻做完"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """See Django."""
        self.stdout.write(f"已处理 {portal.build_pages(at_system=timezone.now())} 条待生成记录。")
