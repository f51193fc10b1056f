import pytest

from gongkai.lib.gate import GateDocument, Part, Severity, Tables, check_document_numbers
from gongkai.lib.gate.document_numbers import find_wrong_numbers


def quotes(text):
    return [finding.quote for finding in find_wrong_numbers(text)]


def repair(text):
    (finding,) = find_wrong_numbers(text)
    return finding.repair


@pytest.mark.parametrize(
    ("text", "quote", "right"),
    [
        ("根据国办函[2020]109号规定", "国办函[2020]109号", "国办函〔2020〕109号"),
        ("苏政发﹝2020﹞40号", "苏政发﹝2020﹞40号", "苏政发〔2020〕40号"),
        ("松自然资规告〔2023〕第2号", "松自然资规告〔2023〕第2号", "松自然资规告〔2023〕2号"),
        ("突自然资采告〔2024〕0001号", "突自然资采告〔2024〕0001号", "突自然资采告〔2024〕1号"),
        ("闽政地(2023)156号", "闽政地(2023)156号", "闽政地〔2023〕156号"),
        ("苏政发【2020】40号", "苏政发【2020】40号", "苏政发〔2020〕40号"),
        ("临澄自然资规〔2026年〕3号", "临澄自然资规〔2026年〕3号", "临澄自然资规〔2026〕3号"),
        ("见附件（国办函[2020]109号）。", "国办函[2020]109号", "国办函〔2020〕109号"),
    ],
)
def test_a_wrong_form_is_found_with_its_place_and_repaired(text, quote, right):
    (finding,) = find_wrong_numbers(text)
    assert finding.quote == quote
    assert text[finding.start : finding.end] == quote
    assert (finding.severity, finding.repair) == (Severity.BLOCK, right)


@pytest.mark.parametrize(
    "text",
    [
        "国办函〔2020〕109号",
        "中华人民共和国国务院令第711号",
        "（2020）最高法行申1234号",
        "(2021)皖01行初25号",
        "GB/T 2260-2007",
        "粤府土审(07)〔2026〕25号",
        "2026-17号地块",
        "皖〔2026〕017号地块",
        "临澄自然资规〔2026〕3号",
    ],
)
def test_what_is_right_or_no_document_number_is_left_alone(text):
    assert quotes(text) == []


def test_a_repair_is_itself_right():
    for text in ("国办函[2020]109号", "苏政发﹝2020﹞第040号", "闽政地(2023)156号"):
        assert quotes(repair(text)) == []


@pytest.mark.parametrize("text", ["临澄自然资规〔26〕3号", "临澄自然资规〔2026〕0号"])
def test_what_would_have_to_be_guessed_is_not_repaired(text):
    assert repair(text) is None


def test_several_in_one_text_come_in_their_order():
    assert quotes("依国办函[2020]1号、苏政发[2021]2号办理。") == ["国办函[2020]1号", "苏政发[2021]2号"]


def test_a_finding_says_in_which_part_it_sits():
    document = GateDocument(
        text="见国办函[2020]1号。", title="转发国办函[2020]2号", document_number="苏政发[2020]3号", elements={"依据": "国办函[2020]4号"}
    )
    found = [(finding.part, finding.element) for finding in check_document_numbers(document, Tables())]
    assert found == [(Part.TITLE, ""), (Part.DOCUMENT_NUMBER, ""), (Part.ELEMENT, "依据"), (Part.TEXT, "")]
