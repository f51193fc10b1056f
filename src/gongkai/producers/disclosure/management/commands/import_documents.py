from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import day_of
from gongkai.producers.disclosure import api as disclosure
from gongkai.producers.disclosure.kinds import FoundFile, ImportReport
from gongkai.producers.disclosure.reading import ENDINGS, MAX_BYTES


class Command(BaseCommand):
    """Take in finished documents from folders."""

    help = "导入文件夹里的 .txt 和 .html：每份建一件应公开事项和一份草稿。再导一次不会重复。有未导入的，退出状态为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        """See BaseCommand."""
        parser.add_argument("paths", nargs="+", metavar="文件夹", help="文件夹或文件，连同下级文件夹")
        parser.add_argument("--as", dest="officer", metavar="姓名", help="以谁的名义导入；不写就以政务公开办经办人的名义")
        parser.add_argument("--dry-run", action="store_true", help="只看会怎样，不导入")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See BaseCommand."""
        roots = [Path(path) for path in options["paths"]]
        for root in roots:
            if not root.exists():
                raise CommandError(f"没有“{root}”这个文件夹或文件。")
        now = workdays.business_now()
        actor = _find_actor(options["officer"], day_of(now), dry_run=options["dry_run"])
        report = disclosure.import_documents(documents=_read(roots), actor=actor, now=now, dry_run=options["dry_run"])
        self._print(report, passed_over=_list_passed_over(roots), actor=actor, dry_run=options["dry_run"])
        if report.refused:
            raise SystemExit(1)

    def _print(self, report: ImportReport, *, passed_over: list[str], actor: Actor, dry_run: bool) -> None:
        for row in report.imported:
            act = "可以导入" if dry_run else "已导入"
            self.stdout.write(f"{act}  {row.name}  {row.entry_name}（{row.entry_code}）  {row.remark}".rstrip())
        for name in report.known:
            self.stdout.write(f"早已导入  {name}")
        for refused in report.refused:
            self.stdout.write(f"未导入  {refused.name}  {refused.reason}")
        for name in passed_over:
            self.stdout.write(f"略过  {name}  只收 .txt、.html 和 .htm")
        self.stdout.write(f"以{actor.name}的名义。")
        before, not_taken = len(report.known), len(report.refused)
        counts = f"{len(report.imported)} 份，早已导入 {before} 份，未导入 {not_taken} 份，略过 {len(passed_over)} 个文件"
        self.stdout.write(f"可以导入 {counts}。没有改动任何数据。" if dry_run else f"已导入 {counts}。")


def _find_actor(name: str | None, on: date, *, dry_run: bool) -> Actor:
    """In whose name: the person named, else whoever runs the openness office. A trial needs nobody."""
    if name:
        try:
            return accounts.find_actor(name=name, on=on)
        except NotFound as refusal:
            raise CommandError(str(refusal)) from refusal
    officer = accounts.find_openness_officer(on=on)
    if officer is None and not dry_run:
        raise CommandError("政务公开办的岗位现在没有人，请写 --as 姓名：以谁的名义导入。")
    return officer or _trial_actor()


def _trial_actor() -> Actor:
    """Stands in for the openness office in a trial, of which nothing is kept."""
    officer = next(iter(organisations.list_officers()), None)
    units = frozenset(unit.id for unit in organisations.list_units())
    return Actor(officer_id=officer.id if officer else None, name="政务公开办（岗位现在没有人）", rights={Right.WRITE: units})


def _read(roots: list[Path]) -> Iterator[FoundFile]:
    for name, path in _walk(roots):
        if path.suffix.lower() in ENDINGS:
            with path.open("rb") as file:
                yield FoundFile(name, file.read(MAX_BYTES + 1))


def _list_passed_over(roots: list[Path]) -> list[str]:
    return [name for name, path in _walk(roots) if path.suffix.lower() not in ENDINGS]


def _walk(roots: list[Path]) -> Iterator[tuple[str, Path]]:
    """Every file under the folders in a fixed order, named as a person would: from the folder that was given."""
    for root in roots:
        if root.is_file():
            yield root.name, root
        else:
            files = sorted(path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
            yield from ((str(path.relative_to(root)), path) for path in files)
