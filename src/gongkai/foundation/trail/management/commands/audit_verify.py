from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gongkai.foundation.trail import actions, anchors
from gongkai.lib.errors import Refusal


class Command(BaseCommand):
    """Prove the whole audit trail against the chain and the heads that were kept elsewhere."""

    help = "核验审计链：被改动、删除、插入、调换的记录逐条说出。完整状态为 0，有疑点为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See BaseCommand."""
        parser.add_argument("--anchors", type=Path, metavar="文件", help="另一份链头文件（例如另一台机器上的），一并核对")
        parser.add_argument("--head", metavar="位置:摘要", help="抄下来的链头，一并核对，例如 1204:9f…")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See BaseCommand."""
        try:
            known = anchors.read_all(options["anchors"]) if options["anchors"] else {}
            if options["head"]:
                known |= anchors.read_head(options["head"])
            report = actions.verify_now(at_system=timezone.now(), known=known)
        except Refusal as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        for fault in report.faults:
            self.stdout.write(f"{fault.kind.label}：{fault.words}")
        extra = f"，{report.purged} 行的要点已按清除命令清空" if report.purged else ""
        self.stdout.write(
            f"核验 {report.checked} 行，待封存 {report.waiting} 行，对照另存的链头 {report.anchors} 个{extra}。"
            f"链头：{report.head.position}:{report.head.digest}"
        )
        if not report.is_whole:
            raise CommandError(f"审计链不完整：有 {len(report.faults)} 处不对。", returncode=1)
        self.stdout.write("审计链完整。")
