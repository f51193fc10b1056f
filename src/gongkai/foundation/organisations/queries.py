from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from tree_queries.query import TreeQuerySet

from gongkai.foundation.organisations.kinds import OfficerRow, PostRow, UnitKind, UnitRow
from gongkai.foundation.organisations.models import Officer, Post, PostHolding, Unit
from gongkai.foundation.organisations.rules import clean_name
from gongkai.lib.errors import NotFound


def list_units() -> list[UnitRow]:
    """All units in use (单位), each one followed by those below it."""
    units: QuerySet[Unit] = TreeQuerySet(Unit).with_tree_fields().order_siblings_by("order", "id").filter(is_active=True)
    return [_unit_row(unit) for unit in units]


def get_unit(unit_id: int) -> UnitRow:
    """The unit (单位) of that id, also one that is no longer in use.

    Raises: NotFound.
    """
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("没有这个单位，请从单位列表里选。")
    return _unit_row(unit)


def get_bureau() -> UnitRow:
    """The bureau itself (本机关), above all other units.

    Raises: NotFound while no organisation has been loaded.
    """
    unit = Unit.objects.filter(kind=UnitKind.BUREAU.value).first()
    if unit is None:
        raise NotFound("还没有装入机构人员，请先运行 gongkai import organisation。")
    return _unit_row(unit)


def find_unit_by_usual_name(name: str) -> UnitRow | None:
    """The unit in use that answers to this name: its name, its short name, or what the catalogue calls it (通称). None when none does."""
    wanted = name.strip()
    if not wanted:
        return None
    for unit in Unit.objects.filter(is_active=True).order_by("order", "id"):
        if wanted in {unit.name, unit.short_name, *unit.usual_names}:
            return _unit_row(unit)
    return None


def list_units_below(unit_id: int) -> frozenset[int]:
    """Ids of a unit and of all units below it in the tree, also those no longer in use; empty when there is no such unit."""
    below: QuerySet[Unit] = TreeQuerySet(Unit).descendants(unit_id, include_self=True)
    return frozenset(below.values_list("pk", flat=True))


def list_parents() -> dict[int, int | None]:
    """The whole tree (单位树) as pairs of unit id and id of the unit above it; None for the bureau. One query."""
    return dict(Unit.objects.values_list("pk", "parent_id"))


def get_officer(officer_id: int) -> OfficerRow:
    """The officer (人员) of that id, also one who left.

    Raises: NotFound.
    """
    officer = Officer.objects.filter(pk=officer_id).first()
    if officer is None:
        raise NotFound("没有这个人，请从人员列表里选。")
    return _officer_row(officer)


def find_officer(*, name: str) -> OfficerRow | None:
    """The officer of that name (人员), also one who left. The name is unique in the bureau; None when nobody has it."""
    officer = Officer.objects.filter(name=clean_name(name)).first()
    return _officer_row(officer) if officer else None


def list_officers() -> list[OfficerRow]:
    """All officers in service (在职人员), in the order in which they were first loaded."""
    return [_officer_row(officer) for officer in Officer.objects.filter(is_active=True).order_by("pk")]


def list_posts(*, unit_id: int | None = None, on: date) -> list[PostRow]:
    """Posts in use of one unit, without those below it, or of all units when it is None, with their holders on that day (岗位)."""
    posts = Post.objects.filter(is_active=True) if unit_id is None else Post.objects.filter(is_active=True, unit_id=unit_id)
    return [_post_row(post) for post in _with_holders(posts, on).order_by("unit__order", "pk")]


def find_post(*, post_id: int, on: date) -> PostRow | None:
    """The post of that id with its holder on that day (岗位), also one that is no longer in use; None when there is none."""
    post = _with_holders(Post.objects.filter(pk=post_id), on).first()
    return _post_row(post) if post else None


def list_posts_of(*, officer_id: int, on: date) -> list[PostRow]:
    """Posts in use that somebody holds on that day (所任岗位), the one he has held longest first; empty for one who left. One query."""
    holdings = (
        PostHolding.objects.filter(_holds(on), officer_id=officer_id, officer__is_active=True, post__is_active=True)
        .select_related("officer", "post__unit")
        .order_by("from_date", "pk")
    )
    return [_post_row(holding.post, holding.officer) for holding in holdings]


def list_unmanned_posts(*, unit_ids: Collection[int], on: date) -> list[PostRow]:
    """Posts of some units that nobody holds on that day (空缺岗位), those out of use among them: what they owe is there."""
    held = PostHolding.objects.filter(_holds(on), post=OuterRef("pk"), officer__is_active=True)
    posts = Post.objects.filter(~Exists(held) | Q(is_active=False), unit_id__in=sorted(unit_ids)).select_related("unit")
    return [_post_row(post) for post in posts.order_by("unit__order", "pk")]


def get_duty_post(*, unit_id: int, on: date | None = None) -> PostRow | None:
    """The unit's post for openness (公开专员), to which its obligations belong; None when the unit has none.

    Its holder is told only when a day is given.
    """
    posts = Post.objects.filter(unit_id=unit_id, is_duty_post=True, is_active=True)
    if on is None:
        post = posts.select_related("unit").first()
        return _post_row(post) if post else None
    held = _with_holders(posts, on).first()
    return _post_row(held) if held else None


def _holds(on: date) -> Q:
    return Q(from_date__lte=on) & (Q(to_date__isnull=True) | Q(to_date__gte=on))


def _with_holders(posts: QuerySet[Post], on: date) -> QuerySet[Post]:
    """The posts with their unit and, as `held_now`, the holding of that day: two queries, however many posts."""
    holdings = PostHolding.objects.filter(_holds(on), officer__is_active=True).select_related("officer")
    return posts.select_related("unit").prefetch_related(Prefetch("holdings", holdings, to_attr="held_now"))


def _post_row(post: Post, holder: Officer | None = None) -> PostRow:
    held: list[PostHolding] = getattr(post, "held_now", [])
    officer = holder or (held[0].officer if held else None)
    return PostRow(post.pk, post.code, post.title, post.unit_id, post.unit.name, _officer_row(officer) if officer else None, post.is_active)


def _officer_row(officer: Officer) -> OfficerRow:
    return OfficerRow(officer.pk, officer.uuid, officer.name, officer.is_active)


def _unit_row(unit: Unit) -> UnitRow:
    return UnitRow(
        id=unit.pk,
        uuid=unit.uuid,
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        kind=UnitKind(unit.kind),
        telephone=unit.telephone,
        parent_id=unit.parent_id,
    )
