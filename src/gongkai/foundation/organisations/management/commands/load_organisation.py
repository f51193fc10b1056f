from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import Refusal


class Command(BaseCommand):
    """Load units, posts, officers and holdings."""

    help = "从文件夹（units.csv、posts.csv、officers.csv、holdings.csv）或一个 .xlsx（工作表 单位、岗位、人员、任职）装入机构人员。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See BaseCommand."""
        parser.add_argument("source", type=Path, metavar="文件夹或工作簿", help="CSV 所在文件夹，或 .xlsx 文件")
        parser.add_argument("--dry-run", action="store_true", help="只检查和计数，不写入")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See BaseCommand."""
        try:
            count = organisations.load_organisation(source=options["source"], dry_run=options["dry_run"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"机构人员：{count.words}{'（只检查，没有写入）' if options['dry_run'] else ''}。")
