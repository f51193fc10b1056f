from datetime import date

from gongkai.foundation.accounts.kinds import Actor, Role
from gongkai.foundation.accounts.models import PostRole
from gongkai.foundation.accounts.rules import Grant, build_rights
from gongkai.foundation.organisations import api as organisations
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


def build_actor(*, officer_id: int, name: str, on: date) -> Actor:
    """An officer in service, whose name is known already, with his rights on that day (办事人). Three queries, whatever he holds.

    His own unit is that of the post he has held longest.
    """
    posts = organisations.list_posts_of(officer_id=officer_id, on=on)
    roles = PostRole.objects.filter(post_id__in=[post.id for post in posts]).values_list("role", "scope_id")
    rights = build_rights((Grant(Role(role), scope_id) for role, scope_id in roles), organisations.list_parents())
    return Actor(officer_id=officer_id, name=name, unit_id=posts[0].unit_id if posts else None, rights=rights)


def list_granters(*, on: date) -> list[str]:
    """Names of those who give rights on that day (安全管理员), for the words of a refusal."""
    posts = set(PostRole.objects.filter(role=Role.SECURITY_ADMIN.value).values_list("post_id", flat=True))
    return [post.holder.name for post in organisations.list_posts(on=on) if post.id in posts and post.holder]
