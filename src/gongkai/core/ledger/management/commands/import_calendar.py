from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import CalendarPreview, MovedDate
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import SYSTEM, Actor, Right
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, NoticeText
from gongkai.lib.errors import NotAllowed, Refusal
from gongkai.lib.moments import day_of
from gongkai.lib.sheets import read_table

USUAL_AGENCY = "国务院办公厅"


class Command(BaseCommand):
    """Load the packaged calendars, or a table of a new or an amended year, and print the dates that move."""

    help = (
        "不写文件：装入随产品的各年日历。写文件：装入一年，或年中的一次调整（.xlsx 或 CSV，四列：日期、放假/上班、名称、法定）。\n"
        "打印每一件会改动的期限。先用 --dry-run 看，再装。再装一次不会重复。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See BaseCommand."""
        parser.add_argument("file", nargs="?", type=Path, metavar="文件", help="日历表；不写就装入随产品的日历")
        parser.add_argument("--as", dest="officer", metavar="姓名", help="以谁的名义；装文件或撤回必须写")
        parser.add_argument("--title", default="", metavar="标题", help="依据的通知的标题；装文件必须写")
        parser.add_argument("--agency", default=USUAL_AGENCY, metavar="机关", help=f"印发机关，默认{USUAL_AGENCY}")
        parser.add_argument("--number", default="", metavar="文号", help="通知的文号，不知道就不写")
        parser.add_argument("--issued", type=date.fromisoformat, metavar="年-月-日", help="通知公布的日子，不知道就不写")
        parser.add_argument("--amend", action="store_true", help="只改表里的日子；不写时，没有日历的年份整年装入，已有的只改表里的日子")
        parser.add_argument("--whole-year", action="store_true", help="整年换成这张表")
        parser.add_argument("--withdraw", type=int, metavar="年份", help="撤回这一年最新的一版")
        parser.add_argument("--reason", default="", metavar="理由", help="为什么撤回")
        parser.add_argument("--dry-run", action="store_true", help="只看会改动哪些期限，不装入")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See BaseCommand."""
        now = workdays.business_now()
        try:
            if options["file"] is None and options["withdraw"] is None:
                self._load_packaged(options["officer"], now, dry_run=options["dry_run"])
                return
            actor = _find_actor(options["officer"], now)
            change = _read_withdrawal(options) if options["withdraw"] is not None else _read_change(options)
            preview = ledger.preview_calendar(change=change, now=now)
            if not options["dry_run"]:
                ledger.apply_calendar(change=change, seen_digest=preview.digest, actor=actor, now=now)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self._print(change, preview, dry_run=options["dry_run"])

    def _load_packaged(self, officer: str | None, now: Any, *, dry_run: bool) -> None:
        actor = _find_actor(officer, now) if officer else SYSTEM
        count, preview = ledger.load_packaged_calendars(actor=actor, now=now, is_trial=dry_run)
        years = sorted(preview.plan.after.years)
        self._print_moved(preview)
        self.stdout.write(f"工作日历 {years[0]}—{years[-1]} 年：{count.words}。{'没有改动任何数据。' if dry_run else ''}")

    def _print(self, change: CalendarChange, preview: CalendarPreview, *, dry_run: bool) -> None:
        plan = preview.plan
        for one in plan.changed:
            after = "休" if one.after and not one.after.is_workday else "上班"
            self.stdout.write(f"{one.day}  {after}  {one.after.name if one.after else ''}".rstrip())
        for year in plan.gained:
            self.stdout.write(f"{year} 年从没有日历变为有日历")
        for year in plan.lost:
            self.stdout.write(f"{year} 年变为没有日历")
        self._print_moved(preview)
        if plan.is_empty:
            self.stdout.write(f"{change.year} 年的日历和现在一样，没有要换的。")
        elif dry_run:
            self.stdout.write(f"会改动 {len(preview.moved)} 件期限。没有改动任何数据。")
        else:
            self.stdout.write(f"{change.act.label}：{workdays.name_editions(plan.years)}现行。改动 {len(preview.moved)} 件期限。")

    def _print_moved(self, preview: CalendarPreview) -> None:
        for row in preview.moved:
            self.stdout.write(_say_moved(row))


def _say_moved(row: MovedDate) -> str:
    before = f"{row.from_day}{'（暂定）' if row.was_provisional else ''}"
    after = f"{row.to_day}{'（暂定）' if row.is_provisional else ''}"
    stopped = "（现在暂停，最迟恢复时）" if row.is_stopped else ""
    return f"{before} → {after}{stopped}  {row.obligation.unit_name}  {row.obligation.label}  {row.why}"


def _find_actor(name: str | None, now: Any) -> Actor:
    if not name:
        raise CommandError("请写 --as 姓名：以谁的名义换日历。")
    actor = accounts.find_actor(name=name, on=day_of(now))
    if not actor.units(Right.MANAGE_CALENDAR):
        raise NotAllowed(f"{name}没有“{Right.MANAGE_CALENDAR.label}”的权限。请换系统管理员或者政务公开办的人。")
    return actor


def _read_withdrawal(options: dict[str, Any]) -> CalendarChange:
    current = workdays.get_year(options["withdraw"]).current
    version = current.version if current else None
    return CalendarChange(act=CalendarAct.WITHDRAW, year=options["withdraw"], version=version, reason=options["reason"])


def _read_change(options: dict[str, Any]) -> CalendarChange:
    path: Path = options["file"]
    if not path.is_file():
        raise CommandError(f"没有“{path}”这个文件。")
    if not options["title"]:
        raise CommandError("请写 --title 标题：日历依据哪份通知，例如 --title 国务院办公厅关于2027年部分节假日安排的通知。")
    lines = workdays.read_lines(read_table(path.name, path.read_bytes(), workdays.DAYS))
    year = workdays.find_year(lines)
    is_whole = options["whole_year"] or (not options["amend"] and year not in workdays.get_calendar().years)
    notice = NoticeText(options["agency"], options["title"], options["number"], options["issued"])
    return CalendarChange(act=CalendarAct.REPLACE if is_whole else CalendarAct.AMEND, year=year, notice=notice, lines=lines)
