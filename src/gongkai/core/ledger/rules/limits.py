import re

from gongkai.core.ledger.kinds import Limit, LimitUnit

PLAIN = re.compile(r"(?P<least>min:)?P(?P<hours>T)?(?P<amount>\d{1,4})(?P<letters>WD|D|M|Y|H)")
FIXED = re.compile(r"fixed:(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])")
CADENCE = re.compile(r"cadence:(workday|[1-9]\d?[DWMQY])")
LETTERS = {"WD": LimitUnit.WORKDAY, "D": LimitUnit.DAY, "M": LimitUnit.MONTH, "Y": LimitUnit.YEAR, "H": LimitUnit.HOUR}
LONGEST = {LimitUnit.MONTH: 1200, LimitUnit.YEAR: 100}
MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
CADENCE_WORDS = {"D": "天", "W": "周", "M": "个月", "Q": "个季度", "Y": "年"}


def parse_limit(text: str) -> Limit:
    """A limit text of the duty list as the rules read it (期限写法): `P20WD`, `min:P30D`, `PT48H`, `fixed:01-31`, `cadence:1Q`, `none`.

    Raises: ValueError for anything else, in words that name it.
    """
    if text == "none":
        return Limit(LimitUnit.NONE)
    if cadence := CADENCE.fullmatch(text):
        return Limit(LimitUnit.CADENCE, cadence=cadence[1])
    if fixed := FIXED.fullmatch(text):
        month, day = int(fixed["month"]), int(fixed["day"])
        if day <= MONTH_LENGTHS[month - 1]:
            return Limit(LimitUnit.DATE, month=month, day=day)
    if (plain := PLAIN.fullmatch(text)) and bool(plain["hours"]) == (plain["letters"] == "H"):
        unit, amount = LETTERS[plain["letters"]], int(plain["amount"])
        if amount <= LONGEST.get(unit, amount):
            return Limit(unit, amount, is_minimum=bool(plain["least"]))
    raise ValueError(f"期限“{text}”的写法不认识。")


def say_limit(limit: Limit) -> str:
    """A limit in words (期限): 20 个工作日, 不少于 30 日, 每年 1月31日前, 当天."""
    if limit.unit is LimitUnit.NONE:
        return "没有写天数"
    if limit.unit is LimitUnit.CADENCE:
        return _say_cadence(limit.cadence)
    if limit.unit is LimitUnit.DATE:
        return f"每年 {limit.month}月{limit.day}日前"
    if limit.amount == 0:
        return "当天"
    return f"{'不少于 ' if limit.is_minimum else ''}{limit.amount} {limit.unit.label}"


def _say_cadence(cadence: str) -> str:
    if cadence == "workday":
        return "每个工作日"
    number, letter = int(cadence[:-1]), cadence[-1]
    return f"每{'' if number == 1 else f' {number} '}{CADENCE_WORDS[letter]}一次"
