"""The calendars' pages, with what they refuse; the command beside them."""

import io
import re
from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import Workbook

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.models import Obligation
from gongkai.foundation.organisations.models import Unit
from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.models import CalendarEdition
from tests.factories.ledger import an_obligation, at

FRIDAY = at("2026-10-09")
SATURDAY = date(2026, 10, 10)
CHANGE, DAY = reverse("calendars:change"), reverse("calendars:day")
HEADER = "日期,放假/上班,名称,法定"
OFF = f"{HEADER}\n2026-10-10,放假,国庆节,否\n"
NOTICE = {
    "agency": "国务院办公厅",
    "title": "关于调整2026年国庆节假期安排的通知",
    "number": "国办发明电〔2026〕9号",
    "issued_on": "2026-10-08",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_unit(clerk) -> Unit:
    """The unit of 周岚."""
    return Unit.objects.get(pk=clerk.unit_id)


@pytest.fixture
def office(sign_in):
    """The browser of 何静."""
    return sign_in("何静")


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def hidden_of(response) -> dict[str, str]:
    """What the form of a preview carries along."""
    form = response.content.decode().split('class="confirm panel"')[1]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value.replace("&#x27;", "'").replace("&quot;", '"') for name, value in found if name != "csrfmiddlewaretoken"}


def upload(browser, content: bytes | str, name="日历.csv", act="AMEND", **changed):
    data = content.encode() if isinstance(content, str) else content
    return browser.post(CHANGE, {"file": SimpleUploadedFile(name, data), "act": act, **NOTICE, **changed})


def a_workbook(*rows) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in [HEADER.split(","), *rows]:
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def test_the_years_are_listed_with_their_notices_and_editions(office):
    text = text_of(office.get(reverse("calendars:list")))

    assert "工作日历有 2020—2026 年" in text
    assert "放假 33 天，其中法定 13 天 周末调休上班 6 天" in text
    assert "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号），2020-01-27 公布" in text
    assert "第 1 版，已被后一版代替 国务院办公厅关于2020年部分节假日安排的通知" in text


def test_a_year_is_a_table_of_months_with_a_word_for_every_special_day(office):
    response = office.get(reverse("calendars:year", args=[2026]))
    page = response.content.decode()

    assert page.count('<table class="month">') == 12
    assert re.search(r'<td class="is-made-up"[^>]*>\s*<span class="unseen">10月10日 周六 调休上班 国庆节</span>', page)
    assert "10月1日 周四 法定节日，休 国庆节" in text_of(response)
    assert "style=" not in page
    assert office.get(reverse("calendars:year", args=[2031])).status_code == 404


def test_only_those_who_may_change_the_calendar_see_its_pages(sign_in, client):
    addresses = [reverse("calendars:list"), CHANGE, DAY, reverse("calendars:year", args=[2026]), reverse("calendars:withdraw", args=[2026])]
    clerk, admin = sign_in("周岚"), sign_in("卫东来")

    for address in addresses:
        refused = clerk.get(address)
        assert refused.status_code == 403
        assert "管理工作日历" in refused.content.decode()
        assert admin.get(address).status_code == 200
        assert client.get(address).status_code == 302
    assert clerk.post(CHANGE, {"rows": OFF, "act": "AMEND", **NOTICE, "confirm": "1"}).status_code == 403
    assert CalendarEdition.objects.filter(year=2026).count() == 1


def test_an_upload_shows_what_would_move_and_the_confirmation_moves_it(office, own_unit):
    """ui.md section 7, line 20."""
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label="37号地块成交公示")
    receipt = reverse("ledger:receipt", args=[row.uuid])
    before = text_of(office.get(receipt))
    preview = upload(office, OFF)
    text = text_of(preview)

    assert preview.status_code == 200
    assert "会改动 1 件期限" in text
    assert "37号地块成交公示" in text
    assert "2026-10-13 周二" in text
    assert "2026-10-14 周三 10月10日（周六）改为休息" in text
    assert "确认更换并改动 1 件期限" in text
    assert Obligation.objects.get(uuid=row.uuid).last_day == date(2026, 10, 13)

    done = office.post(CHANGE, {**hidden_of(preview), "confirm": "1"}, follow=True)
    assert "已更换 2026 年的日历，改动 1 件期限" in text_of(done)
    assert "第 2 版，现行" in text_of(done)
    assert "何静 装入" in text_of(done) or "何静装入" in text_of(done)
    after = text_of(office.get(receipt))
    assert "为什么是 2026年10月13日" in before
    assert "为什么是 2026年10月14日" in after
    changes = [(change.from_day, change.to_day) for change in ledger.list_date_changes(row.uuid)]
    assert changes == [(date(2026, 10, 13), date(2026, 10, 14))]


