from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import F, Q

from gongkai.foundation.accounts.kinds import Actor, Right, Role, SecondFactorView, SessionRow, SignInWay
from gongkai.foundation.accounts.models import Authenticator, DeskSession, PostRole, RecoveryCode
from gongkai.foundation.accounts.rules import ROLE_RIGHTS, Grant, build_rights, mark_session
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.errors import NotFound


def get_actor(*, officer_id: int, on: date) -> Actor:
    """An officer with the rights he holds on that day (办事人): those of his posts, down the unit tree. None for one who left.

    Raises: NotFound.
    """
    officer = organisations.get_officer(officer_id)
    return build_actor(officer_id=officer.id, name=officer.name, on=on)


def find_actor(*, name: str, on: date) -> Actor:
    """The officer of that name with the rights he holds on that day (办事人): for commands that act as somebody.

    Raises: NotFound, in words.
    """
    officer = organisations.find_officer(name=name)
    if officer is None:
        raise NotFound(f"没有叫“{name}”的人。请写人员表里的姓名。")
    if not officer.is_active:
        raise NotFound(f"{officer.name}已离职，不能以他的名义办理。请换在职的人。")
    return build_actor(officer_id=officer.id, name=officer.name, on=on)


def build_actor(*, officer_id: int, name: str, on: date, posts: Sequence[PostRow] | None = None) -> Actor:
    """An officer in service, whose name is known already, with his rights on that day (办事人). Three queries, whatever he holds.

    `posts`: those he holds, where they have been read already. His own unit is that of the post he has held longest.
    """
    posts = organisations.list_posts_of(officer_id=officer_id, on=on) if posts is None else posts
    roles = PostRole.objects.filter(post_id__in=[post.id for post in posts]).values_list("role", "scope_id")
    rights = build_rights((Grant(Role(role), scope_id) for role, scope_id in roles), organisations.list_parents())
    return Actor(officer_id=officer_id, name=name, unit_id=posts[0].unit_id if posts else None, rights=rights)


def has_second_factor(*, user_id: int) -> bool:
    """Whether an account's sign-in has a second step (第二步验证)."""
    return Authenticator.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists()


def get_second_factor(*, user_id: int) -> SecondFactorView:
    """How the second step of an account stands (第二步验证): since when, and how many recovery codes are left."""
    since = Authenticator.objects.filter(user_id=user_id, confirmed_at__isnull=False).values_list("confirmed_at", flat=True).first()
    left = RecoveryCode.objects.filter(user_id=user_id, used_at=None).count()
    return SecondFactorView(since, left, settings.SECOND_FACTOR_REQUIRED)


def list_sessions(*, user_id: int, key: str | None, at_system: datetime) -> list[SessionRow]:
    """Where somebody is signed in (登录会话), the one with this key first, then by when it was last seen."""
    rows = DeskSession.objects.filter(user_id=user_id, expire_date__gt=at_system).order_by(F("seen_at").desc(nulls_last=True), "pk")
    found = [
        SessionRow(
            mark=mark_session(row.session_key),
            browser=row.browser,
            address=row.address,
            way=SignInWay(row.way) if row.way else None,
            started_at=row.started_at,
            seen_at=row.seen_at,
            is_this=row.session_key == key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.is_this)


def list_granters(*, on: date) -> list[str]:
    """Names of those who give rights on that day (安全管理员), for the words of a refusal."""
    posts = set(PostRole.objects.filter(role=Role.SECURITY_ADMIN.value).values_list("post_id", flat=True))
    return [post.holder.name for post in organisations.list_posts(on=on) if post.id in posts and post.holder]


def list_holders(*, right: Right, on: date, unit_id: int | None = None) -> list[str]:
    """Who holds a right on that day (有权的人), for the words of a refusal: names with their posts, the unit's own people first.

    `unit_id` None: for any unit.
    """
    posts = sorted(list_manned_posts(on=on), key=lambda pair: pair[0].unit_id != unit_id)
    holding = [post for post, rights in posts if (unit_id in rights.get(right, ()) if unit_id else rights.get(right))]
    return list(dict.fromkeys(f"{post.holder.name}（{post.title}）" for post in holding if post.holder))


def list_manned_posts(*, on: date) -> list[tuple[PostRow, dict[Right, frozenset[int]]]]:
    """Every post that somebody holds on that day, with the rights it gives, each for its units (在任岗位和权限). Four queries."""
    parents = organisations.list_parents()
    roles: dict[int, list[Grant]] = defaultdict(list)
    for post_id, role, scope_id in PostRole.objects.order_by("pk").values_list("post_id", "role", "scope_id"):
        roles[post_id].append(Grant(Role(role), scope_id))
    return [(post, build_rights(roles[post.id], parents)) for post in organisations.list_posts(on=on) if post.holder]


def list_entitled(*, right: Right, unit_id: int, on: date) -> dict[int, str]:
    """Who holds a right for one unit on that day (有权的人): names by officer id, the unit's own people first. Two queries."""
    parents, above, unit = organisations.list_parents(), set[int](), unit_id
    while unit not in above:
        above.add(unit)
        unit = parents.get(unit) or unit
    roles = [role.value for role, rights in ROLE_RIGHTS.items() if right in rights]
    held = Q(post__holdings__from_date__lte=on) & (Q(post__holdings__to_date__isnull=True) | Q(post__holdings__to_date__gte=on))
    posts = PostRole.objects.filter(
        held, role__in=roles, scope_id__in=above, post__is_active=True, post__holdings__officer__is_active=True
    ).order_by("post_id", "pk")
    found = posts.values_list("post__unit_id", "post__holdings__officer_id", "post__holdings__officer__name")
    return {officer: name for _, officer, name in sorted(found, key=lambda row: row[0] != unit_id)}


def find_openness_officer(*, on: date) -> Actor | None:
    """Who runs the openness office on that day (政务公开办的经办人): in his name the bureau's own archives come in. None: post vacant."""
    wanted = [post_id for post_id, _ in list_openness_posts()]
    holders = {post.id: post.holder for post in organisations.list_posts(on=on) if post.holder}
    officer = next((holders[post_id] for post_id in wanted if post_id in holders), None)
    return build_actor(officer_id=officer.id, name=officer.name, on=on) if officer else None


def find_head_post(*, unit_id: int) -> int | None:
    """The post that leads a unit (负责人岗位): the one of that unit itself that reviews for it. None where none does.

    The bureau itself has none. Of several it is the one with the lowest id.
    """
    roles = PostRole.objects.filter(role=Role.UNIT_REVIEWER.value, post__unit_id=unit_id, post__is_active=True)
    return roles.order_by("post_id").values_list("post_id", flat=True).first()


def list_openness_posts() -> list[tuple[int, int]]:
    """The posts of the openness office (政务公开办岗位), each with the unit it belongs to."""
    roles = PostRole.objects.filter(role=Role.OPENNESS_OFFICE.value, post__is_active=True)
    return list(roles.order_by("post_id").values_list("post_id", "post__unit_id").distinct())


def list_posts_with(*, right: Right) -> frozenset[int]:
    """The posts that hold a right for their own unit (有权岗位), through a role for that unit or for one above it."""
    parents = organisations.list_parents()
    found = set()
    for post_id, unit_id, role, scope_id in PostRole.objects.values_list("post_id", "post__unit_id", "role", "scope_id"):
        if unit_id in build_rights([Grant(Role(role), scope_id)], parents).get(right, frozenset()):
            found.add(post_id)
    return frozenset(found)
