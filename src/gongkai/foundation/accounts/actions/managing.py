"""What a security administrator does to the accounts of others (管理账号). Nobody does any of it to himself."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from gongkai.foundation.accounts.actions.accounts import make_account
from gongkai.foundation.accounts.actions.factors import remove_factors
from gongkai.foundation.accounts.actions.notices import notify
from gongkai.foundation.accounts.actions.sessions import end_sessions, remove_sessions
from gongkai.foundation.accounts.kinds import SYSTEM, AccountNoticeKind, Actor, NewAccount, Right, Role
from gongkai.foundation.accounts.models import PostRole, ProviderIdentity, TryTally, User
from gongkai.foundation.accounts.rules import ADMINISTRATORS
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound
from gongkai.lib.moments import day_of

ONESELF = "不能管自己的账号和角色。请另一位安全管理员办，或者由系统管理员在服务器上用命令办。"


@transaction.atomic
def reset_second_factor(*, user: User, actor: Actor, now: datetime) -> None:
    """Take away authenticator and recovery codes (重设第二步验证) after a telephone was lost: the person sets up a new one.

    His sessions end and he is told. Raises: NotAllowed; ActNotPossible when there is nothing to reset.
    """
    refuse_strangers(user, actor, now=now)
    if remove_factors(user) == 0:
        raise ActNotPossible(f"{user.username}没有启用验证器，不用重设。")
    remove_sessions(user)
    notify(user=user, kind=AccountNoticeKind.FACTORS_RESET, actor=actor, now=now)
    audit.record(actor=actor, act="accounts.reset_second_factor", subject=user.officer.uuid, at=now)


@transaction.atomic
def lift_locks(*, user: User, actor: Actor, now: datetime) -> None:
    """Let somebody try again at once (解除锁定). Raises: NotAllowed; ActNotPossible when he does not have to wait."""
    refuse_strangers(user, actor, now=now)
    if TryTally.objects.filter(user=user).delete()[0] == 0:
        raise ActNotPossible(f"{user.username}的账号没有锁定，也没有试错记录，不用解除。")
    audit.record(actor=actor, act="accounts.lift_locks", subject=user.officer.uuid, at=now)


@transaction.atomic
def lift_address(*, tally_id: int, actor: Actor, now: datetime) -> str:
    """Let a network address try again at once (解除地址锁定). Returns the address. Raises: NotAllowed; NotFound when it is free already."""
    refuse_without_right(actor)
    row = TryTally.objects.filter(pk=tally_id, user=None).exclude(address="").first()
    if row is None:
        raise NotFound("这个网络地址没有锁定，可能刚解除或者已经到时间。")
    row.delete()
    audit.record(actor=actor, act="accounts.lift_address", subject=None, at=now, about={"address": row.address})
    return row.address


@transaction.atomic
def end_all_sessions(*, user: User, actor: Actor, now: datetime) -> None:
    """End somebody's sessions everywhere (结束会话); he is told. Raises: NotAllowed; ActNotPossible when he is signed in nowhere."""
    refuse_strangers(user, actor, now=now)
    if end_sessions(user=user, actor=actor, now=now) == 0:
        raise ActNotPossible(f"{user.username}现在没有登录。")
    notify(user=user, kind=AccountNoticeKind.SESSIONS_ENDED, actor=actor, now=now)


@transaction.atomic
def release_identity(*, user: User, actor: Actor, now: datetime) -> None:
    """Forget which person of the identity provider an account belongs to (解除绑定), so that it is bound anew; he is told.

    Raises: NotAllowed; ActNotPossible when it is not bound.
    """
    refuse_strangers(user, actor, now=now)
    if ProviderIdentity.objects.filter(user=user).delete()[0] == 0:
        raise ActNotPossible(f"{user.username}的账号没有绑定统一身份认证，不用解除。")
    notify(user=user, kind=AccountNoticeKind.IDENTITY_RELEASED, actor=actor, now=now)
    audit.record(actor=actor, act="accounts.release_identity", subject=user.officer.uuid, at=now)