def test_sent_twice_the_second_time_changes_nothing(office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    carried = {**hidden_of(upload(office, OFF)), "confirm": "1"}
    office.post(CHANGE, carried)
    again = office.post(CHANGE, carried, follow=True)

    assert again.status_code == 200
    assert "没有期限要改" in text_of(again)
    assert len(ledger.list_date_changes(row.uuid)) == 1


def test_what_is_not_as_it_was_seen_comes_again_for_another_look(office, own_unit):
    an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label="先登记的")
    carried = {**hidden_of(upload(office, OFF)), "confirm": "1"}
    an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label="后登记的")
    again = office.post(CHANGE, carried)

    assert "什么也没有动，请按下面现在的情形重新核对" in text_of(again)
    assert "确认更换并改动 2 件期限" in text_of(again)
    assert CalendarEdition.objects.filter(year=2026).count() == 1
    assert office.post(CHANGE, {**hidden_of(again), "confirm": "1"}).status_code == 302
    assert set(Obligation.objects.values_list("last_day", flat=True)) == {date(2026, 10, 14)}


def test_a_workbook_and_cells_pasted_from_one_are_read_too(office):
    book = upload(office, a_workbook([SATURDAY, "放假", "国庆节", None]), name="日历.xlsx")
    pasted = office.post(CHANGE, {"rows": "日期\t放假/上班\t名称\t法定\n2026-10-10\t放假\t国庆节\t", "act": "AMEND", **NOTICE})
    bare = office.post(CHANGE, {"rows": "2026-10-10,放假,国庆节,否", "act": "AMEND", **NOTICE})

    for answer in (book, pasted, bare):
        assert answer.status_code == 200
        assert hidden_of(answer)["rows"] == OFF


