import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.triggers import api as triggers


class Command(BaseCommand):
    """Run what waits: render pages, deliver events, watch limits."""

    help = "后台进程：生成页面、发送事件、巡查期限。按 Ctrl+C 或发 SIGTERM 停止，手上的做完再停。"

    def add_arguments(self, parser: CommandParser) -> None:
        """See Django."""
        parser.add_argument("--once", action="store_true", help="把现在等着的做完就结束")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 — Django's signature
        """Work until told to stop, or until nothing waits."""
        for fault in triggers.mend():
            self.stderr.write(f"{fault}已补装。")
        holder = outbox.name_worker()
        if options["once"]:
            handled = 0
            while count := outbox.run_once(timezone.now, holder):
                handled += count
            self.stdout.write(f"做完 {handled} 件。")
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        outbox.work_forever(holder=holder, stop=stop)
