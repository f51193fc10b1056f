from datetime import date
from itertools import count

from gongkai.foundation.organisations.kinds import UnitKind
from gongkai.foundation.organisations.models import Officer, Post, PostHolding, Unit

numbers = count(1)


def a_bureau(**known):
    """The bureau itself, the root of the tree."""
    return Unit.objects.create(**({"code": "LC00", "name": "临澄市自规局", "short_name": "市局", "kind": UnitKind.BUREAU.value} | known))


def a_unit(parent, **known):
    """A department below another unit."""
    number = next(numbers)
    values = {"code": f"U{number}", "name": f"业务{number}科", "short_name": f"业务{number}", "kind": UnitKind.DEPARTMENT.value}
    return Unit.objects.create(parent=parent, **(values | known))


def a_post(unit, **known):
    """A post of a unit."""
    return Post.objects.create(unit=unit, **({"code": f"P{next(numbers)}", "title": "公开专员"} | known))


def an_officer(name="周岚", **known):
    """A person in service."""
    return Officer.objects.create(name=name, **known)


def a_holding(post, officer, from_date=date(2024, 3, 1), to_date=None):
    """Somebody in a post."""
    return PostHolding.objects.create(post=post, officer=officer, from_date=from_date, to_date=to_date)
