from datetime import date

import pytest
from django.core.management import call_command

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.models import Entry, Section
from gongkai.core.catalogue.tables import read_duties
from gongkai.core.ledger import api as ledger

pytestmark = pytest.mark.django_db
OWN = 1  # what the bureau added itself: 工作动态
ACTIVE = 187 - 6 + OWN


@pytest.fixture
def loaded(db):
    return catalogue.load_catalogue()


def test_the_whole_catalogue_comes_in(loaded):
    assert Entry.objects.count() == 187 + OWN
    assert Entry.objects.filter(is_active=True).count() == ACTIVE
    assert Section.objects.count() == 53 + OWN
    assert (loaded.changed, loaded.unchanged) == (0, 0)


def test_a_second_load_changes_nothing(loaded):
    again = catalogue.load_catalogue()
    assert (again.created, again.changed, again.unchanged) == (0, 0, loaded.created)


def test_a_changed_row_is_brought_back_to_the_file(loaded):
    Entry.objects.filter(code="land.result").update(name="别的名称")
    Section.objects.filter(code="guide").update(category="WORK")
    again = catalogue.load_catalogue()
    assert (again.created, again.changed) == (0, 2)
    assert catalogue.get_entry("land.result").name != "别的名称"


def test_an_entry_that_left_the_file_goes_out_of_use_and_stays(loaded):
    Entry.objects.create(
        code="old.duty", name="旧事项", section=Section.objects.get(code="guide"), trigger="事", owner_usual_name="办公室", basis="旧规定",
        mission_row="M3", elements=["甲"],
    )  # fmt: skip
    catalogue.load_catalogue()
    assert catalogue.get_entry("old.duty").is_active is False


def test_every_entry_in_use_has_terms_today(loaded):
    codes = [row["code"] for row in read_duties()]
    without = {code for code in codes if ledger.find_terms(entry=code, on=date(2026, 10, 9)) is None}
    assert without == {
        "expro.notice_old", "expro.plan_notice_old", "rer.lost_old", "credit.pub_2019_general", "credit.pub_2019_serious", "credit.pub_old",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "on", "limit"),
    [
        ("expro.notice", date(2021, 8, 31), "P10WD"),
        ("expro.notice", date(2021, 9, 1), "P15WD"),
        ("expro.plan_notice", date(2019, 12, 31), "P45D"),
        ("expro.plan_notice", date(2020, 1, 1), "min:P30D"),
        ("rer.lost", date(2024, 5, 20), "min:P15WD"),
        ("rer.lost", date(2024, 5, 21), "P0D"),
        ("credit.pub_general", date(2019, 7, 1), "P12M"),
        ("credit.pub_general", date(2023, 4, 30), "P12M"),
        ("credit.pub_general", date(2023, 5, 1), "P36M"),
        ("credit.pub_general", date(2026, 3, 31), "P36M"),
        ("credit.pub_general", date(2026, 4, 1), "P12M"),
        ("credit.pub_serious", date(2023, 4, 30), "P36M"),
        ("credit.pub_serious", date(2026, 4, 1), "P36M"),
        ("foi.review_response", date(2023, 12, 31), "P10D"),
        ("foi.review_response", date(2024, 1, 1), "P10WD"),
        ("land.result", date(2026, 10, 9), "P10WD"),
    ],
)
def test_the_day_of_the_cause_chooses_the_version(loaded, entry, on, limit):
    terms = ledger.find_terms(entry=entry, on=on)
    assert terms is not None
    assert terms.limit_text == limit


def test_before_the_first_version_there_are_no_terms(loaded):
    assert ledger.find_terms(entry="credit.pub_general", on=date(2019, 6, 30)) is None


def test_the_command_says_what_it_did(db, capsys):
    call_command("load_catalogue")
    call_command("load_catalogue")
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("公开目录：新增 ")
    assert "新增 0 行，改动 0 行" in second
