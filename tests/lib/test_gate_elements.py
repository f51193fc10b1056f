import time
from datetime import date

import pytest

from gongkai.lib.gate import GateDocument, GateFile, Severity, Tables, check_elements

TABLES = Tables(
    element_names={"文号": ("发文字号",), "面积": ("土地面积",)},
    answered_by={"标题": "title", "文号": "document_number", "成文日期": "formed_date", "发布日期": "release", "附件": "attachment"},
)


def missing(required, text="", **known):
    document = GateDocument(text=text, required_elements=tuple(required), **known)
    return [finding.element for finding in check_elements(document, TABLES)]


@pytest.mark.parametrize(
    "text",
    [
        "征收范围：双桥村四组。",
        "一、征收范围\n双桥村四组。",
        "征收范围为双桥村四组。",
        "征收范围（附图）：双桥村四组。",
        "征收范围、征收目的：道路建设。",
        "地块\t征收范围\n甲\t双桥村",
        "现将征收目的和征收范围：公告如下",
    ],
)
def test_an_element_is_given_under_its_name(text):
    assert missing(["征收范围"], text) == []


@pytest.mark.parametrize("text", ["", "本公告不影响征收范围以外的土地。", "征收范围：\n", "征收范围：____"])
def test_a_name_in_passing_or_without_words_gives_nothing(text):
    assert missing(["征收范围"], text) == ["征收范围"]


def test_another_name_for_it_counts():
    assert missing(["面积"], "土地面积：2.20公顷") == []


def test_a_value_in_the_elements_counts():
    assert missing(["面积"], elements={"面积": "2.20公顷"}) == []
    assert missing(["面积"], elements={"面积": "  "}) == ["面积"]


def test_fields_of_the_document_answer_for_elements():
    assert (
        missing(["标题", "文号", "成文日期"], title="公告", document_number="临澄自然资规〔2026〕3号", formed_date=date(2026, 10, 9)) == []
    )
    assert missing(["标题", "文号", "成文日期"]) == ["标题", "文号", "成文日期"]


def test_what_the_release_gives_is_never_missing():
    assert missing(["发布日期"]) == []


def test_an_attachment_answers_by_its_name():
    assert missing(["附件"], files=(GateFile(name="附件1.pdf", text=""),)) == []
    assert missing(["附件"], files=()) == ["附件"]


def test_a_missing_element_warns_and_names_itself():
    (finding,) = check_elements(GateDocument(text="", required_elements=("征收范围",)), TABLES)
    assert (finding.severity, finding.message) == (Severity.WARN, "缺要素“征收范围”。")


RESULT = "宗地LC2026-G15位于双桥村东侧，土地面积46213.57平方米，用途为工业用地，出让年限20年，由临澄甲材料有限公司竞得，成交价1286万元。"
SAYING = Tables(
    element_names={"面积": ("土地面积",)},
    said_as={
        "宗地编号": ("宗地[编号]", "[编号]号地块"),
        "位置": ("位于[词]",),
        "受让单位": ("由[词]竞得",),
        "成交价": ("以[金额]成交",),
        "批准机关": ("经[略]人民政府[略]批准",),
        "批准文号": ("以[文号]批准",),
    },
)


def missing_in(text, *required):
    return [finding.element for finding in check_elements(GateDocument(text=text, required_elements=required), SAYING)]


def test_a_plain_sentence_gives_its_elements_and_only_what_it_does_not_say_is_missing():
    required = ("宗地编号", "位置", "面积", "用途", "出让年限", "成交价", "受让单位", "公示期")
    assert missing_in(RESULT, *required) == ["公示期"]


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("面积2.20公顷。", "面积"),
        ("土地面积（净）约 33,000 平方米。", "面积"),
        ("成交价人民币1286万元。", "成交价"),
        ("地块以1286万元成交。", "成交价"),
        ("公示期10个工作日。", "公示期"),
        ("2026-17号地块成交。", "宗地编号"),
        ("经省人民政府于2026年9月2日以临政土〔2026〕12号批准。", "批准机关"),
        ("经省人民政府于2026年9月2日以临政土〔2026〕12号批准。", "批准文号"),
        ("批准文号临政土〔2026〕12号。", "批准文号"),
        ("批准日期2026年9月2日。", "批准日期"),
    ],
)
def test_a_value_right_behind_the_name_or_a_phrase_gives_an_element(text, element):
    assert missing_in(text, element) == []


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("面积46213。", "面积"),
        ("面积20年。", "面积"),
        ("成交价1286。", "成交价"),
        ("成交价待定。", "成交价"),
        ("出让年限2026年10月9日。", "出让年限"),
        ("出让年限2026年度。", "出让年限"),
        ("公示期另行通知。", "公示期"),
        ("宗地46213平方米。", "宗地编号"),
        ("宗地2026年供应。", "宗地编号"),
        ("该宗地未由任何单位竞得。", "受让单位"),
        ("由谁竞得待定。", "受让单位"),
        ("流拍，无人竞得。", "受让单位"),
        ("位于____。", "位置"),
        ("未经省人民政府批准不得公告。", "批准机关"),
        ("须经省人民政府批准。", "批准机关"),
        ("批准文号12号。", "批准文号"),
        ("总补偿面积分配2.2公顷。", "面积"),
    ],
)
def test_what_a_text_does_not_say_is_still_missing(text, element):
    assert missing_in(text, element) == [element]


def test_a_long_text_of_digits_does_not_hold_the_check_up():
    started = time.monotonic()
    assert missing_in("1234567890," * 4000, "面积", "宗地编号", "批准文号")
    assert time.monotonic() - started < 2
