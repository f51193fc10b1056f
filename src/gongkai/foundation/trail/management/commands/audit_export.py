from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit import api as audit
from gongkai.foundation.workdays import api as workdays


class Command(BaseCommand):
    """Write the chain to a file that can be proved anywhere."""

    help = "导出审计链到文件，可拿到别的机器用 gongkai tool audit 核验。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See BaseCommand."""
        parser.add_argument("file", type=Path, metavar="文件", help="写到哪个文件，不能已经有")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See BaseCommand."""
        count = -1  # the first line is no link
        try:
            with options["file"].open("x", encoding="utf-8") as file:
                for line in audit.write_export(audit.iterate_links()):
                    file.write(line)
                    count += 1
        except FileExistsError as error:
            raise CommandError(f"文件 {options['file']} 已经有了，请换一个名字。", returncode=2) from error
        except OSError as error:
            raise CommandError(f"写不进文件 {options['file']}：{error.strerror}。", returncode=2) from error
        audit.record(actor=SYSTEM, act="audit.export", subject=None, at=workdays.business_now(), about={"what": "chain", "count": count})
        head = audit.find_head()
        self.stdout.write(f"导出 {count} 行。链头：{head.position}:{head.digest}")
