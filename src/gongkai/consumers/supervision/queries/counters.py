"""What stands beside the entries of the sidebar: one query each, asked on every page of the desk."""

from collections.abc import Sequence
from datetime import datetime

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import DeskScope
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.foundation.ui.kinds import OpenItems


def my_scope(posts: Sequence[PostRow]) -> DeskScope:
    """What somebody owes (名下事项): the duties of his posts, without review steps, which belong to whoever may decide them."""
    return DeskScope(
        unit_ids=frozenset(post.unit_id for post in posts),
        post_ids=frozenset(post.id for post in posts),
        left_out=ledger.list_unheld_duties(),
    )


def review_scope(actor: Actor) -> DeskScope:
    """The review steps somebody may decide (待审事项), whoever holds their duties."""
    return DeskScope(subjects=publishing.select_review_steps(actor=actor))


def count_my_items(actor: Actor, posts: Sequence[PostRow], now: datetime) -> OpenItems:
    """What is due today or late for somebody (我的今日件数), and how many of it are overdue: one query."""
    count, late = ledger.count_pressing(scopes=[my_scope(posts), review_scope(actor)], now=now)
    return OpenItems(count, late)


def count_my_reviews(actor: Actor, _posts: Sequence[PostRow], _now: datetime) -> OpenItems:
    """How many texts wait for somebody's decision (待我审核件数): one query."""
    return OpenItems(publishing.count_review_queue(actor=actor))
