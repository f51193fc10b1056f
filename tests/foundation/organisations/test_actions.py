import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

import gongkai
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.models import Officer, Post, PostHolding, Unit
from gongkai.foundation.organisations.tables import FORMS, HOLDINGS, OFFICERS, POSTS, UNITS
from gongkai.lib.errors import BadInput
from gongkai.lib.loading import LoadCount

pytestmark = pytest.mark.django_db
DEMO = Path(gongkai.__file__).parent / "foundation/organisations/data/demo"
TODAY = date(2026, 10, 9)

SMALL = {
    UNITS: [
        ["LC00", "临澄市自规局", "市局", "本机关", "", "", "", ""],
        ["LC05", "开发利用科", "利用科", "内设机构", "LC00", "0000-8866135", "", ""],
        ["LC06", "征地科", "征地科", "内设机构", "LC00", "", "", ""],
    ],
    POSTS: [["P1", "LC05", "公开专员", "是", ""], ["P2", "LC05", "科长", "", ""]],
    OFFICERS: [["周岚", ""], ["陈默", ""]],
    HOLDINGS: [["P1", "周岚", "2024-03-01", ""], ["P2", "陈默", "2023-06-01", ""]],
}


@pytest.fixture
def office(tmp_path):
    """Writes a small bureau as CSV files, each table replaced where it is given, and loads it."""

    def load(changed=None, **options):
        for form, lines in (SMALL | (changed or {})).items():
            with (tmp_path / form.file_name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([form.columns, *lines])
        return organisations.load_organisation(source=tmp_path, **options)

    return load


def test_the_same_tables_again_change_nothing(office):
    assert office() == LoadCount(created=9)
    assert office() == LoadCount(unchanged=9)


def test_a_dry_run_counts_and_leaves_nothing(office):
    assert office(dry_run=True) == LoadCount(created=9)
    assert not Unit.objects.exists()


def test_one_wrong_row_and_nothing_is_loaded(office):
    with pytest.raises(BadInput, match=r"有 1 处要改，一行也没有装入：\nholdings\.csv 第 3 行，“姓名”写的是“陈墨”：人员表里没有这个人"):
        office({HOLDINGS: [["P1", "周岚", "2024-03-01", ""], ["P2", "陈墨", "2023-06-01", ""]]})

    assert not Unit.objects.exists()


def test_all_complaints_come_at_once_and_a_flood_of_them_is_cut(office):
    with pytest.raises(BadInput, match="有 60 处要改") as refusal:
        office({OFFICERS: SMALL[OFFICERS] + [["", "也许"]] * 30})

    assert len(str(refusal.value).splitlines()) == 22
    assert "另有 40 处" in str(refusal.value)


def test_a_workbook_says_the_same_as_the_folder(office, tmp_path):
    office()
    book = Workbook()
    for form in FORMS:
        sheet = book.create_sheet(form.title)
        sheet.append(form.columns)
        for line in SMALL[form]:
            sheet.append([cell or None for cell in line])
    book.save(tmp_path / "office.xlsx")

    assert organisations.load_organisation(source=tmp_path / "office.xlsx") == LoadCount(unchanged=9)


def test_a_successor_takes_over_and_the_history_stays(office):
    office()
    office(
        {
            OFFICERS: [["周岚", "否"], ["陈默", ""], ["白露", ""]],
            HOLDINGS: [["P1", "周岚", "2024-03-01", "2026-09-30"], ["P1", "白露", "2026-10-01", ""], ["P2", "陈默", "2023-06-01", ""]],
        }
    )

    (post,) = [post for post in organisations.list_posts(on=TODAY) if post.code == "P1"]
    assert post.holder is not None
    assert post.holder.name == "白露"
    assert PostHolding.objects.filter(post__code="P1").count() == 2
    assert organisations.list_posts_of(officer_id=Officer.objects.get(name="周岚").pk, on=date(2026, 9, 1)) == []


def test_a_lasting_holding_may_not_vanish_from_the_table(office):
    office()

    with pytest.raises(BadInput, match=r"少了一行：公开专员（P1）由周岚担任，2024-03-01 起。任职结束请写上最后一天"):
        office({HOLDINGS: [["P2", "陈默", "2023-06-01", ""]]})

    assert PostHolding.objects.filter(post__code="P1", to_date=None).exists()


def test_a_holding_that_ended_may_leave_the_table(office):
    office({HOLDINGS: [["P1", "周岚", "2024-03-01", "2025-01-01"], ["P2", "陈默", "2023-06-01", ""]]})
    office({HOLDINGS: [["P2", "陈默", "2023-06-01", ""]]})

    assert PostHolding.objects.filter(post__code="P1").count() == 1


def test_a_wrong_first_day_can_be_corrected(office):
    office()
    office({HOLDINGS: [["P1", "周岚", "2024-02-01", ""], ["P2", "陈默", "2023-06-01", ""]]})

    assert PostHolding.objects.get(post__code="P1").from_date == date(2024, 2, 1)


def test_two_people_may_swap_posts(office):
    office()
    office(
        {
            HOLDINGS: [
                ["P1", "周岚", "2024-03-01", "2026-09-30"],
                ["P2", "陈默", "2023-06-01", "2026-09-30"],
                ["P1", "陈默", "2026-10-01", ""],
                ["P2", "周岚", "2026-10-01", ""],
            ]
        }
    )

    assert [(post.code, post.holder.name) for post in organisations.list_posts(on=TODAY) if post.holder] == [("P2", "周岚"), ("P1", "陈默")]


def test_the_openness_duty_moves_from_one_post_to_another(office):
    office()
    office({POSTS: [["P1", "LC05", "公开专员", "", ""], ["P2", "LC05", "科长", "是", ""]]})

    duty_post = organisations.get_duty_post(unit_id=Unit.objects.get(code="LC05").pk)
    assert duty_post is not None
    assert duty_post.code == "P2"


def test_what_left_the_tables_is_out_of_use_but_stays(office):
    office()
    office(
        {
            UNITS: SMALL[UNITS][:2],
            POSTS: SMALL[POSTS],
            OFFICERS: SMALL[OFFICERS],
        }
    )

    assert not Unit.objects.get(code="LC06").is_active
    assert "征地科" not in [unit.name for unit in organisations.list_units()]
    assert organisations.get_unit(Unit.objects.get(code="LC06").pk).name == "征地科"


def test_a_unit_and_the_one_below_it_change_places(office):
    below = [SMALL[UNITS][0], SMALL[UNITS][1], ["LC06", "征地科", "征地科", "内设机构", "LC05", "", "", ""]]
    office({UNITS: below})
    office({UNITS: [below[0], ["LC05", "开发利用科", "利用科", "内设机构", "LC06", "", "", ""], SMALL[UNITS][2]]})

    top = Unit.objects.get(code="LC06")
    assert organisations.list_units_below(top.pk) == {top.pk, Unit.objects.get(code="LC05").pk}


def test_a_name_that_is_still_taken_is_refused_in_words(office):
    office()
    swapped = [["LC00", "临澄市自规局", "市局", "本机关", "", "", "", ""], ["LC05", "征地科", "征", "内设机构", "LC00", "", "", ""]]

    with pytest.raises(BadInput, match=r"units\.csv 第 3 行和已经装入的内容冲突"):
        office({UNITS: [*swapped, ["LC06", "开发利用科", "开", "内设机构", "LC00", "", "", ""]]})


def test_the_demo_bureau_is_whole_and_answers_to_every_owner_of_the_catalogue():
    organisations.load_organisation(source=DEMO)
    duties = Path(gongkai.__file__).parent / "core/catalogue/data/duties.csv"
    with duties.open(encoding="utf-8", newline="") as file:
        owners = {row["owner_unit_zh"] for row in csv.DictReader(file)}

    assert [owner for owner in sorted(owners) if organisations.find_unit_by_usual_name(owner) is None] == []
    units = organisations.list_units()
    assert units[0] == organisations.get_bureau()
    assert len(units) == 21
    assert len(organisations.list_officers()) >= 30
    without = [unit.name for unit in units if organisations.get_duty_post(unit_id=unit.id) is None]
    assert without == []
    assert all(post.holder for post in organisations.list_posts(on=TODAY))


def test_loading_by_command_counts_and_refuses_in_words(tmp_path, capsys):
    call_command("load_organisation", str(DEMO), "--dry-run")
    assert "只检查，没有写入" in capsys.readouterr().out
    assert not Post.objects.exists()

    call_command("load_organisation", str(DEMO))
    assert "机构人员：新增" in capsys.readouterr().out

    shutil.copy(DEMO / "units.csv", tmp_path)
    with pytest.raises(CommandError, match=r"没有 posts\.csv"):
        call_command("load_organisation", str(tmp_path))
