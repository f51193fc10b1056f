from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import Refusal


class Command(BaseCommand):
    """Give posts their roles and officers their accounts."""

    help = "按 roles.csv（或工作簿的“角色”表）给岗位授予角色，给在职人员建立账号，打印一次性密码（只打印这一次）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See BaseCommand."""
        parser.add_argument("source", type=Path, metavar="文件夹或工作簿", help="roles.csv 所在文件夹，或 .xlsx 文件")
        parser.add_argument("--dry-run", action="store_true", help="只检查和计数，不写入，不出密码")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See BaseCommand."""
        is_dry = options["dry_run"]
        try:
            new = accounts.load_accounts(source=options["source"], now=workdays.business_now(), dry_run=is_dry)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if is_dry:
            self.stdout.write(f"将新建账号 {len(new)} 个（只检查，没有写入）。")
            return
        self.stdout.write(f"新建账号 {len(new)} 个。" + ("一次性密码只显示这一次，首次登录要改：" if new else ""))
        for account in new:
            self.stdout.write(f"{account.username}\t{account.password}")
