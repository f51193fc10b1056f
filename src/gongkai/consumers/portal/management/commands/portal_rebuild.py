from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gongkai.consumers.portal import api as portal


class Command(BaseCommand):
    """Render every page of the portal anew."""

    help = "门户全部页面重做一遍；内容没变的文件不动"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """See Django."""
        report = portal.rebuild_pages(at_system=timezone.now())
        self.stdout.write(f"重做 {report.pages} 页，写出 {report.written} 个文件，其余没有变。")
