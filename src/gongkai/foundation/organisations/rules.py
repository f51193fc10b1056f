import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gongkai.foundation.organisations.kinds import UnitKind
from gongkai.lib.sheets import SheetRow, read_day

MAX_CODE = 20
MAX_UNIT_NAME = 60
MAX_SHORT_NAME = 20
MAX_TELEPHONE = 30
MAX_POST_CODE = 30
MAX_TITLE = 40
MAX_OFFICER_NAME = 40

_DOTS = str.maketrans(dict.fromkeys("・•‧∙⋅．᛫●", "·"))
_BLANKS_IN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})
_KINDS = {kind.label: kind for kind in UnitKind}


@dataclass(frozen=True)
class UnitLine:
    """One row of the table of units (单位), read."""

    row: SheetRow
    code: str
    name: str
    short_name: str
    kind: UnitKind | None
    parent_code: str
    telephone: str
    usual_names: tuple[str, ...]
    is_active: bool


@dataclass(frozen=True)
class PostLine:
    """One row of the table of posts (岗位), read."""

    row: SheetRow
    code: str
    unit_code: str
    title: str
    is_duty_post: bool
    is_active: bool


@dataclass(frozen=True)
class OfficerLine:
    """One row of the table of officers (人员), read."""

    row: SheetRow
    name: str
    is_active: bool


@dataclass(frozen=True)
class HoldingLine:
    """One row of the table of holdings (任职), read. `from_date` is None when it could not be read."""

    row: SheetRow
    post_code: str
    name: str
    from_date: date | None
    to_date: date | None


def clean_name(name: str) -> str:
    """A person's name as it is stored and compared (姓名).

    One form of width and of the dot inside it, no blanks between Chinese characters, nothing invisible: no database chokes on the result.
    """
    folded = unicodedata.normalize("NFKC", name.translate(_DOTS)).translate(_DOTS)
    visible = "".join(character for character in folded if unicodedata.category(character) not in _INVISIBLE)
    return _BLANKS_IN_CHINESE.sub("", visible.strip())


def read_units(rows: Iterable[SheetRow], problems: list[str]) -> list[UnitLine]:
    """The rows of 单位, with complaints about single cells added to `problems`."""
    lines = []
    for row in rows:
        kind = _KINDS.get(row["类型"])
        if kind is None:
            problems.append(row.problem("类型", f"只能是{'、'.join(_KINDS)}。"))
        lines.append(
            UnitLine(
                row=row,
                code=_text(row, "代码", MAX_CODE, problems),
                name=_text(row, "名称", MAX_UNIT_NAME, problems),
                short_name=_text(row, "简称", MAX_SHORT_NAME, problems) if row["简称"] else row["名称"][:MAX_SHORT_NAME],
                kind=kind,
                parent_code=row["上级代码"],
                telephone=_text(row, "电话", MAX_TELEPHONE, problems) if row["电话"] else "",
                usual_names=tuple(name for name in re.split(r"[;；、]\s*", row["通称"]) if name),
                is_active=_yes(row, "在用", problems, empty=True),
            )
        )
    return lines


def read_posts(rows: Iterable[SheetRow], problems: list[str]) -> list[PostLine]:
    """The rows of 岗位, with complaints about single cells added to `problems`."""
    return [
        PostLine(
            row=row,
            code=_text(row, "代码", MAX_POST_CODE, problems),
            unit_code=row["单位代码"],
            title=_text(row, "名称", MAX_TITLE, problems),
            is_duty_post=_yes(row, "承担公开事项", problems, empty=False),
            is_active=_yes(row, "在用", problems, empty=True),
        )
        for row in rows
    ]


def read_officers(rows: Iterable[SheetRow], problems: list[str]) -> list[OfficerLine]:
    """The rows of 人员, with complaints about single cells added to `problems`."""
    return [
        OfficerLine(row, clean_name(_text(row, "姓名", MAX_OFFICER_NAME, problems)), _yes(row, "在职", problems, empty=True))
        for row in rows
    ]