def test_errors_of_rows_are_named_and_the_table_comes_back_to_be_put_right(office):
    answer = upload(office, f"{HEADER}\n2026-02-30,放假,国庆节,否\n2026-10-10,半天,国庆节,否\n")
    text = text_of(answer)

    assert answer.status_code == 422
    assert "日历.csv 第 2 行，“日期”写的是“2026-02-30”：不是一个日子" in text
    assert "日历.csv 第 3 行，“放假/上班”写的是“半天”：只能写“放假”或“上班”" in text
    assert "表已读进下面的格子，可以就地改好" in text
    assert "2026-10-10,半天,国庆节,否" in text
    assert 'value="国务院办公厅"' in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"PK\x03\x04broken", "日历.xlsx", "打不开"),
        (b"\xff\xfe\x00", "日历.csv", "认不出来"),
        ("日子,放假/上班,名称,法定\n", "日历.csv", "还缺：日期"),
        (f"{HEADER}\n", "日历.csv", "一天也没有"),
        (b"x" * (2 * 1024 * 1024 + 1), "日历.csv", "超过 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(office, content, name, words):
    answer = upload(office, content, name=name)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "再选" in text_of(answer) or "就地改好" in text_of(answer)


def test_what_is_missing_is_said(office):
    text = text_of(office.post(CHANGE, {"act": "AMEND", "agency": "", "title": ""}))
    assert "请选一个文件，或者把表粘贴到下面" in text
    text = text_of(office.post(CHANGE, {"rows": "2027-05-04,放假,补假,否", "act": "AMEND", **NOTICE}))
    assert "还没有 2027 年的日历，不能只改几天" in text
    text = text_of(office.post(CHANGE, {"rows": OFF, "act": "AMEND", **NOTICE, "title": "见 https://example.invalid"}))
    assert "不写网址" in text


def test_a_table_that_says_what_holds_offers_nothing_to_confirm(office):
    answer = office.post(CHANGE, {"rows": f"{HEADER}\n2026-10-10,上班,国庆节,否\n", "act": "AMEND", **NOTICE})

    assert "和现在的日历一样，没有要换的" in text_of(answer)
    assert 'name="confirm"' not in answer.content.decode()


def test_one_local_day_is_added_by_a_form_of_its_own(office):
    local = {"day": "2026-04-20", "is_workday": "no", "name": "三月三补假", "agency": "临澄市人民政府", "title": "关于民族节日放假的通知"}
    preview = office.post(DAY, local)
    assert "2026-04-20 周一 上班 休 三月三补假" in text_of(preview)
    office.post(CHANGE, {**hidden_of(preview), "confirm": "1"})

    fact = workdays.get_calendar().fact(date(2026, 4, 20))
    assert (fact.is_workday, fact.notice) == (False, "临澄市人民政府《关于民族节日放假的通知》")
    assert office.post(DAY, {**local, "day": ""}).status_code == 422


def test_the_newest_edition_is_withdrawn_with_a_reason_and_the_dates_move_back(office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    office.post(CHANGE, {**hidden_of(upload(office, OFF)), "confirm": "1"})
    address = reverse("calendars:withdraw", args=[2026])
    page = office.get(address)
    assert "撤回第 2 版并改动 1 件期限" in text_of(page)

    assert office.post(address, {**hidden_of(page), "reason": ""}).status_code == 422
    done = office.post(address, {**hidden_of(page), "reason": "装错了文件"}, follow=True)
    assert "已撤回 2026 年的日历，改动 1 件期限" in text_of(done)
    assert "何静撤回：装错了文件" in text_of(done)
    assert Obligation.objects.get(uuid=row.uuid).last_day == date(2026, 10, 13)
    assert office.post(address, {**hidden_of(page), "reason": "再撤一次"}).status_code == 409


def test_a_year_that_lost_its_calendar_says_so_and_dates_are_provisional(office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    address = reverse("calendars:withdraw", args=[2026])
    page = office.get(address)
    assert "2026 年变为没有日历" in text_of(page)
    office.post(address, {**hidden_of(page), "reason": "试"})

    assert Obligation.objects.get(uuid=row.uuid).is_provisional
    assert "现在没有日历" in text_of(office.get(reverse("calendars:list")))
    assert "有 1 件在办事项数到了没有日历的年份" in text_of(office.get(reverse("calendars:list")))
    assert "这一年现在没有日历" in text_of(office.get(reverse("calendars:year", args=[2026])))
    assert office.get(address).status_code == 404


def test_who_manages_the_calendar_but_sees_no_ledger_gets_no_links_into_it(sign_in, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label="<b>37号</b>")
    page = upload(sign_in("卫东来"), OFF).content.decode()

    assert reverse("ledger:detail", args=[row.uuid]) not in page
    assert "&lt;b&gt;37号&lt;/b&gt;" in page


def test_the_preview_page_costs_the_same_queries_however_many_move(office, own_unit, django_assert_max_num_queries):
    def count() -> int:
        with django_assert_max_num_queries(40) as queries:
            office.post(CHANGE, {"rows": OFF, "act": "AMEND", **NOTICE})
        return len(queries)

    an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)
    count()
    one = count()
    for _ in range(20):
        an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY)

    assert count() == one


# The command


def say(*arguments: str) -> str:
    said = StringIO()
    call_command("import_calendar", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "日历.csv"
    path.write_text(OFF, encoding="utf-8")
    return str(path)


def test_the_command_prints_the_dates_that_move_and_with_dry_run_moves_none(file, own_unit, demo_clock):
    an_obligation(own_unit, caused_on=date(2026, 9, 9), now=FRIDAY, label="37号")
    given = (file, "--as", "何静", "--title", "关于调整的通知")
    said = say(*given, "--dry-run")

    assert "2026-10-10  休  国庆节" in said
    assert "2026-10-13 → 2026-10-14  自然资源开发利用科  37号  10月10日（周六）改为休息" in said
    assert "会改动 1 件期限。没有改动任何数据。" in said
    assert workdays.get_calendar().is_workday(SATURDAY)
    assert "只改表里的日子：2026 年第 2 版现行。改动 1 件期限。" in say(*given)
    assert Obligation.objects.get().last_day == date(2026, 10, 14)
    assert "没有要换的" in say(*given)
    assert "改动 1 件期限" in say("--withdraw", "2026", "--reason", "装错了", "--as", "何静")
    assert workdays.get_calendar().is_workday(SATURDAY)


def test_the_command_without_a_file_loads_the_packaged_years(calendar):
    assert "工作日历 2020—2026 年：新增 0 行，改动 0 行，不变 263 行。" in say()
    assert "没有改动任何数据" in say("--dry-run")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["没有.csv", "--as", "何静", "--title", "通知"], "没有“没有.csv”这个文件"),
        (["FILE", "--title", "通知"], "请写 --as 姓名"),
        (["FILE", "--as", "何静"], "请写 --title 标题"),
        (["FILE", "--as", "周岚", "--title", "通知"], "没有“管理工作日历”的权限"),
        (["--withdraw", "2031", "--as", "何静"], "还没有 2031 年的日历"),
        (["--withdraw", "2026", "--as", "何静"], "撤回理由不能空着"),
    ],
)
def test_the_command_refuses_in_words(file, bureau, demo_clock, arguments, words):
    with pytest.raises(CommandError, match=words):
        say(*(file if argument == "FILE" else argument for argument in arguments))