@transaction.atomic
def open_account(*, officer_id: int, actor: Actor, now: datetime) -> NewAccount:
    """Make the account of an officer in service who has none (建立账号), with a one-time password that is told once.

    Raises: NotAllowed; ActNotPossible when he has one or has left.
    """
    officer = organisations.get_officer(officer_id)
    refuse_without_right(actor, units_of(officer.id, now))
    if not officer.is_active:
        raise ActNotPossible(f"{officer.name}已离职，不能建账号。")
    if User.objects.filter(officer_id=officer.id).exists():
        raise ActNotPossible(f"{officer.name}已有账号，不用再建。")
    return make_account(officer, actor=actor, now=now)


@transaction.atomic
def give_role(*, post: PostRow, role: Role, scope_id: int, actor: Actor, now: datetime) -> None:
    """Give a post a role for a unit and all below it (授予角色). Whoever holds the post has it from now on.

    Raises: NotAllowed; BadInput where the administrators would not be apart any more (三员分立), or the post has it.
    """
    refuse_over_role(post, scope_id, actor)
    holder = post.holder
    posts = {other.id for other in organisations.list_posts_of(officer_id=holder.id, on=day_of(now))} if holder else set()
    held = {Role(one) for one in PostRole.objects.filter(post_id__in=posts | {post.id}).values_list("role", flat=True)}
    together = held | {role}
    if len(together) > 1 and together & ADMINISTRATORS:
        whose = holder.name if holder else f"岗位{post.title}"
        labels = "、".join(one.label for one in Role if one in together)
        raise BadInput(f"{whose}会同时有{labels}。系统、安全、审计三员要分开，也不能兼办业务。请换一个人的岗位。", field="role")
    _, is_new = PostRole.objects.get_or_create(post_id=post.id, role=role.value, scope_id=scope_id)
    if not is_new:
        raise BadInput("这个岗位已有这个角色。", field="role")
    about: Mapping[str, str | int] = {"post": post.id, "role": role.value, "scope": scope_id}
    audit.record(actor=actor, act="accounts.give_role", subject=None, at=now, about=about)


@transaction.atomic
def take_role(*, post: PostRow, role_id: int, actor: Actor, now: datetime) -> Role:
    """Take a role from a post (收回角色): whoever holds the post is without it at his next request. Returns which it was.

    Raises: NotAllowed; NotFound when it is taken already; ActNotPossible when it is the last security administrator's.
    """
    row = PostRole.objects.filter(pk=role_id, post_id=post.id).first()
    if row is None:
        raise NotFound("这个岗位没有这个角色，可能刚被收回。请刷新后再看。")
    refuse_over_role(post, row.scope_id, actor)
    role = Role(row.role)
    if role is Role.SECURITY_ADMIN and not PostRole.objects.filter(role=role.value).exclude(pk=row.pk).exists():
        raise ActNotPossible("这是最后一个安全管理员，不能收回：以后就没有人能管账号了。请先授予另一个岗位。")
    row.delete()
    about: Mapping[str, str | int] = {"post": post.id, "role": role.value, "scope": row.scope_id}
    audit.record(actor=actor, act="accounts.take_role", subject=None, at=now, about=about)
    return role


def refuse_over_role(post: PostRow, scope_id: int, actor: Actor) -> None:
    """Refuse whoever may not change this post's roles: neither those of other units, nor his own. Raises: NotAllowed."""
    refuse_without_right(actor, {post.unit_id, scope_id})
    if post.holder is not None and post.holder.id == actor.officer_id:
        raise NotAllowed(ONESELF)


def refuse_strangers(user: User, actor: Actor, *, now: datetime) -> None:
    """Refuse whoever may not manage this account: of another unit, or his own. Raises: NotAllowed."""
    if actor.officer_id == user.officer_id:
        raise NotAllowed(ONESELF)
    refuse_without_right(actor, units_of(user.officer_id, now))


def refuse_without_right(actor: Actor, unit_ids: set[int] | None = None) -> None:
    """Refuse whoever has not the right to manage accounts, for these units where some are named. Raises: NotAllowed."""
    held = actor.units(Right.MANAGE_ACCOUNTS)
    if actor != SYSTEM and not (held and (unit_ids or set()) <= held):
        raise NotAllowed("这个账号或岗位不归您管。管账号要有“管理账号”权限，范围到它的单位。")


def units_of(officer_id: int, now: datetime) -> set[int]:
    """Units of the posts somebody holds today; the bureau itself for one without a post."""
    posts = organisations.list_posts_of(officer_id=officer_id, on=day_of(now))
    return {post.unit_id for post in posts} or {organisations.get_bureau().id}