def read_holdings(rows: Iterable[SheetRow], problems: list[str]) -> list[HoldingLine]:
    """The rows of 任职, with complaints about single cells added to `problems`."""
    lines = []
    for row in rows:
        begins = _day(row, "起", problems)
        ends = _day(row, "止", problems) if row["止"] else None
        if begins and ends and ends < begins:
            problems.append(row.problem("止", f"早于开始的 {begins.isoformat()}。止是任职的最后一天。"))
        if not row["起"]:
            problems.append(row.problem("起", "请写上任的日子，如 2026-01-01。"))
        lines.append(HoldingLine(row, row["岗位代码"], clean_name(row["姓名"]), begins, ends))
    return lines


def check_units(units: Sequence[UnitLine]) -> list[str]:
    """What is wrong with the tree (单位树): codes and names that occur twice, no or several bureaus, wrong parents, circles."""
    by_code = {unit.code: unit for unit in units}
    bureaus = [unit for unit in units if unit.kind is UnitKind.BUREAU]
    problems = _twice((unit.row, "代码", unit.code) for unit in units)
    problems += _twice((unit.row, "名称", unit.name) for unit in units)
    if not bureaus:
        problems.append(f"单位表里没有类型为“{UnitKind.BUREAU.label}”的一行。请写上本机关，它没有上级代码。")
    problems += [unit.row.problem("类型", f"本机关只能有一个，上面已有{bureaus[0].name}。") for unit in bureaus[1:]]
    for unit in units:
        problems += _check_parent(unit, by_code)
    problems += _check_usual_names(units)
    return problems


def _check_parent(unit: UnitLine, by_code: Mapping[str, UnitLine]) -> list[str]:
    row = unit.row
    if unit.kind is UnitKind.BUREAU:
        return [row.problem("上级代码", "本机关没有上级，请留空。")] if unit.parent_code else []
    parent = by_code.get(unit.parent_code)
    if parent is None:
        return [row.problem("上级代码", "单位表里没有这个代码。请填上级单位的代码。")]
    if unit.is_active and not parent.is_active:
        return [row.problem("上级代码", f"上级{parent.name}已不在用。请换一个上级，或把这个单位也改为不在用。")]
    seen = {unit.code}
    above: UnitLine | None = parent
    while above is not None:
        if above.code in seen:
            return [row.problem("上级代码", "上下级绕成了一圈。请理顺上级代码。")]
        seen.add(above.code)
        above = by_code.get(above.parent_code)
    return []


def _check_usual_names(units: Sequence[UnitLine]) -> list[str]:
    """A name has to lead to one unit."""
    owners: dict[str, UnitLine] = {}
    problems = []
    for unit in units:
        if not unit.is_active:
            continue
        for name in {unit.name, unit.short_name, *unit.usual_names}:
            owner = owners.setdefault(name, unit)
            if owner is not unit:
                column = "通称" if name in unit.usual_names else "简称" if name == unit.short_name else "名称"
                problems.append(unit.row.problem(column, f"“{name}”已经是{owner.name}的叫法。一个叫法只能指一个单位。"))
    return problems


def check_posts(posts: Sequence[PostLine], units: Sequence[UnitLine]) -> list[str]:
    """What is wrong with the posts (岗位) against the units: codes twice, unknown or closed units, two duty posts of one unit."""
    by_code = {unit.code: unit for unit in units}
    problems = _twice((post.row, "代码", post.code) for post in posts)
    duty_posts: dict[str, PostLine] = {}
    for post in posts:
        unit = by_code.get(post.unit_code)
        if unit is None:
            problems.append(post.row.problem("单位代码", "单位表里没有这个代码。请填岗位所在单位的代码。"))
        elif post.is_active and not unit.is_active:
            problems.append(post.row.problem("单位代码", f"{unit.name}已不在用。请换单位，或把岗位也改为不在用。"))
        if post.is_duty_post and post.is_active and duty_posts.setdefault(post.unit_code, post) is not post:
            first = duty_posts[post.unit_code]
            problems.append(post.row.problem("承担公开事项", f"这个单位已由{first.title}（{first.code}）承担。一个单位只能有一个。"))
    return problems


