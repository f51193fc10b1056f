from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.models import Unit
from gongkai.lib.errors import NotFound
from tests.factories.organisations import a_bureau, a_holding, a_post, a_unit, an_officer

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 9)


@pytest.fixture
def root():
    return a_bureau()


def test_units_come_each_followed_by_those_below_it(root):
    second = a_unit(root, name="乙科", order=2)
    first = a_unit(root, name="甲科", order=1)
    below = a_unit(first, name="甲科一组", order=9)
    a_unit(root, name="丙科", order=3, is_active=False)

    assert [unit.id for unit in organisations.list_units()] == [root.pk, first.pk, below.pk, second.pk]


def test_units_below_are_the_unit_itself_and_all_below(root):
    first = a_unit(root)
    below = a_unit(first)
    other = a_unit(root)

    assert organisations.list_units_below(first.pk) == {first.pk, below.pk}
    assert organisations.list_units_below(root.pk) == {root.pk, first.pk, below.pk, other.pk}
    assert organisations.list_units_below(0) == frozenset()
    assert organisations.list_parents() == {root.pk: None, first.pk: root.pk, below.pk: first.pk, other.pk: root.pk}


def test_a_unit_answers_to_name_short_name_and_usual_names(root):
    unit = a_unit(root, name="自然资源开发利用科", short_name="开发利用科", usual_names=["利用科"])

    for name in ("自然资源开发利用科", "开发利用科", " 利用科 "):
        found = organisations.find_unit_by_usual_name(name)
        assert found is not None
        assert found.id == unit.pk
    assert organisations.find_unit_by_usual_name("征地科") is None
    assert organisations.find_unit_by_usual_name(" ") is None


def test_a_holding_counts_from_its_first_day_to_its_last(root):
    post = a_post(root)
    officer = an_officer()
    a_holding(post, officer, TODAY, TODAY + timedelta(days=1))

    def held(day):
        return [row.id for row in organisations.list_posts_of(officer_id=officer.pk, on=day)]

    assert held(TODAY - timedelta(days=1)) == []
    assert held(TODAY) == held(TODAY + timedelta(days=1)) == [post.pk]
    assert held(TODAY + timedelta(days=2)) == []


def test_the_posts_of_somebody_begin_with_the_one_held_longest(root):
    officer = an_officer()
    later = a_post(root, title="联络员")
    earlier = a_post(a_unit(root), title="公开专员")
    a_holding(later, officer, date(2025, 1, 1))
    a_holding(earlier, officer, date(2024, 1, 1))

    assert [row.title for row in organisations.list_posts_of(officer_id=officer.pk, on=TODAY)] == ["公开专员", "联络员"]


def test_a_post_shows_its_holder_of_the_day_or_none(root):
    post = a_post(root, is_duty_post=True)
    a_holding(post, an_officer("周岚"), date(2024, 1, 1), date(2025, 12, 31))
    a_holding(post, an_officer("陈默"), date(2026, 2, 1))

    def holder(day):
        found = organisations.get_duty_post(unit_id=root.pk, on=day)
        assert found is not None
        return found.holder.name if found.holder else None

    assert holder(date(2025, 6, 1)) == "周岚"
    assert holder(date(2026, 1, 1)) is None
    assert holder(TODAY) == "陈默"
    assert organisations.get_duty_post(unit_id=a_unit(root).pk) is None


def test_an_officer_is_found_by_name_however_it_is_typed_also_after_leaving(root):
    officer = an_officer("周岚", is_active=False)

    found = organisations.find_officer(name=" 周 岚 ")
    assert found is not None
    assert (found.id, found.is_active) == (officer.pk, False)
    assert organisations.get_officer(officer.pk) == found
    assert organisations.list_officers() == []
    assert organisations.find_officer(name="陈默") is None


def test_what_is_not_there_is_said_in_words(db):
    with pytest.raises(NotFound, match="还没有装入机构人员"):
        organisations.get_bureau()
    with pytest.raises(NotFound, match="没有这个单位"):
        organisations.get_unit(0)
    with pytest.raises(NotFound, match="没有这个人"):
        organisations.get_officer(0)


def test_posts_and_holders_cost_two_queries_however_many(root, django_assert_num_queries):
    for number in range(5):
        a_holding(a_post(a_unit(root)), an_officer(f"林{number}"))

    with django_assert_num_queries(2):
        assert len(organisations.list_posts(on=TODAY)) == 5


def test_the_database_itself_refuses_what_cannot_be(root):
    post = a_post(root, is_duty_post=True)
    a_holding(post, an_officer("周岚"))
    second = an_officer("陈默")

    for wrong in (
        lambda: a_holding(post, second, date(2026, 1, 1)),
        lambda: a_holding(a_post(root), second, date(2026, 1, 2), date(2026, 1, 1)),
        lambda: a_post(root, is_duty_post=True),
        lambda: a_bureau(code="LC99", name="别的局"),
        lambda: a_unit(None),
        lambda: a_unit(root, kind="OTHER"),
        lambda: Unit.objects.filter(pk=a_unit(root).pk).update(parent_id=None),
        lambda: an_officer("周岚"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_a_post_that_nobody_holds_or_that_is_out_of_use_is_unmanned(root):
    unit = a_unit(root)
    held, left, never, gone = (a_post(unit) for _ in range(4))
    a_holding(held, an_officer("周岚"))
    a_holding(left, an_officer("陈默"), to_date=TODAY - timedelta(days=1))
    a_holding(gone, an_officer("林晓"))
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    found = organisations.list_unmanned_posts(unit_ids={unit.pk}, on=TODAY)
    assert [(post.id, post.is_active) for post in found] == [(left.pk, True), (never.pk, True), (gone.pk, False)]
    assert organisations.list_unmanned_posts(unit_ids=set(), on=TODAY) == []


def test_a_post_is_found_with_its_holder_also_out_of_use(root):
    post = a_post(a_unit(root), is_active=False)
    a_holding(post, an_officer("周岚"))
    found = organisations.find_post(post_id=post.pk, on=TODAY)
    assert found is not None
    assert found.holder is not None
    assert (found.holder.name, found.is_active) == ("周岚", False)
    assert organisations.find_post(post_id=0, on=TODAY) is None
