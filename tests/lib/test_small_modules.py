"""The small modules of lib: enums, moments, paging, loading, errors."""

from datetime import UTC, date, datetime

import pytest

from gongkai.lib.enums import LabelledEnum
from gongkai.lib.errors import BadInput, Refusal
from gongkai.lib.loading import LoadCount
from gongkai.lib.moments import SHANGHAI, day_of, end_of, start_of
from gongkai.lib.paging import Cursor, Page, read_cursor


class Light(LabelledEnum):
    RED = "RED", "红"
    GREEN = "GREEN", "绿"


def test_a_member_is_its_stored_code_with_a_label_beside_it():
    assert (Light.RED.value, Light.RED.label) == ("RED", "红")
    assert Light("GREEN") is Light.GREEN


def test_choices_and_values_keep_the_order_and_are_plain_text():
    assert Light.choices() == [("RED", "红"), ("GREEN", "绿")]
    assert Light.values() == ["RED", "GREEN"]


def test_a_member_without_a_label_is_refused():
    # Before Python 3.12 the error of making a member comes wrapped.
    with pytest.raises((TypeError, RuntimeError)):

        class Unlabelled(LabelledEnum):
            RED = "RED"


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 10, 8, 15, 59, 59, tzinfo=UTC), date(2026, 10, 8)),
        (datetime(2026, 10, 8, 16, 0, tzinfo=UTC), date(2026, 10, 9)),
        (datetime(2026, 10, 9, 23, 59, tzinfo=SHANGHAI), date(2026, 10, 9)),
    ],
)
def test_an_instant_belongs_to_the_day_in_shanghai(instant, day):
    assert day_of(instant) == day


def test_a_day_ends_where_the_next_begins():
    assert start_of(date(2026, 12, 31)).isoformat() == "2026-12-31T00:00:00+08:00"
    assert end_of(date(2026, 12, 31)) == start_of(date(2027, 1, 1))


def test_a_cursor_survives_its_way_through_an_address():
    cursor = Cursor(datetime(2026, 10, 9, 10, 20, 0, 123456, tzinfo=SHANGHAI), 17)

    assert read_cursor(cursor.text) == cursor


@pytest.mark.parametrize("text", ["", "x", "~", "2026-10-09~1", "2026-10-09T10:20:00~1", "2026-10-09T10:20:00+08:00~one", "~3"])
def test_a_cursor_that_cannot_be_read_is_the_first_page(text):
    assert read_cursor(text) is None


def test_a_page_without_a_next_one_says_so():
    assert Page(rows=(1, 2)).after is None


def test_counts_of_loads_add_up():
    both = LoadCount(created=2, unchanged=1) + LoadCount(changed=3)

    assert both == LoadCount(created=2, changed=3, unchanged=1)
    assert both.words == "新增 2 行，改动 3 行，不变 1 行"


def test_bad_input_names_its_field_and_is_a_refusal():
    error = BadInput("标题不能空。", field="title")

    assert isinstance(error, Refusal)
    assert (str(error), error.field) == ("标题不能空。", "title")
    assert BadInput("整份不能用。").field is None