def check_officers(officers: Sequence[OfficerLine]) -> list[str]:
    """Names that occur twice among the officers (人员): people sign with them."""
    return _twice(((officer.row, "姓名", officer.name) for officer in officers), "同名的请加注，如 张三（规划科）。")


def check_holdings(holdings: Sequence[HoldingLine], posts: Sequence[PostLine], officers: Sequence[OfficerLine]) -> list[str]:
    """What is wrong with the holdings (任职): unknown posts or people, open ones of a post or person out of use, two holders at a time."""
    known_posts = {post.code: post for post in posts}
    known_officers = {officer.name: officer for officer in officers}
    problems = []
    for holding in holdings:
        post = known_posts.get(holding.post_code)
        officer = known_officers.get(holding.name)
        if post is None:
            problems.append(holding.row.problem("岗位代码", "岗位表里没有这个代码。请填岗位的代码。"))
        elif not post.is_active and holding.to_date is None:
            problems.append(holding.row.problem("止", f"岗位{post.title}已不在用。请写上任职的最后一天。"))
        if officer is None:
            problems.append(holding.row.problem("姓名", "人员表里没有这个人。请先在人员表里加一行。"))
        elif not officer.is_active and holding.to_date is None:
            problems.append(holding.row.problem("止", f"{officer.name}已离职。请写上任职的最后一天。"))
    return problems + _check_overlaps(holdings)


def _check_overlaps(holdings: Iterable[HoldingLine]) -> list[str]:
    by_post: dict[str, list[tuple[date, HoldingLine]]] = defaultdict(list)
    for holding in holdings:
        if holding.from_date:
            by_post[holding.post_code].append((holding.from_date, holding))
    problems = []
    for dated in by_post.values():
        dated.sort(key=lambda pair: pair[0])
        for (_, earlier), (begins, later) in pairwise(dated):
            if earlier.to_date is None or earlier.to_date >= begins:
                until = earlier.to_date.isoformat() if earlier.to_date else "现在"
                problems.append(later.row.problem("起", f"这个岗位到{until}还由{earlier.name}担任。请先写上前任的最后一天，后任从次日起。"))
    return problems


def order_from_the_top(units: Iterable[UnitLine]) -> list[UnitLine]:
    """The units so that each comes after the one above it: the order in which they can be saved. The tree has to be checked before."""
    children: dict[str, list[UnitLine]] = defaultdict(list)
    for unit in units:
        children[unit.parent_code].append(unit)
    ordered = list(children[""])
    for unit in ordered:  # grows while it is walked
        ordered.extend(children[unit.code])
    return ordered


def _text(row: SheetRow, column: str, longest: int, problems: list[str]) -> str:
    text = row[column]
    if not text:
        problems.append(row.problem(column, "这一格要填。"))
    elif len(text) > longest:
        problems.append(row.problem(column, f"有 {len(text)} 个字，最多 {longest} 个。请写短些。"))
    return text


def _yes(row: SheetRow, column: str, problems: list[str], *, empty: bool) -> bool:
    text = row[column]
    if text not in {"是", "否", ""}:
        problems.append(row.problem(column, f"只能写是或否，空着就是{'是' if empty else '否'}。"))
    return empty if not text else text == "是"


def _day(row: SheetRow, column: str, problems: list[str]) -> date | None:
    if not row[column]:
        return None
    try:
        return read_day(row[column])
    except ValueError:
        problems.append(row.problem(column, "不是一个日子。请写成 2026-01-01 这样。"))
        return None


def _twice(cells: Iterable[tuple[SheetRow, str, str]], advice: str = "请改成不同的。") -> list[str]:
    first: dict[str, SheetRow] = {}
    problems = []
    for row, column, value in cells:
        if value and first.setdefault(value, row) is not row:
            problems.append(row.problem(column, f"和{first[value].place}重复。{advice}"))
    return problems
