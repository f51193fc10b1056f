from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound, Refusal
from gongkai.lib.moments import day_of


class Command(BaseCommand):
    """Pass what waits for one person, or for everybody in turn."""

    help = "以一名人员的身份，通过等他审的稿；--everybody 让每名审核人轮流审，直到没有可审的。放行处算看过。演示和导入历史文件用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--as", dest="name", metavar="姓名", help="谁来审")
        who.add_argument("--everybody", action="store_true", help="每名审核人审自己该审的")
        parser.add_argument("--opinion", default="", metavar="意见", help="写在每一步上的意见")
        parser.add_argument("--dry-run", action="store_true", help="只看各有几份，不审")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 — Django's signature
        """Pass what waits for the person, or for everybody in turn, and say how much it was."""
        now = workdays.business_now()
        actors = list_reviewers(now) if options["everybody"] else [self.find(options["name"], now)]
        if options["dry_run"]:
            for actor in actors:
                self.stdout.write(f"{actor.name}：等他审 {publishing.count_review_queue(actor=actor)} 份。")
            return
        passed = {actor.name: 0 for actor in actors}
        refused: set[str] = set()
        # A step that is passed puts the next one into somebody's queue: round after round, until nobody has anything left.
        while any(self.review(actor, options["opinion"], now, passed, refused) for actor in actors):
            pass
        for name, number in passed.items():
            if number or not options["everybody"]:
                self.stdout.write(f"{name}：通过 {number} 步。")
        self.stdout.write(f"共通过 {sum(passed.values())} 步，{len(refused)} 份没有通过。")

    def find(self, name: str, now: datetime) -> Actor:
        """The person by name, as he may act today."""
        try:
            return accounts.find_actor(name=name, on=day_of(now))
        except NotFound as refusal:
            raise CommandError(str(refusal)) from refusal

    def review(self, actor: Actor, opinion: str, now: datetime, passed: dict[str, int], refused: set[str]) -> bool:
        """Pass a person's queue as it stands. Whether anything was passed."""
        before = passed[actor.name]
        for row in list(publishing.iterate_review_queue(actor=actor)):
            seen_hash = publishing.get_draft(row.publication).content_hash
            try:
                # Whoever gives this command answers for what was let through: nobody sees the texts one by one.
                publishing.pass_step(step=row.step, seen_hash=seen_hash, opinion=opinion, has_looked=True, actor=actor, now=now)
                passed[actor.name] += 1
            except Refusal as refusal:
                if str(row.step) not in refused:
                    self.stdout.write(f"没有通过：{row.title}（{row.kind.label}，{actor.name}）\n    {refusal}")
                refused.add(str(row.step))
        return passed[actor.name] > before


def list_reviewers(now: datetime) -> list[Actor]:
    """Everybody who holds a post today, as he may act: those without the rights have empty queues."""
    on = day_of(now)
    holders = [post.holder for unit in organisations.list_units() for post in organisations.list_posts(unit_id=unit.id, on=on)]
    ids = dict.fromkeys(holder.id for holder in holders if holder is not None)
    return [accounts.get_actor(officer_id=officer_id, on=on) for officer_id in ids]
