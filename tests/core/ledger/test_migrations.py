"""The tables of the first release take what movements, targets and cadences need, on a database with data."""

from datetime import date

import pytest
from django.db import connection

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.models import Event, Obligation
from tests.factories.ledger import a_unit, at
from tests.migrating import migrate_to, migrate_to_newest

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = ("ledger", "0001_initial")
DUE = at("2026-10-14", "00:00")


@pytest.fixture
def the_first_release(calendar):
    """An open, an overdue and a cancelled duty as the first release left them; afterwards the newest tables again."""
    unit = a_unit(with_post=False)
    apps = migrate_to(*FIRST)
    terms = apps.get_model("ledger", "Terms").objects.create(
        entry="policy.rules", label="规范性文件", limit_text="P20WD", basis="条例26条", source="条例", is_verified=True, binding="LAW",
        public_display="YES", holder="本机关", clock_start="形成之日",
    )  # fmt: skip
    common = {"duty_code": "test.publish", "entry": "policy.rules", "terms": terms, "unit_id": unit.pk, "binding": "LAW"}
    for number, state in enumerate(["OPEN", "OPEN", "CANCELLED"]):
        row = apps.get_model("ledger", "Obligation").objects.create(
            **common, label=f"第 {number} 件", subject=f"00000000-0000-0000-0000-00000000000{number}", caused_on=date(2026, 9, 9),
            registered_at=at("2026-09-09"), due_at=DUE, last_day=date(2026, 10, 13), state=state,
            next_check_at=DUE if number == 0 else None,
        )  # fmt: skip
        apps.get_model("ledger", "Event").objects.create(obligation=row, kind="OPENED", at=at("2026-09-09"), recorded_at=at("2026-09-09"))
    yield
    migrate_to_newest()


@pytest.mark.usefixtures("the_first_release")
def test_every_duty_keeps_its_day_and_goes_on():
    migrate_to_newest()

    assert Obligation.objects.filter(due_at=DUE, last_day=date(2026, 10, 13), moves=0, stopped_since=None).count() == 3
    assert Event.objects.count() == 3
    assert list(Obligation.objects.order_by("id").values_list("tally", flat=True)) == ["OPEN", "OPEN", "CANCELLED"]
    assert ledger.sweep(now=at("2026-10-20")) == 1


@pytest.mark.usefixtures("the_first_release")
def test_going_back_keeps_the_rows():
    migrate_to_newest()
    migrate_to(*FIRST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM ledger_obligation")
        assert cursor.fetchone()[0] == 3
