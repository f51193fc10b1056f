import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure.kinds import LineState
from gongkai.producers.disclosure.models import Cause, RegisterSource, SheetLine, SheetUpload
from gongkai.producers.disclosure.queries.uploads import get_upload
from tests.factories.registers import HEAD, a_csv, a_row, an_upload, import_all, work

pytestmark = pytest.mark.django_db
SOURCE = "/desk/causes/registers/land_market/"


@pytest.fixture
def browser(sign_in):
    actions.load_sources()
    return sign_in("周岚")


def text_of(response):
    return response.content.decode()


def hand_in(browser, *rows, data=None, name="供地.csv"):
    content = a_csv(*rows) if data is None else data
    return browser.post(SOURCE, {"file": SimpleUploadedFile(name, content)}, follow=True)


def fields_of(page, **changed):
    """What a form on a page would send: hidden fields, chosen options, typed values."""
    values = {}
    for name, body in re.findall(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        values[name] = chosen[1] if chosen else ""
    for tag in re.findall(r"<input[^>]*>", page):
        found = re.search(r'\bname="([^"]+)"', tag)
        if found and "csrf" not in found[1] and 'type="submit"' not in tag:
            values[found[1]] = (re.search(r'\bvalue="([^"]*)"', tag) or ["", ""])[1]
    return values | changed


def address(name, upload=None):
    return reverse(f"disclosure:{name}", args=[upload or SheetUpload.objects.order_by("-id").values_list("uuid", flat=True)[0]])


def test_from_the_file_to_the_ledger_without_script(browser):
    page = text_of(hand_in(browser, a_row(17), a_row(18)))
    assert "供地.csv：哪一列写的是什么" in page
    assert "9901002026B00017" in page

    page = text_of(browser.post(address("columns"), fields_of(page, check="1"), follow=True))
    assert "2 行可以导入" in page
    assert "导入 2 行</button>" in page
    assert not Cause.objects.exists()

    page = text_of(browser.post(address("import"), {"ready": "2"}, follow=True))
    assert "正在导入，还有 2 行" in page
    assert "刷新进度" in page
    work(at=timezone.now())
    page = text_of(browser.get(address("upload")))
    assert "已登记 2 行，没有剩下的" in page
    assert "撤销这次导入" in page
    cause = Cause.objects.order_by("id")[0]
    assert reverse("disclosure:cause", args=[cause.uuid]) in page
    assert "登记表导入" in text_of(browser.get(reverse("disclosure:cause", args=[cause.uuid])))
    assert "2 行<span" in text_of(browser.get(reverse("disclosure:registers")))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "文件是空的"),
        (b"\xd0\xcf\x11\xe0xx", "旧式 .xls"),
        (b"<html><table>", "网页表格"),
        (b"PK\x03\x04zz", "打不开"),
        (bytes(range(128, 256)) * 40, "编码认不出来"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(browser, data, words):
    response = hand_in(browser, data=data)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not SheetUpload.objects.exists()


def test_no_file_is_said_in_words(browser):
    assert "请选从来源系统导出的表" in text_of(browser.post(SOURCE, {}))


def test_a_sheet_without_a_header_is_read_by_letters(browser):
    page = text_of(hand_in(browser, data=a_csv(a_row(17), head=None)))
    assert "没有找到列名，各列用字母代替" in page
    chosen = {"NUMBER": "0", "TITLE": "1", "DAY": "2", "KIND": "3", "UNIT": "4"}
    page = text_of(browser.post(address("columns"), fields_of(page, check="1", **chosen), follow=True))
    assert "1 行可以导入" in page


def test_another_header_line_is_read_anew(browser):
    page = text_of(hand_in(browser, data=a_csv(["甲", "乙", "丙"], ["A1", "双桥", "2026-9-7"], head=None)))
    page = text_of(browser.post(address("columns"), fields_of(page, header="1", guess="1")))
    assert '<option value="1">乙</option>' in page
    assert SheetUpload.objects.get().state == "READING"


def test_a_missing_column_is_said_at_the_question_and_nothing_is_lost(browser):
    page = text_of(hand_in(browser, a_row(17)))
    response = browser.post(address("columns"), fields_of(page, check="1", NUMBER=""))
    assert response.status_code == 422
    assert "请选哪一列是“电子监管号”" in text_of(response)
    assert fields_of(text_of(response))["TITLE"] == "1"
    assert SheetLine.objects.count() == 2


def test_an_unknown_word_is_chosen_once_for_all_its_lines(browser):
    page = text_of(hand_in(browser, a_row(17, kind="竞价"), a_row(18, kind="竞价")))
    page = text_of(browser.post(address("columns"), fields_of(page, check="1"), follow=True))
    assert "2 行要改" in page
    page = text_of(browser.get(address("columns")))
    assert "类别“竞价”（2 行）是" in page
    sent = fields_of(page, check="1")
    (choice,) = [name for name in sent if name.startswith("kind-choice")]
    page = text_of(browser.post(address("columns"), sent | {choice: "land.contract_result"}, follow=True))
    assert "2 行可以导入" in page


def test_bad_rows_look_like_the_sheet_and_are_edited_in_place(browser, clerk, friday):
    upload = an_upload(a_row(17), a_row(18, day="下周"), actor=clerk, now=friday)
    page = text_of(browser.get(address("upload", upload)))
    assert "1 行可以导入，1 行要改" in page
    assert "先导入可以的，还是改完一起导" in page
    assert "第 3 行" in page
    assert 'value="下周" aria-label="第 3 行 事由日"' in page
    assert "认不出是哪一天" in page
    (name,) = [name for name in fields_of(page) if name.startswith("cell-")]

    page = text_of(browser.post(address("edit-lines", upload), {name: "2026-10-08"}, follow=True))
    assert "改了 1 行，已重新核对。还有 0 行要改。" in page
    assert "导入 2 行</button>" in page


def test_bad_rows_are_downloaded_with_reasons_and_nothing_in_them_runs(browser, clerk, friday):
    upload = an_upload(a_row(17), a_row(18, title='=HYPERLINK("内网页")', day="下周"), actor=clerk, now=friday)
    response = browser.get(address("bad-lines", upload))
    assert "attachment" in response["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    head, row = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert head == ["原表行号", "要改什么", *HEAD]
    assert row[0] == "3"
    assert "名称：以“=”开头，像公式" in str(row[1])
    assert "事由日：认不出是哪一天" in str(row[1])
    assert row[3] == '=HYPERLINK("内网页")'
    assert [cell.data_type for cell in sheet[2]] == ["s"] * 7
    assert sheet["D2"].quotePrefix


def test_the_parts_of_a_sheet_add_up_and_each_opens_its_lines(browser, clerk, friday):
    import_all(an_upload(a_row(1), a_row(2), actor=clerk, now=friday), actor=clerk, now=friday)
    upload = an_upload(a_row(1), a_row(2, title="改"), a_row(3), a_row(3), a_row(4, day="x"), actor=clerk, now=friday)
    row = get_upload(upload, actor=clerk)
    data = {state: number for state, number in row.counts.items() if state is not LineState.ASIDE}
    assert sum(data.values()) == 5
    for state, number in data.items():
        page = text_of(browser.get(address("upload", upload), {"show": state.value}))
        assert page.count("<tr data-key-row>") == number
    page = text_of(browser.get(address("upload", upload), {"show": "CHANGED"}))
    assert "<del>2026-2号地块</del> → <ins>改</ins>" in page
    assert "连同 1 行改动一起导入" in page


def test_a_button_pressed_twice_says_what_is(browser, clerk, friday):
    upload = an_upload(a_row(17), actor=clerk, now=friday)
    browser.post(address("import", upload), {"ready": "1"})
    page = text_of(browser.post(address("import", upload), {"ready": "1"}, follow=True))
    assert "这份登记表导入中，现在不能这样做" in page


@pytest.mark.parametrize("ready", ["", "abc", "-1", "9" * 40])
def test_a_number_that_was_tampered_with_imports_nothing(browser, clerk, friday, ready):
    upload = an_upload(a_row(17), actor=clerk, now=friday)
    assert "行数变了" in text_of(browser.post(address("import", upload), {"ready": ready}, follow=True))
    assert SheetUpload.objects.get().state == "CHECKED"


def test_undo_is_offered_for_a_day(browser, clerk, friday):
    upload = an_upload(a_row(17), actor=clerk, now=friday)
    import_all(upload, actor=clerk, now=friday)
    browser.post(address("undo", upload))
    work(at=timezone.now())
    assert "导入已撤销，1 行" in text_of(browser.get(address("upload", upload)))
    cause = Cause.objects.get()
    page = text_of(browser.get(reverse("disclosure:cause", args=[cause.uuid])))
    assert "撤销，不再催办" in page
    assert "起草</button>" not in page


def test_later_undo_is_not_offered(browser, clerk, friday):
    upload = an_upload(a_row(17), actor=clerk, now=friday)
    import_all(upload, actor=clerk, now=friday)
    SheetUpload.objects.update(imported_at=friday - timedelta(days=2))
    assert "撤销这次导入" not in text_of(browser.get(address("upload", upload)))


def test_sheets_of_others_are_not_shown_whatever_the_address(sign_in, openness_office, friday):
    upload = an_upload(a_row(17, unit="征地科"), actor=openness_office, now=friday, source="expropriation",
                       data=a_csv(["17号", "双桥", "2026-9-7", "批复"], head=("批文号", "项目名称", "收文日期", "事项")))  # fmt: skip
    browser = sign_in("周岚")
    for name in ("upload", "columns", "bad-lines"):
        assert browser.get(address(name, upload)).status_code == 404
    for name in ("import", "undo", "recheck", "edit-lines", "discard"):
        browser.post(address(name, upload), {"ready": "1"})
    assert SheetUpload.objects.get().state == "CHECKED"


def test_who_may_not_write_sees_no_registers(sign_in):
    browser = sign_in("林晓")
    assert browser.get(reverse("disclosure:registers")).status_code == 403
    assert browser.post(SOURCE, {"file": SimpleUploadedFile("x.csv", b"a")}).status_code == 403


def test_the_openness_office_loads_and_sets_up_registers(sign_in):
    browser = sign_in("何静")
    assert "装入四个登记来源" in text_of(browser.get(reverse("disclosure:registers")))
    page = text_of(browser.post(reverse("disclosure:load-registers"), follow=True))
    assert "新增 4 行" in page
    settings = reverse("disclosure:edit-register", args=["dual"])
    unit = RegisterSource.objects.get(code="dual").unit_id
    typed = {"name": "双公示", "number_label": "文号", "unit": unit, "weekday": 4, "entries": "license.dual=许可\nnix", "is_active": "on"}
    response = browser.post(settings, typed)
    assert response.status_code == 422
    assert "没有代码为“nix”的事项" in text_of(response)
    page = text_of(browser.post(settings, typed | {"entries": "license.dual=许可；行政许可"}, follow=True))
    assert "“双公示”的设置已保存" in page
    assert [entry.words for entry in RegisterSource.objects.get(code="dual").entries.all()] == ["许可；行政许可"]


def test_a_clerk_sets_up_no_register(browser):
    assert browser.get(reverse("disclosure:edit-register", args=["dual"])).status_code == 403
    assert browser.post(reverse("disclosure:load-registers")).status_code == 403


def test_the_empty_form_has_the_columns_that_are_read_by_themselves(browser):
    response = browser.get(reverse("disclosure:template", args=["land_market"]))
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["电子监管号", "项目名称", "合同签订日期", "供地方式", "承办单位"]


def test_the_strip_of_the_week_stands_on_the_list_of_causes(browser):
    page = text_of(browser.get(reverse("disclosure:list")))
    assert "本周导入" in page
    assert "提醒：本周的还没有导入" in page
    assert "is-late" not in page


def test_pages_of_an_upload_cost_the_same_for_any_number_of_lines(browser, clerk, friday, django_assert_max_num_queries):
    upload = an_upload(*(a_row(number, day="x") for number in range(60)), actor=clerk, now=friday)
    with django_assert_max_num_queries(45):
        page = text_of(browser.get(address("upload", upload)))
    assert page.count("<tr data-key-row>") == 25
    with django_assert_max_num_queries(45):
        page = text_of(browser.get(address("upload", upload), {"after": "51"}))
    assert page.count("<tr data-key-row>") == 10


def test_every_page_is_free_of_inline_style_and_script(browser, clerk, friday):
    upload = an_upload(a_row(17, day="x"), actor=clerk, now=friday)
    for place in (
        reverse("disclosure:registers"),
        SOURCE,
        address("columns", upload),
        address("upload", upload),
        reverse("disclosure:coverage"),
    ):
        page = text_of(browser.get(place))
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick" not in page
        assert page.count("<h1") == 1


def test_the_page_of_a_sheet_says_what_one_row_registers_besides(sign_in):
    browser = sign_in("何静")
    actions.load_sources()
    data = a_csv(["临政土〔2026〕17号", "双桥村项目", "2026-9-7", "批复"], head=("批文号", "项目名称", "收到批文日期", "事项"))
    browser.post("/desk/causes/registers/expropriation/", {"file": SimpleUploadedFile("批文.csv", data)})
    page = text_of(browser.get(address("columns")))
    page = text_of(browser.post(address("columns"), fields_of(page, check="1"), follow=True))
    assert "一行“征地批准文件”依法要公开几项，同时登记：“征地报批材料" in page
    assert "1 行可以导入" in page
