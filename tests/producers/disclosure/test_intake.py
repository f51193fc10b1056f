import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure.queries.intake import read_intake
from gongkai.producers.disclosure.rules.weeks import say_week
from tests.factories.registers import a_row, an_upload, import_all

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "is_late", "said"),
    [(1041, False, "1,041 行"), (0, True, "0 行"), (None, False, "10-09 以前上传"), (None, True, "10-09 没有上传")],
)
def test_a_week_is_said_in_one_breath(rows, is_late, said):
    assert say_week(rows, date(2026, 10, 9), is_late=is_late) == said


def test_the_strip_tells_what_came_and_reminds_of_what_did_not(clerk, friday):
    import_all(an_upload(a_row(1), a_row(2), actor=clerk, now=friday), actor=clerk, now=friday)
    sources = {source.name: source for source in read_intake(clerk, friday).sources}

    came, due_today, passed = sources["土地市场动态监测监管系统"], sources["OA 发文登记簿"], sources["征地审批"]
    assert (came.words, came.is_done, came.is_reminded) == ("2 行", True, False)
    assert (due_today.words, due_today.is_done, due_today.is_reminded) == ("10-09 以前上传", False, False)
    assert (passed.words, passed.is_reminded) == ("10-08 没有上传", True)
    assert not any(source.is_done for source in read_intake(clerk, friday + timedelta(days=7)).sources)


def test_who_may_not_write_sees_it_without_doors(bureau, friday):
    actions.load_sources()
    intake = read_intake(SYSTEM, friday)

    assert (intake.import_page, intake.register_page, {source.page for source in intake.sources}) == ("", "", {""})
    assert (intake.share, intake.count_words) == ("—", "今年还没有公开信息")


def test_it_stands_above_the_first_page_of_the_ledger_and_its_links_open(sign_in, clerk):
    actions.load_sources()
    browser = sign_in("周岚")
    page = browser.get(reverse("ledger:list")).content.decode()
    strip = page[page.index("本周导入") : page.index("按单位看")]

    for source in ("土地市场动态监测监管系统", "征地审批", "双公示", "OA 发文登记簿"):
        assert source in strip
    for address in (*re.findall(r'href="(/desk/[^"]+)"', strip), reverse("disclosure:registers"), reverse("disclosure:new")):
        assert browser.get(address).status_code == 200, address
    assert reverse("disclosure:registers") in page
    assert "逾期" not in strip
