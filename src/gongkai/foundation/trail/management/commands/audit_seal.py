from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gongkai.foundation.audit import api as audit
from gongkai.foundation.trail import actions
from gongkai.lib.errors import Refusal


class Command(BaseCommand):
    """Chain what waits, as the worker does."""

    help = "封存等着的审计记录（平时由后台进程做），打印链头。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        """See BaseCommand."""
        sealed = 0
        try:
            while count := actions.seal_waiting(timezone.now()):
                sealed += count
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        head = audit.find_head()
        self.stdout.write(f"封存 {sealed} 行。链头：{head.position}:{head.digest}")
