"""What one cell of a register says: days in every way people write them, numbers that are still whole, no formulas."""

import re
import unicodedata
from datetime import date, timedelta

from gongkai.lib.sheets import read_day

SERIAL_BEGINS = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 18264, 73050
"""Days 1950-01-01 to 2099-12-31 as a spreadsheet counts them."""

_TIME = re.compile(r"[T ]\d{1,2}[:时]\d{1,2}([:分]\d{1,2}(\.\d+)?)?[秒分]?([+-]\d{2}:?\d{2}|Z)?$")
_EIGHT = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_LOST_DIGITS = re.compile(r"-?\d+(\.\d+)?[Ee]\+?\d+")
UNREADABLE = "\ufffd"
TOO_LONG = 120


def read_sheet_day(text: str, *, is_1904: bool = False) -> date:
    """A day as a sheet writes it (日期): 2026-09-07, 2026/9/7, 2026.9.7, 2026年9月7日, 20260907, with a time, or a bare serial number.

    Raises: ValueError with what to do, in words.
    """
    plain = _TIME.sub("", unicodedata.normalize("NFKC", text)).replace(" ", "").removesuffix("日") or text
    if re.search("[年月]", plain) and re.search(r"月\d", plain):
        plain += "日"
    if _EIGHT.fullmatch(plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    if re.fullmatch(r"\d{5}(\.\d+)?", plain) and FIRST_SERIAL <= float(plain) <= LAST_SERIAL:
        if is_1904:
            raise ValueError(
                "这是没有日期格式的数，工作簿又用 1904 日期系统，认不准。请把这一列设成日期格式再传，或在这里写成 2026-09-07。"
            )
        return SERIAL_BEGINS + timedelta(days=int(float(plain)))
    try:
        return read_day(plain)
    except ValueError:
        raise ValueError("认不出是哪一天。请写年、月、日，例如 2026-09-07。") from None


def find_cell_problem(text: str) -> str:
    """What makes a text unusable as a name or a number (不可用的内容), in words; empty when nothing does."""
    if UNREADABLE in text:
        return f"有读不出的字符（显示为 {UNREADABLE}）。请照原件重新输入。"
    if text.startswith(("=", "@", "+")):
        return f"以“{text[0]}”开头，像公式，没有当公式算。请改成文字或数值。"
    return ""


def find_number_problem(text: str) -> str:
    """What makes a text unusable as the source's own number (编号), in words; empty when nothing does."""
    if words := find_cell_problem(text):
        return words
    if _LOST_DIGITS.fullmatch(text):
        return "表格软件把编号当成了数，后几位已经丢了。请把这一列设成文本再导出，或在这里照原件写全。"
    if len(text) > TOO_LONG:
        return f"编号 {len(text)} 字，超过 {TOO_LONG} 字，像是别的列。请核对。"
    return ""


def tidy_key(text: str) -> str:
    """A source's number as it is compared (编号): full-width letters, brackets and blanks make no other number."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.translate(str.maketrans("〔【［[（", "(((((", "")).translate(str.maketrans("〕】］]）", ")))))", ""))
