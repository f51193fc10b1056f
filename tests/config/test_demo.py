"""The demo's own causes: the first screen of a new installation tells something."""

from datetime import datetime

import pytest

from gongkai.config.demo import load_causes
from gongkai.config.run import DEMO_CAUSES
from gongkai.consumers.supervision import api as supervision
from gongkai.consumers.supervision.kinds import Group
from gongkai.core.ledger import api as ledger
from gongkai.lib.moments import SHANGHAI

pytestmark = pytest.mark.django_db


def test_the_desk_of_the_clerk_is_as_the_demo_tells_it(clerk, friday):
    assert load_causes(DEMO_CAUSES, until=friday) == 18
    ledger.sweep(now=friday)

    today = supervision.get_my_today(actor=clerk, now=friday)

    assert today.headline == "今天要办 3 件，另有 1 件已经逾期。"
    assert {view.group: view.count for view in today.groups} == {
        Group.LATE: 1,
        Group.TODAY: 3,
        Group.TOMORROW: 2,
        Group.LATER: 5,
        Group.REMINDER: 1,
    }
    assert [day.count for day in today.strip] == [3, 2, 0, 1, 0, 0, 1, 0, 0, 0, 3]


def test_the_causes_come_once_and_none_before_its_day(bureau, friday):
    monday = datetime(2026, 9, 14, 9, tzinfo=SHANGHAI)
    early = load_causes(DEMO_CAUSES, until=monday)
    assert 0 < early < 18
    assert load_causes(DEMO_CAUSES, until=friday) == 18 - early
    assert load_causes(DEMO_CAUSES, until=friday) == 0
