from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.ledger.kinds import Binding
from gongkai.core.ledger.rules import compute_due
from gongkai.core.ledger.rules.strictness import refuse_laxer
from gongkai.core.ledger.rules.terms import choose_local
from gongkai.lib.workcalendar import WorkCalendar
from tests.factories.ledger import some_terms


@pytest.mark.parametrize(
    ("local", "legal"),
    [
        ("P15WD", "P20WD"),
        ("P0D", "P1D"),
        ("P10D", "P10WD"),  # ten calendar days never end after ten working days
        ("P5D", "P20WD"),
        ("P20D", "P1M"),
        ("P28D", "P1M"),
        ("P59D", "P2M"),
        ("P365D", "P1Y"),
        ("P1M", "P31D"),
        ("P11M", "P1Y"),
        ("P1Y", "P13M"),
        ("PT24H", "PT48H"),
        ("fixed:01-26", "fixed:01-31"),
        ("min:P45D", "min:P30D"),
        ("min:P15WD", "min:P10WD"),
        ("min:P20WD", "min:P20D"),  # twenty working days last at least twenty days
        ("cadence:1M", "cadence:1Q"),
        ("cadence:4W", "cadence:1M"),
        ("cadence:workday", "cadence:2W"),
        ("cadence:1D", "cadence:workday"),
        ("P10WD", "none"),
    ],
)
def test_what_always_ends_earlier_is_stricter(local, legal):
    assert refuse_laxer(local, legal) == ""


@pytest.mark.parametrize(
    ("local", "legal", "words"),
    [
        ("P20WD", "P20WD", "一样"),
        ("P21WD", "P20WD", "只能更严"),
        ("P10WD", "P30D", "长假会拖长"),  # the Spring Festival may lie between
        ("P10WD", "P1M", "长假会拖长"),
        ("P11D", "P10WD", "长假会拖长"),
        ("P29D", "P1M", "只能更严"),
        ("P1M", "P30D", "只能更严"),
        ("PT24H", "P3D", "只能更严"),
        ("fixed:02-01", "fixed:01-31", "只能更严"),
        ("min:P20D", "min:P30D", "只能更长"),
        ("P30D", "min:P30D", "不能比"),
        ("min:P30D", "P40D", "不能比"),
        ("cadence:1Q", "cadence:1M", "只能更严"),
        ("cadence:workday", "cadence:1W", "只能更严"),
        ("none", "P20WD", "要写数字"),
        ("min:P5D", "none", "不迟于"),
    ],
)
def test_what_cannot_be_shown_to_be_stricter_is_refused_in_words(local, legal, words):
    assert words in refuse_laxer(local, legal)


def test_a_limit_that_cannot_be_read_is_no_limit():
    with pytest.raises(ValueError, match="写法不认识"):
        refuse_laxer("20天", "P20WD")


DAYS = st.dates(date(2020, 1, 1), date(2025, 6, 30))
LIMITS = st.sampled_from(["P{}WD", "P{}D", "P{}M"]).flatmap(
    lambda form: st.integers(1, 6 if form.endswith("M}") or "M" in form else 60).map(form.format)
)


@given(local=LIMITS, legal=LIMITS, caused_on=DAYS, seed=st.randoms(use_true_random=False))
def test_a_limit_that_was_let_through_never_ends_after_the_law_on_any_calendar(local, legal, caused_on, seed):
    """The calendar is random: any day may be off, as long as it is known."""
    if refuse_laxer(local, legal):
        return
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(365 * 8)]
    from gongkai.lib.workcalendar import DayFact  # noqa: PLC0415

    facts = {day: DayFact(day=day, is_workday=seed.random() < 0.6) for day in days}
    calendar = WorkCalendar(facts=facts, years=frozenset(range(2020, 2028)))
    ours = compute_due(some_terms(local), caused_on, calendar).last_day
    assert ours <= compute_due(some_terms(legal), caused_on, calendar).last_day


class Target:
    """A limit of our own, as the table has it."""

    def __init__(self, limit_text, *, unit_id=None, first=date(2026, 1, 1), last=None):
        self.limit_text, self.unit_id, self.effective_from, self.effective_to = limit_text, unit_id, first, last


def choose(*targets, unit_id=1, on=date(2026, 10, 9), legal_text="P20WD"):
    chosen = choose_local(targets, unit_id=unit_id, on=on, legal_text=legal_text)
    return chosen.limit_text if chosen else None


def test_a_unit_has_its_own_target_before_that_of_all():
    assert choose(Target("P5WD"), Target("P15WD", unit_id=1)) == "P15WD"
    assert choose(Target("P5WD"), Target("P15WD", unit_id=2)) == "P5WD"


def test_of_two_targets_the_later_one_holds_in_its_days():
    early, late = Target("P15WD"), Target("P10WD", first=date(2026, 7, 1), last=date(2026, 9, 30))
    assert choose(early, late, on=date(2026, 9, 30)) == "P10WD"
    assert choose(early, late) == "P15WD"
    assert choose(late) is None


def test_a_target_that_the_law_overtook_does_not_count():
    assert choose(Target("P12WD"), legal_text="P10WD") is None
    assert choose(Target("P12WD", unit_id=1), Target("P8WD"), legal_text="P10WD") == "P8WD"


def test_an_internal_limit_may_be_tightened_too():
    assert some_terms(binding=Binding.INTERNAL).binding is Binding.INTERNAL
    assert choose(Target("P1WD"), legal_text="P2WD") == "P1WD"
