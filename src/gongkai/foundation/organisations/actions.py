from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.foundation.organisations.models import Officer, Post, PostHolding, Unit
from gongkai.foundation.organisations.rules import (
    HoldingLine,
    OfficerLine,
    PostLine,
    UnitLine,
    check_holdings,
    check_officers,
    check_posts,
    check_units,
    order_from_the_top,
    read_holdings,
    read_officers,
    read_posts,
    read_units,
)
from gongkai.foundation.organisations.tables import FORMS, HOLDINGS, OFFICERS, POSTS, UNITS
from gongkai.lib.errors import BadInput
from gongkai.lib.loading import LoadCount
from gongkai.lib.sheets import read_sheets, refuse

Stored = Unit | Post | Officer | PostHolding


@transaction.atomic
def load_organisation(*, source: Path, dry_run: bool = False) -> LoadCount:
    """Load units, posts, officers and holdings (机构人员) from a folder of CSV files or one .xlsx. All of it or nothing.

    The tables are the whole truth: again with the same ones changes nothing; a unit, post or officer that left them is taken out of use,
    never deleted. A holding that lasts must not disappear from them: it gets its last day.
    With `dry_run` all is checked and counted, and nothing stays.

    Raises: BadInput with every complaint, named by table, row, column and value.
    """
    units, posts, officers, holdings = _read(source)
    count = _keep_units(units)
    count += _keep_posts(posts)
    count += _keep_officers(officers)
    count += _keep_holdings(holdings)
    transaction.set_rollback(dry_run)
    return count


def _read(source: Path) -> tuple[list[UnitLine], list[PostLine], list[OfficerLine], list[HoldingLine]]:
    rows = read_sheets(source, FORMS)
    problems: list[str] = []
    units = read_units(rows[UNITS.title], problems)
    posts = read_posts(rows[POSTS.title], problems)
    officers = read_officers(rows[OFFICERS.title], problems)
    holdings = read_holdings(rows[HOLDINGS.title], problems)
    problems += check_units(units) + check_posts(posts, units) + check_officers(officers) + check_holdings(holdings, posts, officers)
    refuse(problems)
    return units, posts, officers, holdings


def _keep_units(lines: Sequence[UnitLine]) -> LoadCount:
    known = {unit.code: unit for unit in Unit.objects.all()}
    places = {line.code: place for place, line in enumerate(lines)}
    ids: dict[str, int] = {}
    count = LoadCount()
    for line in order_from_the_top(lines):
        values = {
            "name": line.name,
            "short_name": line.short_name,
            "kind": line.kind.value if line.kind else "",
            "parent_id": ids.get(line.parent_code),
            "telephone": line.telephone,
            "usual_names": list(line.usual_names),
            "order": places[line.code],
            "is_active": line.is_active,
        }
        unit = known.pop(line.code, None) or Unit(code=line.code)
        count += _keep(unit, values, line.row.place)
        ids[line.code] = unit.pk
    return count + LoadCount(changed=Unit.objects.filter(pk__in=_ids(known.values()), is_active=True).update(is_active=False))


def _keep_posts(lines: Sequence[PostLine]) -> LoadCount:
    known = {post.code: post for post in Post.objects.all()}
    unit_ids = dict(Unit.objects.values_list("code", "pk"))
    gone = _ids(post for code, post in known.items() if code not in {line.code for line in lines})
    count = LoadCount(changed=Post.objects.filter(pk__in=gone, is_active=True).update(is_active=False))
    # Those that give the openness duty away come before those that take it over: a unit has one at any moment.
    for line in sorted(lines, key=lambda line: line.is_duty_post and line.is_active):
        values = {
            "unit_id": unit_ids[line.unit_code],
            "title": line.title,
            "is_duty_post": line.is_duty_post,
            "is_active": line.is_active,
        }
        count += _keep(known.get(line.code) or Post(code=line.code), values, line.row.place)
    return count


def _keep_officers(lines: Sequence[OfficerLine]) -> LoadCount:
    known = {officer.name: officer for officer in Officer.objects.all()}
    count = LoadCount()
    for line in lines:
        officer = known.pop(line.name, None) or Officer(name=line.name)
        count += _keep(officer, {"is_active": line.is_active}, line.row.place)
    return count + LoadCount(changed=Officer.objects.filter(pk__in=_ids(known.values()), is_active=True).update(is_active=False))


def _keep_holdings(lines: Sequence[HoldingLine]) -> LoadCount:
    posts = dict(Post.objects.values_list("code", "pk"))
    officers = dict(Officer.objects.values_list("name", "pk"))
    stored = {(held.post_id, held.from_date): held for held in PostHolding.objects.select_related("post", "officer")}
    matched = [(line, stored.pop((posts[line.post_code], line.from_date), None)) for line in lines if line.from_date]
    # A corrected first day: the same person in the same post, still open, under another day.
    moved = {(held.post_id, held.officer_id): held for held in stored.values() if held.to_date is None}
    pairs = [(line, held or moved.pop((posts[line.post_code], officers[line.name]), None)) for line, held in matched]
    refuse([_missing(held) for held in moved.values()])
    count = LoadCount()
    for line, held in sorted(pairs, key=lambda pair: pair[0].to_date is None):  # those that end make room for those that follow
        values = {"officer_id": officers[line.name], "from_date": line.from_date, "to_date": line.to_date}
        count += _keep(held or PostHolding(post_id=posts[line.post_code]), values, line.row.place)
    return count


def _missing(held: PostHolding) -> str:
    return (
        f"{HOLDINGS.title}表里少了一行：{held.post.title}（{held.post.code}）由{held.officer.name}担任，{held.from_date.isoformat()} 起。"
        "任职结束请写上最后一天，不要删行。"
    )


def _keep(row: Stored, values: Mapping[str, object], place: str) -> LoadCount:
    """Write the values where they differ from what is stored."""
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return LoadCount(unchanged=1)
    is_new = row.pk is None
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise BadInput(f"{place}和已经装入的内容冲突，一行也没有装入：{''.join(error.messages)}") from error
    row.save()
    return LoadCount(created=1) if is_new else LoadCount(changed=1)


def _ids(rows: Iterable[Stored]) -> list[int]:
    return [row.pk for row in rows]
