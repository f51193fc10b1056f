from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from gongkai.foundation.accounts.kinds import AccountNoticeKind, AccountRow, AccountState, Actor, LockedAddress, PostRoleRow, Right, Role
from gongkai.foundation.accounts.models import AccountNotice, Authenticator, PostRole, ProviderIdentity, TryTally, User
from gongkai.foundation.accounts.rules import say_notice, tell_state
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import OfficerRow, PostRow
from gongkai.lib.errors import NotFound

PAGE_SIZE = 50
NOTICES_SHOWN = 10


def list_accounts(
    *, actor: Actor, on: date, at_system: datetime, words: str = "", state: AccountState | None = None, after: int = 0
) -> tuple[list[AccountRow], int | None]:
    """Accounts that somebody manages (账号), a page of them by name typed in part and by state; with where the next begins.

    Whose posts are all in his units; who has no post belongs to the bureau. Seven queries, however many rows.
    """
    posts = _posts_by_officer(organisations.list_posts(on=on))
    scope = actor.units(Right.MANAGE_ACCOUNTS)
    users = User.objects.filter(pk__gt=after).order_by("pk")
    if words:
        users = users.filter(username__contains=words)
    bureau = organisations.get_bureau().id
    mine = [
        user for user in users if {post.unit_id for post in posts[user.officer_id]} <= scope and (posts[user.officer_id] or bureau in scope)
    ]
    rows = [row for row in _rows(mine, posts, at_system) if state is None or row.state is state]
    more = rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None
    return rows[:PAGE_SIZE], more


def get_account(*, uuid: UUID, actor: Actor, on: date, at_system: datetime) -> tuple[User, AccountRow]:
    """An account that somebody manages, by the person's uuid (账号). Raises: NotFound, also for one that is not his to manage."""
    user = User.objects.filter(officer__uuid=uuid).first()
    posts = organisations.list_posts_of(officer_id=user.officer_id, on=on) if user else []
    units = {post.unit_id for post in posts} or {organisations.get_bureau().id}
    if user is None or not units <= actor.units(Right.MANAGE_ACCOUNTS):
        raise NotFound("没有这个账号，或者它不归您管。")
    (row,) = _rows([user], {user.officer_id: posts}, at_system)
    return user, row


def list_without_account(*, actor: Actor, on: date) -> list[tuple[OfficerRow, str]]:
    """Officers in service who have no account (没有账号的人) and whom somebody manages, each with his posts in words."""
    posts = _posts_by_officer(organisations.list_posts(on=on))
    known = set(User.objects.values_list("officer_id", flat=True))
    scope, bureau = actor.units(Right.MANAGE_ACCOUNTS), organisations.get_bureau().id
    return [
        (officer, say_posts(posts[officer.id]))
        for officer in organisations.list_officers()
        if officer.id not in known and ({post.unit_id for post in posts[officer.id]} or {bureau}) <= scope
    ]


def list_post_roles(*, actor: Actor, on: date) -> list[PostRoleRow]:
    """Posts that somebody manages with the roles they have (岗位角色), in the order of the units."""
    scope = actor.units(Right.MANAGE_ACCOUNTS)
    names = {unit.id: unit.short_name for unit in organisations.list_units()}
    roles: dict[int, list[tuple[int, Role, str]]] = defaultdict(list)
    for pk, post_id, role, scope_id in PostRole.objects.order_by("role", "pk").values_list("pk", "post_id", "role", "scope_id"):
        roles[post_id].append((pk, Role(role), names.get(scope_id, "停用的单位")))
    return [PostRoleRow(post, tuple(roles[post.id])) for post in organisations.list_posts(on=on) if post.unit_id in scope]


def list_locked_addresses(*, at_system: datetime) -> list[LockedAddress]:
    """Network addresses that have to wait (锁定的网络地址), those that wait longest first."""
    rows = TryTally.objects.filter(user=None, locked_until__gt=at_system).exclude(address="").order_by("-locked_until", "pk")
    return [LockedAddress(row.pk, row.address, row.locked_until) for row in rows[:PAGE_SIZE] if row.locked_until]


def is_bound(*, user_id: int) -> bool:
    """Whether an account belongs to a person of the identity provider (已绑定)."""
    return ProviderIdentity.objects.filter(user_id=user_id).exists()


def list_told(*, user_id: int) -> list[str]:
    """What others did to an account lately (账号通知), newest first, in words."""
    rows = AccountNotice.objects.filter(user_id=user_id).order_by("-at", "-id")[:NOTICES_SHOWN]
    return [say_notice(AccountNoticeKind(row.kind), row.by_name, row.at) for row in rows]


def say_posts(posts: Iterable[PostRow]) -> str:
    """Posts in words: 开发利用科公开专员、…; 没有岗位 where there is none."""
    return "、".join(f"{post.unit_name}{post.title}" for post in posts) or "没有岗位"


def _posts_by_officer(posts: Iterable[PostRow]) -> dict[int, list[PostRow]]:
    found: dict[int, list[PostRow]] = defaultdict(list)
    for post in posts:
        if post.holder:
            found[post.holder.id].append(post)
    return found


def _rows(users: Collection[User] | QuerySet[User], posts: dict[int, list[PostRow]], at_system: datetime) -> list[AccountRow]:
    ids = [user.pk for user in users]
    guarded = set(Authenticator.objects.filter(user_id__in=ids, confirmed_at__isnull=False).values_list("user_id", flat=True))
    waits: dict[int, datetime] = {}
    for user_id, until in TryTally.objects.filter(user_id__in=ids, locked_until__gt=at_system).values_list("user_id", "locked_until"):
        if user_id and until:
            waits[user_id] = max(until, waits.get(user_id, until))
    roles: dict[int, list[str]] = defaultdict(list)
    post_ids = {post.id: post for held in posts.values() for post in held}
    for post_id, role in PostRole.objects.filter(post_id__in=post_ids).order_by("pk").values_list("post_id", "role"):
        roles[post_id].append(Role(role).label)
    return [
        AccountRow(
            id=user.pk,
            uuid=user.officer.uuid,
            name=user.username,
            posts=say_posts(posts.get(user.officer_id, [])),
            roles="、".join(dict.fromkeys(label for post in posts.get(user.officer_id, []) for label in roles[post.id])),
            state=tell_state(is_in_service=user.officer.is_active, is_suspended=user.is_suspended, is_new=user.must_change_password),
            has_second_factor=user.pk in guarded,
            last_sign_in=user.last_login,
            locked_until=waits.get(user.pk),
        )
        for user in users
    ]
