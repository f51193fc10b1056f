from datetime import date

import pytest

from gongkai.lib.gate import GateDocument, Severity, Tables, check_elements

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
    assert missing(["附件"], attachment_names=("附件1.pdf",)) == []
    assert missing(["附件"], attachment_names=()) == ["附件"]


def test_a_missing_element_warns_and_names_itself():
    (finding,) = check_elements(GateDocument(text="", required_elements=("征收范围",)), TABLES)
    assert (finding.severity, finding.message) == (Severity.WARN, "缺要素“征收范围”。")
