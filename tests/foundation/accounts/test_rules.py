from itertools import combinations
from uuid import UUID

import pytest

from gongkai.foundation.accounts.kinds import Right, Role
from gongkai.foundation.accounts.rules import ADMINISTRATORS, ROLE_RIGHTS, ROLES, Grant, build_rights, check_apart, keep_apart, read_roles
from gongkai.foundation.organisations.kinds import OfficerRow, PostRow
from gongkai.lib.sheets import SheetRow

# bureau 1 > office 2 > openness office 3; bureau 1 > land use 4
TREE = {1: None, 2: 1, 3: 2, 4: 1}
WORK = {Right.WRITE, Right.REVIEW_UNIT, Right.REVIEW_SECRECY, Right.SIGN, Right.PASS_IMPORTED}
ZHOU = OfficerRow(1, UUID(int=1), "周岚")
CHEN = OfficerRow(2, UUID(int=2), "陈默")


def test_every_role_has_rights_and_every_right_a_role():
    assert set(ROLE_RIGHTS) == set(Role)
    assert set().union(*ROLE_RIGHTS.values()) == set(Right)


def test_the_three_administrators_share_nothing_with_one_another_or_with_the_work():
    for first, second in combinations(ADMINISTRATORS, 2):
        assert not ROLE_RIGHTS[first] & ROLE_RIGHTS[second]
    for role in ADMINISTRATORS:
        assert not ROLE_RIGHTS[role] & (WORK | {Right.SEE_LEDGER})


def test_no_single_role_both_writes_and_approves():
    approving = {Right.REVIEW_UNIT, Right.REVIEW_SECRECY, Right.SIGN}

    assert [role for role, rights in ROLE_RIGHTS.items() if Right.WRITE in rights and rights & approving] == []
    assert all(len(rights & approving) <= 1 for rights in ROLE_RIGHTS.values())


@pytest.mark.parametrize(("scope", "reached"), [(1, {1, 2, 3, 4}), (2, {2, 3}), (3, {3}), (4, {4})])
def test_a_role_reaches_down_the_tree_and_never_up_or_sideways(scope, reached):
    assert build_rights([Grant(Role.SIGNER, scope)], TREE)[Right.SIGN] == reached


def test_the_roles_of_two_posts_add_up():
    rights = build_rights([Grant(Role.CLERK, 3), Grant(Role.CLERK, 4), Grant(Role.UNIT_REVIEWER, 2)], TREE)

    assert rights == {Right.WRITE: {3, 4}, Right.REVIEW_UNIT: {2, 3}, Right.SEE_LEDGER: {2, 3, 4}, Right.REASSIGN: {2, 3}}


def test_a_unit_that_moved_takes_its_rights_to_its_new_place():
    moved = TREE | {3: 4}

    assert build_rights([Grant(Role.CLERK, 2)], moved)[Right.WRITE] == {2}
    assert build_rights([Grant(Role.CLERK, 4)], moved)[Right.WRITE] == {3, 4}


def test_no_role_no_rights_and_an_unknown_scope_gives_none():
    assert build_rights([], TREE) == {}
    assert build_rights([Grant(Role.CLERK, 99)], TREE) == {}


def test_a_circle_in_the_tree_ends():
    assert build_rights([Grant(Role.CLERK, 1)], {1: 2, 2: 1})[Right.WRITE] == {1, 2}


@pytest.mark.parametrize("other", [Role.CLERK, Role.SECURITY_ADMIN, Role.SIGNER])
def test_an_administrators_role_does_not_count_beside_another(other):
    rights = build_rights([Grant(Role.SYSTEM_ADMIN, 1), Grant(other, 1)], TREE)

    assert Right.MANAGE_JOBS not in rights
    assert Right.MANAGE_ACCOUNTS not in rights
    assert bool(rights) == (other not in ADMINISTRATORS)


def test_one_administrators_role_for_two_units_counts():
    grants = [Grant(Role.SYSTEM_ADMIN, 2), Grant(Role.SYSTEM_ADMIN, 4)]

    assert keep_apart(grants) == grants


def lines(*cells):
    posts = [
        PostRow(1, "P1", "公开专员", 4, "利用科", ZHOU),
        PostRow(2, "P2", "科长", 4, "利用科", CHEN),
        PostRow(3, "P3", "空岗", 4, "利用科", None),
        PostRow(4, "P4", "联络员", 1, "市局", ZHOU),
    ]
    rows = [SheetRow(f"roles.csv 第 {number} 行", dict(zip(ROLES.columns, line, strict=True))) for number, line in enumerate(cells, 2)]
    problems: list[str] = []
    read = read_roles(rows, posts, {"LC00": 1, "LC05": 4}, problems)
    return read, problems + check_apart(read)


def test_roles_are_read_from_their_labels():
    (line,), problems = lines(("P1", "公开专员", "LC05"))

    assert problems == []
    assert (line.post.id, line.role, line.scope_id) == (1, Role.CLERK, 4)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([("P9", "公开专员", "LC05")], "“岗位代码”写的是“P9”：岗位表里没有这个代码"),
        ([("P1", "专员", "LC05")], "“角色”写的是“专员”：只能是公开专员、"),
        ([("P1", "公开专员", "")], "“范围单位代码”没有填"),
        ([("P1", "公开专员", "LC05")] * 2, "和roles.csv 第 2 行重复"),
        ([("P1", "系统管理员", "LC00"), ("P1", "公开专员", "LC05")], "周岚同时有系统管理员、公开专员"),
        ([("P1", "系统管理员", "LC00"), ("P4", "安全管理员", "LC00")], "周岚同时有系统管理员、安全管理员"),
        ([("P3", "审计管理员", "LC00"), ("P3", "签发人", "LC00")], "岗位空岗同时有审计管理员、签发人"),
    ],
)
def test_what_is_wrong_with_a_role_is_named(cells, words):
    _, problems = lines(*cells)

    assert any(words in problem for problem in problems), problems


def test_the_same_role_for_two_units_and_two_work_roles_are_no_mistake():
    _, problems = lines(("P1", "公开专员", "LC05"), ("P1", "公开专员", "LC00"), ("P2", "科室审核人", "LC05"), ("P2", "公开专员", "LC05"))

    assert problems == []
