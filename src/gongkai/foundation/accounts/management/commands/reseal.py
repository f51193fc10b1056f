from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.foundation.accounts import api as accounts
from gongkai.lib.keyring import CannotOpen


class Command(BaseCommand):
    """Seal every secret with the newest key of the key file."""

    help = "换密钥：密钥文件末尾添了新密钥以后，把用旧密钥封存的都改用新密钥。再运行一次不会改动什么。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """See BaseCommand."""
        try:
            count = accounts.reseal_authenticators()
        except CannotOpen as error:
            raise CommandError(f"{error}。什么都没有改；请把旧密钥放回密钥文件再运行。") from error
        self.stdout.write(f"改用新密钥 {count} 个。")
