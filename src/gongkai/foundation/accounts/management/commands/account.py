from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import Refusal


class Command(BaseCommand):
    """Renew a password, suspend or resume an account."""

    help = "管一个账号：重发一次性密码，重设第二步验证，停用，恢复。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See BaseCommand."""
        parser.add_argument("name", metavar="姓名", help="账号的姓名")
        act = parser.add_mutually_exclusive_group(required=True)
        act.add_argument("--renew", action="store_true", help="重发一次性密码，打印一次；旧密码和已登录的会话立刻失效")
        act.add_argument("--reset-second-step", action="store_true", help="手机丢了：验证器和恢复码作废，本人下次登录重新登记")
        act.add_argument("--suspend", action="store_true", help="停用：不能登录，已登录的下一步就退出")
        act.add_argument("--resume", action="store_true", help="恢复停用的账号，密码照旧")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See BaseCommand."""
        name, now = options["name"], workdays.business_now()
        try:
            if options["renew"]:
                account = accounts.renew_password(name=name, actor=SYSTEM, now=now)
                self.stdout.write(f"{account.username}\t{account.password}")
            elif options["reset_second_step"]:
                user = accounts.get_user(name)
                accounts.reset_second_factor(user=user, actor=SYSTEM, now=now)
                self.stdout.write(f"已重设{user.username}的第二步验证。")
            elif options["suspend"]:
                accounts.suspend_account(name=name, actor=SYSTEM, now=now)
                self.stdout.write(f"已停用{name}的账号。")
            else:
                accounts.resume_account(name=name, actor=SYSTEM, now=now)
                self.stdout.write(f"已恢复{name}的账号。")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
