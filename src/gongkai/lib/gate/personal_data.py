"""Personal data that must not become public: identity numbers, mobile phones, bank cards, number plates, homes to the door.

What looks alike and is public by nature stays: credit codes, parcel, supervision and licence numbers, an office's telephone, address and
account, amounts. The words before a number tell most; the check digit tells the rest.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from gongkai.lib.gate.findings import Finding, GateDocument, Severity, Tables
from gongkai.lib.gate.homes import find_homes
from gongkai.lib.gate.places import in_every_part

RULE = "personal_data"

# One character for one character: places stay what they are. Commas and full stops stay Chinese: they end a clause.
FOLDED = str.maketrans(
    {
        **{chr(ord(plain) + 0xFEE0): plain for plain in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-*%"},
        "\u3000": " ",
        "\xa0": " ",
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "•": "·",
        "∙": "·",
        "・": "·",
        "．": "·",
    }
)
GAP = "[ -]?"
# Not inside a longer number or code, not after the dash of one (0551-…), not a decimal.
BEGIN = r"(?<![0-9A-Za-z*×])(?<![0-9A-Za-z*]-)(?<![0-9]\.)"
END = r"(?![0-9A-Za-z*×])(?!-[0-9A-Za-z*])"
PREFIX = rf"(?:(?:\+|00)?86{GAP})?"

PLATE = re.compile(
    r"(?P<head>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼] ?[A-HJ-NP-Z][ ·-]?)(?=[A-Z]{0,5}[0-9])[A-HJ-NP-Z0-9]{5,6}"
    r"(?![0-9A-Za-z号·-]|地块|宗地|警)"
)

PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")

IDENTITY_WORDS = ("身份证", "身份号", "身份证件", "身份证明", "证件号", "公民身份", "户口簿", "居民证")
PHONE_WORDS = ("手机", "电话", "联系", "致电", "微信", "短信", "拨打", "机主")
CARD_WORDS = ("银行卡", "卡号", "储蓄卡", "存折", "一卡通", "社保卡", "银行账", "打入", "汇入", "转入")
ACCOUNT_WORDS = ("账号", "帐号", "账户", "帐户")
OTHER_NUMBERS = (
    "信用代码", "机构代码", "纳税人", "税号", "监管号", "监管编号", "单元号", "单元代码", "宗地", "地块", "许可证", "权证", "证书",
    "图号", "编号", "编码", "代码", "序列号", "流水号", "订单", "合同", "批次", "档号", "案号", "文号", "标识码", "备案号", "受理号",
    "登记号", "项目号", "条码", "发票", "公告号", "执法证",
)  # fmt: skip
"""Words before a number that say what else it is (其他编号)."""
QUANTITY = re.compile(r"[ ]?(?:[万亿]?元|万|亿|平方|公顷|亩|米|吨|公里|立方|株|户|人|%|％|‰)")
MONEY_BEFORE = re.compile(r"(?:[¥￥$]|人民币|金额|总额|总价|价款|投资额?)[：:为约共计 ]*$")
HOLDER = re.compile(
    r"(?:户名|开户名称?|账户名称?|帐户名称?|收款(?:人|单位)|单位名称|开户单位)[：: ]*"
    r"[^，。；\n]{0,40}?(?:中心|局|厅|委员会|公司|政府|财政|法院|所|站|院|会|处|社|专户)"
)
# The nearest words decide, within the clause; a colon or a comma inside still belongs to it.
BEFORE = 12
CLAUSE = 60


@dataclass(frozen=True)
class Run:
    """A run of figures with gaps, in its place (数字串). `digits` without gaps, X in capital; `before` the words in front of it."""

    start: int
    end: int
    digits: str
    clause: str
    after: str

    @property
    def before(self) -> str:
        """The nearest words before it."""
        return self.clause[-BEFORE:]

    def is_called(self, words: tuple[str, ...]) -> bool:
        """Whether one of the words stands near before it."""
        return _nearest(self.before, words) >= 0

    @property
    def is_another_number(self) -> bool:
        """Whether the words before it say that it numbers a thing, nearer than any that speak of a person."""
        other = _nearest(self.before, OTHER_NUMBERS)
        return other > _nearest(self.before, IDENTITY_WORDS + PHONE_WORDS + CARD_WORDS)

    @property
    def is_amount(self) -> bool:
        """Whether it is money or a quantity."""
        is_measured = QUANTITY.match(self.after) or MONEY_BEFORE.search(self.before)
        return bool(is_measured) and not self.is_called(PHONE_WORDS + CARD_WORDS)


@dataclass(frozen=True)
class Kind:
    """A kind of personal data that is a run of figures (个人信息种类): its shape, how it is known, what it is called, how it is hidden."""

    name: str
    shape: re.Pattern[str]
    is_one: Callable[[Run], bool]
    keep_first: int
    keep_last: int
    advice: str


def check_personal_data(document: GateDocument, tables: Tables) -> tuple[Finding, ...]:  # noqa: ARG001 — all checks are called alike
    """Personal data in any part of a document (个人信息), each with the masked wording as repair where there is one.

    Legal source: OGIR art. 15; PIPL art. 25. Masks follow the project's table (前 6 后 4, 前 3 后 4, 仅留后 4).
    """
    return in_every_part(document, find_personal_data)


def find_personal_data(text: str) -> Iterator[Finding]:
    """Each piece of personal data of a text, in its order."""
    folded = text.translate(FOLDED)
    end_of_last = 0
    for hit in sorted([*_find_numbers(folded), *_find_plates(folded), *_find_homes(folded)], key=lambda hit: (hit.start, -hit.end)):
        if hit.start < end_of_last:
            continue
        end_of_last = hit.end
        quote = text[hit.start : hit.end]
        yield Finding(
            rule=RULE,
            severity=Severity.BLOCK,
            quote=quote,
            message=f"“{quote}”是{hit.what}，不能公开。",
            advice=hit.advice,
            start=hit.start,
            end=hit.end,
            repair=hit.hidden,
        )


@dataclass(frozen=True)
class Hit:
    """A piece of personal data in its place (命中). `hidden`: what may be written instead."""

    start: int
    end: int
    what: str
    advice: str
    hidden: str


def _find_numbers(text: str) -> Iterator[Hit]:
    for kind in KINDS:
        for match in kind.shape.finditer(text):
            run = _read_run(text, match)
            if kind.is_one(run):
                covered = len(run.digits) - kind.keep_first - kind.keep_last
                hidden = run.digits[: kind.keep_first] + "*" * covered + run.digits[-kind.keep_last :]
                yield Hit(run.start, run.end, kind.name, kind.advice, hidden)


def _read_run(text: str, match: re.Match[str]) -> Run:
    start, end = match.span("number")
    clause = re.split(r"[。；;\n]", text[max(0, match.start() - CLAUSE) : match.start()])[-1]
    return Run(start, end, re.sub("[ -]", "", match["number"]).upper(), clause, text[end : end + 4])


def _find_plates(text: str) -> Iterator[Hit]:
    for match in PLATE.finditer(text):
        before = text[max(0, match.start() - BEFORE) : match.start()]
        if _nearest(before, OTHER_NUMBERS) < 0:
            yield Hit(match.start(), match.end(), "车牌号", "只写车型和颜色，或者隐去号码。", match["head"] + "*****")


def _find_homes(text: str) -> Iterator[Hit]:
    for home in find_homes(text):
        yield Hit(home.start, home.end, "到门牌的住址", "住址只写到村、社区或小区，门牌、楼栋隐去。", home.street + "***")


def _nearest(text: str, words: tuple[str, ...]) -> int:
    """Where the last of the words ends in a text; -1 when none is there."""
    return max((place + len(word) for word in words if (place := text.rfind(word)) >= 0), default=-1)


def _is_identity_number(run: Run) -> bool:
    digits = run.digits
    if not PROVINCE.match(digits) or run.is_another_number or run.is_amount:
        return False
    if len(digits) == 15:
        return _is_day("19" + digits[6:12])
    # A slip of the pen in the last figure still names the person.
    return _is_day(digits[6:14]) and (mod_11_2.is_valid(digits) or run.is_called(IDENTITY_WORDS))


def _is_day(figures: str) -> bool:
    try:
        return 1900 <= date(int(figures[:4]), int(figures[4:6]), int(figures[6:])).year < 2100
    except ValueError:
        return False


def _is_mobile(run: Run) -> bool:
    return not run.is_another_number and not run.is_amount


def _is_bank_card(run: Run) -> bool:
    digits = run.digits
    if run.is_another_number or run.is_amount or HOLDER.search(run.clause):
        return False
    if run.is_called(CARD_WORDS):
        return luhn.is_valid(digits) or digits.startswith("62")
    is_card = digits.startswith(("62", "9558")) or (run.is_called(ACCOUNT_WORDS) and digits[0] in "456")
    return is_card and bool(luhn.is_valid(digits))


KINDS = (
    Kind(
        "身份证号",
        re.compile(rf"{BEGIN}(?P<number>[1-9](?:{GAP}\d){{16}}{GAP}[\dXx]|[1-9]\d{{5}}{GAP}\d{{6}}{GAP}\d{{3}}){END}"),
        _is_identity_number, 6, 4, "隐去中间几位，公开的只留前 6 位和后 4 位；原件照样保存。",
    ),
    Kind(
        "手机号",
        re.compile(rf"{BEGIN}{PREFIX}(?P<number>1[3-9]\d(?:{GAP}\d{{4}}{GAP}\d{{4}}|{GAP}\d{{3}}{GAP}\d{{5}}|\d{GAP}\d{{3}}{GAP}\d{{4}})){END}"),
        _is_mobile, 3, 4, "隐去中间四位；要留联系方式的，写单位的办公电话。",
    ),
    Kind(
        "银行卡号",
        re.compile(rf"{BEGIN}(?P<number>[3-9]\d{{3}}(?:{GAP}\d{{4}}){{3}}(?:{GAP}\d{{1,3}})?|[3-9]\d{{5}}{GAP}\d{{10,13}}){END}"),
        _is_bank_card, 0, 4, "隐去，只留后 4 位。",
    ),
)  # fmt: skip
