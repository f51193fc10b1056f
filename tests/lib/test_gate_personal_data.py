"""Personal data is found in every writing of it; what looks alike and is public by nature is left alone. All numbers are made up."""

import json
from pathlib import Path

import pytest

from gongkai.lib.gate import CHECKS, GateDocument, GateFile, Part, Severity, Tables, run_checks
from gongkai.lib.gate.personal_data import check_personal_data, find_personal_data

EXAMPLES = json.loads((Path(__file__).parents[1] / "data/gate/personal_data.json").read_text(encoding="utf-8"))
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def identity(first_17: str) -> str:
    """The number with its check digit, by GB 11643."""
    return first_17 + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first_17, WEIGHTS, strict=True)) % 11]


def card(all_but_last: str) -> str:
    """The number with its Luhn digit."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(all_but_last))]
    return all_but_last + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def quotes(text: str) -> list[str]:
    return [finding.quote for finding in find_personal_data(text)]


def repair(text: str) -> str | None:
    (finding,) = find_personal_data(text)
    return finding.repair


SOMEONE = identity("34019919750312004")
OTHER = identity("34019920020630118")
CARD = card("621799730000123456")


@pytest.mark.parametrize("case", EXAMPLES, ids=lambda case: case["id"])
def test_the_worked_examples(case):
    found = [(finding.rule, finding.quote, finding.start, finding.end) for finding in find_personal_data(case["text"])]
    assert found == [(owed["rule"], owed["quote"], owed["start"], owed["end"]) for owed in case["expect"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"申请人王某（{SOMEONE}）", SOMEONE),
        (f"身份证号：{SOMEONE.translate(FULL_WIDTH)}。", SOMEONE.translate(FULL_WIDTH)),
        (f"公民身份号码 {SOMEONE[:6]} {SOMEONE[6:10]} {SOMEONE[10:14]} {SOMEONE[14:]}，男", None),
        (f"公民身份号码{SOMEONE[:6]}-{SOMEONE[6:14]}-{SOMEONE[14:]}", None),
        (f"证号{' '.join(SOMEONE)}", None),
        ("身份证号340199750312004，系老证", "340199750312004"),
        ("户主李某，340199 750312 004", "340199 750312 004"),
        ("身份证号340199197503120041（抄错一位）", "340199197503120041"),
        ("联系人：王某某 13900001111", "13900001111"),
        ("手机：139 0000 1111", "139 0000 1111"),
        ("电话１３９００００１１１１", "１３９００００１１１１"),
        ("联系电话：+86 13900001111", "13900001111"),
        ("联系电话：86-139-0000-1111", "139-0000-1111"),
        ("（13900001111）", "13900001111"),
        ("收款人王某，开户行某某银行，账号" + CARD, CARD),
        (f"银行卡号：{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", None),
        ("青苗费汇入存折" + card("95588013020012345"), None),
        ("肇事车辆皖A·D12345（新能源）", None),
        ("皖A12345小型轿车", "皖A12345"),
        ("车牌：皖 A 12345", None),
        ("沪ＡＤ１２３４５", "沪ＡＤ１２３４５"),
        ("王某，男，1965年3月出生，住临澄市白浦县河口镇东风村三组12号", "临澄市白浦县河口镇东风村三组12号"),
        ("家庭住址：临澄市城南街道和平小区3幢2单元502室。", "临澄市城南街道和平小区3幢2单元502室"),
        ("现住址为解放路18-2号", "解放路18-2号"),
        ("户籍所在地：白浦县河口镇老街２５号", "白浦县河口镇老街２５号"),
        ("李某某，男，临澄市和平小区3幢502室", "临澄市和平小区3幢502室"),
    ],
)
def test_it_is_found_however_it_is_written(text, expected):
    (finding,) = find_personal_data(text)
    assert finding.severity is Severity.BLOCK
    assert text[finding.start : finding.end] == finding.quote
    if expected is not None:
        assert finding.quote == expected


@pytest.mark.parametrize(
    "text",
    [
        f"身份证号{SOMEONE[:6]}********{SOMEONE[14:]}",
        "手机139****1111，139XXXX1111，139xxxx1111",
        "卡号尾号1234，卡号****1234",
        "统一社会信用代码123401990038123456",
        f"统一社会信用代码：{SOMEONE}",
        f"电子监管号{SOMEONE}",
        f"不动产权证号 皖（2026）临澄市不动产权第{'0012345'}号",
        "宗地代码340199001001GB00001",
        "采矿许可证号C3401992012057120472731，采矿权人某某公司",
        "探矿权编号T34019920120571204",
        "项目代码2026-340199-48-01-123456",
        "受理编号13900001111",
        "合同编号：340199197503120041",
        "咨询电话0551-63500000、12345、400-800-1234",
        "办公电话：0000-88661350",
        "成交总价13900001111元，折合1.39亿元",
        "总投资人民币13900001111",
        "面积13900001111平方米",
        "户名：临澄市财政局非税收入专户，开户行：某某银行，账号6217997300001234567",
        f"收款单位：临澄市土地交易中心，账号：{card('621799730000123450')}",
        f"交易流水号{CARD}",
        "皖自然资〔2026〕12号",
        "规划图号皖A12345",
        "皖B2026-12号地块",
        "鲁A警12345",
        "单位地址：临澄市和平路7号（临澄市自然资源局）",
        "办公地址：临澄市和平路7号2楼201室",
        "不动产坐落：临澄市和平小区3幢502室",
        "地块位于和平路7号，东至解放路",
        "住宅用地3号楼，住房12户，入住安置小区3幢",
        "居住用地12号地块",
        "被征收人住东风村",
        "某某公司，住所：临澄市和平路7号",
        "二〇二六年十月九日 2026100912345678",
        "X=3512345.678，Y=39512345.678",
        "3400 12000 15000 800 3200",
        "2026-10-09 10:20:30",
    ],
)
def test_what_is_public_by_nature_is_left_alone(text):
    assert quotes(text) == []


def test_two_beside_each_other_are_two():
    assert quotes(f"{SOMEONE} {OTHER}，13900001111 13800002222、15900003333/15900004444") == [
        SOMEONE, OTHER, "13900001111", "13800002222", "15900003333", "15900004444",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"身份证号{SOMEONE[:6]} {SOMEONE[6:14]} {SOMEONE[14:]}", f"{SOMEONE[:6]}********{SOMEONE[14:]}"),
        ("手机139-0000-1111", "139****1111"),
        (f"银行卡{CARD}", "*" * (len(CARD) - 4) + CARD[-4:]),
        ("车牌皖A·12345", "皖A·*****"),
        ("家住东风村三组12号", "东风村***"),
    ],
)
def test_the_repair_hides_it_and_is_sound(text, hidden):
    assert repair(text) == hidden
    (finding,) = find_personal_data(text)
    assert quotes(text.replace(finding.quote, hidden)) == []


def test_every_part_of_a_document_is_looked_at():
    document = GateDocument(
        title="关于13900001111的答复",
        text="正文 13900002222",
        elements={"联系人": "王某 13900003333"},
        files=(GateFile(name=f"{SOMEONE}.pdf", text="附表\n王某\t13900004444"),),
    )
    found = {(finding.part, finding.element, finding.quote) for finding in check_personal_data(document, Tables())}
    assert found == {
        (Part.TITLE, "", "13900001111"),
        (Part.TEXT, "", "13900002222"),
        (Part.ELEMENT, "联系人", "13900003333"),
        (Part.ATTACHMENT, f"{SOMEONE}.pdf", SOMEONE),
        (Part.ATTACHMENT, f"{SOMEONE}.pdf", "13900004444"),
    }
    # A sealed file is not changed by a button.
    assert {finding.repair for finding in check_personal_data(document, Tables()) if finding.part is Part.ATTACHMENT} == {None}


def test_no_text_takes_long():
    """A hundred thousand figures, gaps or letters of an address: what could run back and forth."""
    for text in (
        "1 " * 50_000,
        "13" * 50_000,
        "住" + "村" * 50_000,
        "某，" * 30_000,
        "三组" * 40_000 + "住",
        "皖A" * 50_000,
        "6217" * 25_000,
    ):
        list(find_personal_data(text))


def test_it_is_one_of_the_checks():
    findings = run_checks(GateDocument(text="手机13900001111"), Tables(), CHECKS)
    assert [finding.rule for finding in findings] == ["personal_data"]
