from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import EditionState
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound, Refusal
from gongkai.lib.moments import day_of


class Command(BaseCommand):
    """Submit every draft a person may write for."""

    help = "把一名人员能写的草稿全部送审；检查没过的留着，逐条说明。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--as", dest="name", required=True, metavar="姓名", help="以谁的名义送审")
        parser.add_argument("--pass-reason", dest="reason", default="", metavar="理由", help="给能放行的提醒写上这条理由，署他的名字")
        parser.add_argument("--dry-run", action="store_true", help="只看有几份，不送")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 — Django's signature
        """Submit every draft the person may write for, and name those that stay."""
        now = workdays.business_now()
        try:
            actor = accounts.find_actor(name=options["name"], on=day_of(now))
        except NotFound as refusal:
            raise CommandError(str(refusal)) from refusal
        sent, stayed = 0, 0
        for draft in list(publishing.iterate_drafts(unit_ids=actor.units(Right.WRITE), state=EditionState.DRAFT)):
            if options["dry_run"]:
                stayed += 1
                continue
            try:
                publishing.submit_with_reason(publication=draft.uuid, reason=options["reason"], actor=actor, now=now)
                sent += 1
            except Refusal as refusal:
                stayed += 1
                self.stdout.write(f"没有送审：{draft.title}\n    {refusal}")
        self.stdout.write(f"共 {sent + stayed} 份草稿，送审 {sent} 份，留着 {stayed} 份。")
