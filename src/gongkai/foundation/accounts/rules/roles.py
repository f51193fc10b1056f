from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongkai.foundation.accounts.kinds import Right, Role
from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.sheets import SheetForm, SheetRow

ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.CLERK: frozenset({Right.WRITE, Right.SEE_LEDGER}),
    Role.UNIT_REVIEWER: frozenset({Right.REVIEW_UNIT, Right.SEE_LEDGER, Right.REASSIGN}),
    Role.SECRECY_REVIEWER: frozenset({Right.REVIEW_SECRECY, Right.SEE_LEDGER, Right.REQUEST_PURGE}),
    Role.URGENT_RELEASER: frozenset({Right.RELEASE_URGENT, Right.SEE_LEDGER}),
    Role.SIGNER: frozenset({Right.SIGN, Right.SEE_LEDGER, Right.APPROVE_EXTENSION, Right.WITHDRAW}),
    Role.OPENNESS_OFFICE: frozenset(
        {
            Right.WRITE,
            Right.SEE_LEDGER,
            Right.PASS_IMPORTED,
            Right.REASSIGN,
            Right.APPROVE_EXTENSION,
            Right.MANAGE_CALENDAR,
            Right.WITHDRAW,
            Right.TAKE_DOWN,
            Right.MANAGE_OUTLETS,
        }
    ),
    # Whoever keeps watch in the evening and at weekends: he takes down and nothing else.
    Role.DUTY_OFFICER: frozenset({Right.TAKE_DOWN, Right.SEE_LEDGER}),
    Role.LEGAL_OFFICE: frozenset({Right.CONFIRM_TERMS, Right.SEE_LEDGER}),
    Role.SYSTEM_ADMIN: frozenset({Right.MANAGE_JOBS, Right.MANAGE_CALENDAR}),
    Role.SECURITY_ADMIN: frozenset({Right.MANAGE_ACCOUNTS, Right.APPROVE_PURGE}),
    Role.AUDIT_ADMIN: frozenset({Right.SEE_AUDIT}),
}
"""What each role may do. The three administrators share nothing with one another and nothing with those who write, review and sign."""

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
ROLES = SheetForm("角色", "roles.csv", ("岗位代码", "角色", "范围单位代码"))

_LABELS = {role.label: role for role in Role}


@dataclass(frozen=True)
class Grant:
    """One role for a unit and all below it (授权)."""

    role: Role
    scope_id: int


@dataclass(frozen=True)
class RoleLine:
    """One row of the table of roles (角色), read: every code in it is known."""

    row: SheetRow
    post: PostRow
    role: Role
    scope_id: int


def build_rights(grants: Iterable[Grant], parents: Mapping[int, int | None]) -> dict[Right, frozenset[int]]:
    """What a person may do for which units (权限), from the roles of his posts, down the unit tree.

    `parents` is the whole tree. Raises nothing: a role for a unit that is not in the tree gives nothing.
    """
    children: dict[int | None, list[int]] = defaultdict(list)
    for unit_id, parent_id in parents.items():
        children[parent_id].append(unit_id)
    held: dict[Right, set[int]] = defaultdict(set)
    for grant in keep_apart(grants):
        below = _list_below(grant.scope_id, children) if grant.scope_id in parents else set()
        for right in ROLE_RIGHTS[grant.role]:
            held[right] |= below
    return {right: frozenset(units) for right, units in held.items() if units}


def keep_apart(grants: Iterable[Grant]) -> list[Grant]:
    """The roles that count when one person holds them together (三员分立).

    Who administers does nothing else: where an administrator's role meets any other role, the administrator's does not count.
    """
    all_grants = list(grants)
    roles = {grant.role for grant in all_grants}
    if len(roles) > 1 and roles & ADMINISTRATORS:
        return [grant for grant in all_grants if grant.role not in ADMINISTRATORS]
    return all_grants


def _list_below(unit_id: int, children: Mapping[int | None, Sequence[int]]) -> set[int]:
    """A unit and all below it. A circle, which the loader refuses, ends it too."""
    found: set[int] = set()
    waiting = [unit_id]
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.add(unit)
            waiting.extend(children.get(unit, ()))
    return found


def read_roles(rows: Iterable[SheetRow], posts: Collection[PostRow], unit_ids: Mapping[str, int], problems: list[str]) -> list[RoleLine]:
    """The rows of 角色 that can be used, with complaints about the others added to `problems`."""
    by_code = {post.code: post for post in posts}
    lines: dict[tuple[int, Role, int], RoleLine] = {}
    for row in rows:
        post = by_code.get(row["岗位代码"])
        role = _LABELS.get(row["角色"])
        scope_id = unit_ids.get(row["范围单位代码"])
        if post is None:
            problems.append(row.problem("岗位代码", "岗位表里没有这个代码，或岗位已不在用。请填在用岗位的代码。"))
        if role is None:
            problems.append(row.problem("角色", f"只能是{'、'.join(_LABELS)}。"))
        if scope_id is None:
            problems.append(row.problem("范围单位代码", "单位表里没有这个代码，或单位已不在用。请填角色管到的单位，它的下级都在内。"))
        if post and role and scope_id:
            first = lines.setdefault((post.id, role, scope_id), RoleLine(row, post, role, scope_id))
            if first.row is not row:
                problems.append(row.problem("角色", f"和{first.row.place}重复。请删掉一行。"))
    return list(lines.values())


def check_apart(lines: Iterable[RoleLine]) -> list[str]:
    """Complaints where an administrator's role meets another one, at one post or in one person today (三员分立)."""
    by_person: dict[tuple[str, int], list[RoleLine]] = defaultdict(list)
    for line in lines:
        holder = line.post.holder
        by_person[("officer", holder.id) if holder else ("post", line.post.id)].append(line)
    problems = []
    for together in by_person.values():
        labels = "、".join(dict.fromkeys(line.role.label for line in together))
        if len({line.role for line in together}) > 1:
            problems += [
                line.row.problem("角色", f"{_whose(line)}同时有{labels}。系统、安全、审计三员要分开，也不能兼办业务。请改由别人担任。")
                for line in together
                if line.role in ADMINISTRATORS
            ]
    return problems


def _whose(line: RoleLine) -> str:
    return line.post.holder.name if line.post.holder else f"岗位{line.post.title}"
