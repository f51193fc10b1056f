"""How a plain sentence gives an element: a value right behind its name, or a turn of phrase (位于…, 由…竞得).

What may stand behind a name depends on what the name asks for: an area wants an area, a price wants money. A bare number gives nothing.
"""

import re
from functools import cache

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
NUMBER = r"(?:约|共|共计|合计|总计|人民币|不低于|不少于|不超过|[¥￥≥≤>＞<＜])?[ \u3000]{0,4}\d[\d,.]{0,20}[ \u3000]{0,4}"
AREA = rf"{NUMBER}(?:万?平方米|平方公里|公顷|亩|㎡|m²|m2)"
MONEY = rf"{NUMBER}(?:亿元|万元|元)"
YEARS = rf"{NUMBER}年(?![度份]|\d|[ \u3000]{{0,4}}\d{{1,2}}[ \u3000]{{0,4}}月)"
DAY = r"(?:19|20)\d{2}(?:年\d{1,2}月\d{1,2}日|[-./]\d{1,2}[-./]\d{1,2}(?!\d))"
SPAN = rf"(?:{NUMBER}(?:个?工作日|个?自然日|日|天|个月)|{YEARS})"
# A parcel's number, 2026-G15 or LC2026-17: no quantity, no year.
NO_QUANTITY = r"(?![ \u3000]{0,4}(?:万?平方米|公顷|亩|㎡|[万亿]?元|年|月|日|个|户|%))"
CODE = rf"(?=[A-Z0-9()（）\-—]{{0,24}}\d)[A-Z0-9][A-Z0-9()（）\-—]{{2,24}}(?![A-Z0-9\-—.]){NO_QUANTITY}"
DOCUMENT_NUMBER = rf"[{HAN}()（）\d]{{2,16}}[〔﹝［\[(（](?:19|20)\d{{2}}[〕﹞］\])）]第?\d+号"
# What is said, within one clause; a question names nobody.
WORDS = r"(?!谁|何|哪|[_＿\-—/]{2})[^，。；：！？,;:\n]{2,60}?"

ENDINGS = (
    (("面积",), AREA),
    (("价", "价格", "价款", "总价", "金额", "保证金", "标准"), MONEY),
    (("年限", "年期"), YEARS),
    (("公示期", "期限"), rf"(?:{SPAN}|{DAY})"),
    (("时间", "日期"), DAY),
    (("编号", "宗地号"), CODE),
    (("文号",), DOCUMENT_NUMBER),
)
"""What may stand right behind a name, by how the name ends."""

TOKENS = {
    "[词]": WORDS,
    "[略]": r"[^，。；：！？,;:\n]{0,24}?",
    "[编号]": CODE,
    "[面积]": AREA,
    "[金额]": MONEY,
    "[天数]": SPAN,
    "[日期]": DAY,
    "[文号]": DOCUMENT_NUMBER,
    "[数]": r"(?:[≥≤>＞<＜]|为|不[大小低高少]于|不超过|[大小]于)?[ \u3000]{0,4}\d",
}
"""What the words in brackets of a phrase stand for (element_names.csv, said_as)."""

NOT_SAID = "不未否无须应需报"
"""Before a phrase these turn it round or put it off: 未经省人民政府批准, 须经…批准."""


def has_value(name: str, text: str) -> bool:
    """Whether a value of the right kind stands right behind the name (名称后直接写值): 土地面积46213.57平方米."""
    pattern = _value_pattern(name)
    return pattern is not None and pattern.search(text) is not None


def says(phrase: str, text: str) -> bool:
    """Whether a text uses a phrase (句式), e.g. `由[词]竞得`."""
    return _phrase_pattern(phrase).search(text) is not None


@cache
def _value_pattern(name: str) -> re.Pattern[str] | None:
    value = next((value for endings, value in ENDINGS if name.endswith(endings)), None)
    return re.compile(rf"(?<![{HAN}]){re.escape(name)}(?:[（(][^（）()\n]{{0,30}}[）)])?[ \u3000]{{0,4}}{value}") if value else None


@cache
def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    parts = re.split(r"(\[[^\]]+\])", phrase)
    return re.compile(rf"(?<![{NOT_SAID}])" + "".join(TOKENS[part] if part in TOKENS else re.escape(part) for part in parts))
