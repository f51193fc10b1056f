from datetime import date, timedelta

import pytest

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Right, Role
from gongkai.foundation.organisations.models import Unit
from gongkai.lib.errors import NotFound
from tests.factories.accounts import a_person, a_role
from tests.factories.organisations import a_bureau, a_holding, a_post, a_unit, an_officer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 9)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def root():
    return a_bureau()


def test_a_leaver_has_no_rights_from_the_day_after_his_last(root):
    a_person("周岚", root, to_date=TODAY)

    assert accounts.find_actor(name="周岚", on=TODAY).may(Right.WRITE, root.pk)
    after = accounts.find_actor(name="周岚", on=TOMORROW)
    assert after.rights == {}
    assert after.unit_id is None


def test_a_newcomer_has_no_rights_before_his_first_day(root):
    a_person("周岚", root, from_date=TOMORROW)

    assert accounts.find_actor(name="周岚", on=TODAY).rights == {}
    assert accounts.find_actor(name="周岚", on=TOMORROW).may(Right.WRITE, root.pk)


def test_the_roles_stay_with_the_post_when_its_holder_changes(root):
    post = a_post(root)
    a_role(post)
    a_holding(post, an_officer("周岚"), date(2024, 1, 1), TODAY)
    a_holding(post, an_officer("陈默"), TOMORROW)

    assert [accounts.find_actor(name="陈默", on=day).may(Right.WRITE, root.pk) for day in (TODAY, TOMORROW)] == [False, True]


def test_two_posts_of_one_person_add_up_and_his_unit_is_the_older_one(root):
    first, second = a_unit(root), a_unit(root)
    user = a_person("周岚", first, from_date=date(2024, 1, 1))
    post = a_post(second)
    a_role(post, Role.UNIT_REVIEWER)
    a_holding(post, user.officer, date(2025, 1, 1))

    actor = accounts.get_actor(officer_id=user.officer_id, on=TODAY)

    assert actor.unit_id == first.pk
    assert actor.units(Right.WRITE) == {first.pk}
    assert actor.units(Right.REVIEW_UNIT) == {second.pk}
    assert actor.units(Right.SEE_LEDGER) == {first.pk, second.pk}


def test_a_unit_that_moves_is_under_its_new_head_at_once(root):
    old, new = a_unit(root), a_unit(root)
    moving = a_unit(old)
    a_person("陈默", old, Role.UNIT_REVIEWER)
    a_person("石立群", new, Role.UNIT_REVIEWER)

    Unit.objects.filter(pk=moving.pk).update(parent=new)

    assert not accounts.find_actor(name="陈默", on=TODAY).may(Right.REVIEW_UNIT, moving.pk)
    assert accounts.find_actor(name="石立群", on=TODAY).may(Right.REVIEW_UNIT, moving.pk)


def test_nobody_acts_in_the_name_of_one_who_left_or_does_not_exist(root):
    user = a_person("周岚", root)
    user.officer.is_active = False
    user.officer.save()

    assert accounts.get_actor(officer_id=user.officer_id, on=TODAY).rights == {}
    with pytest.raises(NotFound, match="周岚已离职"):
        accounts.find_actor(name="周岚", on=TODAY)
    with pytest.raises(NotFound, match="没有叫“陈默”的人"):
        accounts.find_actor(name="陈默", on=TODAY)


def test_a_post_out_of_use_gives_nothing(root):
    a_person("周岚", root)
    post = root.posts.get()
    post.is_active = False
    post.save()

    assert accounts.find_actor(name="周岚", on=TODAY).rights == {}


def test_rights_cost_four_queries_whatever_somebody_holds(root, django_assert_num_queries):
    user = a_person("周岚", root)
    for _ in range(4):
        post = a_post(a_unit(root))
        a_role(post, Role.UNIT_REVIEWER)
        a_holding(post, user.officer)

    with django_assert_num_queries(4):
        actor = accounts.get_actor(officer_id=user.officer_id, on=TODAY)

    assert len(actor.units(Right.REVIEW_UNIT)) == 4


def test_those_who_grant_rights_are_known_by_name(root):
    assert accounts.list_granters(on=TODAY) == []
    a_person("安若素", root, Role.SECURITY_ADMIN)
    a_person("卫东来", root, Role.SYSTEM_ADMIN)

    assert accounts.list_granters(on=TODAY) == ["安若素"]


def test_the_head_of_a_unit_is_the_post_of_it_that_reviews(root):
    unit = a_unit(root)
    head = a_post(unit, title="科长")
    a_role(head, Role.UNIT_REVIEWER)
    a_role(a_post(root, title="办公室主任"), Role.UNIT_REVIEWER)
    assert accounts.find_head_post(unit_id=unit.pk) == head.pk
    assert accounts.find_head_post(unit_id=a_unit(root).pk) is None


def test_the_posts_of_the_openness_office_come_with_their_units(root):
    office = a_unit(root)
    post = a_post(office, title="政务公开办主任")
    a_role(post, Role.OPENNESS_OFFICE, root)
    a_role(post, Role.OPENNESS_OFFICE, office)
    assert accounts.list_openness_posts() == [(post.pk, office.pk)]


def test_a_post_has_a_right_for_its_own_unit_also_through_a_role_for_one_above(root):
    unit = a_unit(root)
    own, above, elsewhere = a_post(unit), a_post(unit), a_post(unit)
    a_role(own)
    a_role(above, Role.OPENNESS_OFFICE, root)
    a_role(elsewhere, Role.CLERK, a_unit(root))
    assert accounts.list_posts_with(right=Right.WRITE) == {own.pk, above.pk}
