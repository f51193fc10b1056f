from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from gongkai.core.search import api as search


class Command(BaseCommand):
    """Check the search index against its documents and make it anew."""

    help = "核对检索索引，需要时按存档原文重建（--dry-run 只核对）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--dry-run", action="store_true", help="只核对，不重建")
        parser.add_argument("--if-needed", action="store_true", help="没有差异就不重建")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See Django."""
        faults = search.find_faults()
        self.stdout.write(f"缺索引 {faults.lost} 篇，多余索引 {faults.ghosts} 篇，旧版分词 {faults.outdated} 篇。")
        if options["dry_run"] or (options["if_needed"] and not faults):
            return
        self.stdout.write(f"已重建 {search.rebuild()} 篇。")
