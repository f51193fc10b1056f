import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gongkai.consumers.portal import api as portal
from gongkai.consumers.portal.kinds import VerifyReport

LABELS = {
    "missing": "缺文件",
    "changed": "内容被改",
    "unowned": "多余文件",
    "unfinished": "没有写完",
    "misplaced": "清单位置不对",
}
MOST_SHOWN = 20


def _say_counts(report: VerifyReport) -> str:
    """What lies on disk, so that it adds up before one's eyes."""
    parts = [f"页面 {report.page_files} 个（应有 {report.pages} 组，一份信息连同它的期限回执算一组）"]
    parts += [f"附件 {report.copies} 个", f"静态文件 {report.static} 个", *([f"没有登记的 {report.strays} 个"] if report.strays else [])]
    return f"磁盘 {report.files} 个文件 = {' + '.join(parts)}。其中十分钟以内的 {report.young} 个没有看。"


class Command(BaseCommand):
    """Compare disk, manifest and database, and repair."""

    help = "核对门户：磁盘、清单、数据库三方一致；缺的补，多的删，十分钟以内的不动（--dry-run 只核对，有差异时退出码为 1）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--dry-run", action="store_true", help="只核对，不修复")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See Django."""
        is_trial = options["dry_run"]
        report = portal.verify_pages(at_system=timezone.now(), is_repairing=not is_trial)
        self.stdout.write(_say_counts(report))
        for fault, label in LABELS.items():
            found = getattr(report, fault)
            if found:
                more = f" 等 {len(found)} 个" if len(found) > MOST_SHOWN else ""
                self.stdout.write(f"{label} {len(found)} 个：{'、'.join(found[:MOST_SHOWN])}{more}")
        if not report.faults:
            self.stdout.write("三方一致。")
        elif is_trial:
            self.stdout.write(f"共 {report.faults} 处差异，没有修复。去掉 --dry-run 就会修复。")
            sys.exit(1)
        else:
            self.stdout.write(f"{report.faults} 处差异已修复。")
