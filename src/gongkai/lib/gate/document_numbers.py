import re
from collections.abc import Iterator

from gongkai.lib.gate.findings import Finding, GateDocument, Severity, Tables
from gongkai.lib.gate.places import in_every_part

RULE = "doc_number"

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
OPENING = "〔﹝[［【〖(（"
CLOSING = "〕﹞]］】〗)）"
ROUND = "(（"

# An office's short name may hold brackets of its own: 粤府土审(07)〔2026〕25号.
AGENCY = rf"[{HAN}A-Za-z](?:[{HAN}A-Za-z]|[(（](?:[0-9A-Za-z]{{1,3}}|[{HAN}])[)）]){{0,19}}"
NUMBER = re.compile(
    rf"(?P<agency>{AGENCY})?[ \u3000]?"
    rf"(?P<open>[{re.escape(OPENING)}]) ?(?P<year>\d{{2,4}}) ?(?P<nian>年?) ?(?P<close>[{re.escape(CLOSING)}])"
    r"[ \u3000]?(?P<di>第?)[ \u3000]?(?P<serial>\d{1,7}(?:[、—–~至-]\d{1,7}){0,3})[ \u3000]?[号號]"
    # A parcel, a building or a patch on a map is numbered, too; that is no document number.
    r"(?!地块|宗地|地段|图斑|楼|院|库房|井)"
)
# Words of the sentence that run straight into the office's name: 根据国办函…, 经国办发…
LEAD = re.compile(
    r"(?:根据|依据|按照|依照|遵照|参照|执行|转发|印发|下发|有关|关于|文号|编号|详见|参见|具体见|收到|贯彻|落实|现将|附件|以及|经|以|由|和|与|及|或|见|如|即|按|对|将|依|为|是|的|件|在|号|令(?=.*令$))+"
)
CUT = re.compile(r".*(?:根据|依据|按照|依照|参照|执行|印发|文件|规定|通知|办法|意见|决定|批准|号文?|的)(?=..)")


def check_document_numbers(document: GateDocument, tables: Tables) -> tuple[Finding, ...]:  # noqa: ARG001 — all checks are called alike
    """Document numbers not of the form 机关代字〔年份〕序号号 (发文字号): other brackets, 第, a leading zero, a short year.

    Left alone: orders (国务院令第711号), court case numbers, standards, certificates, parcels.
    """
    return in_every_part(document, find_wrong_numbers)


def find_wrong_numbers(text: str) -> Iterator[Finding]:
    """Each wrong document number of a text, in its order, with the right wording where that is certain."""
    for match in NUMBER.finditer(text):
        agency, start = _trim(match)
        if not _is_document_number(match, agency):
            continue
        faults = _faults(match)
        if not faults:
            continue
        quote = text[start : match.end()]
        right = _repair(match, agency)
        yield Finding(
            rule=RULE,
            severity=Severity.BLOCK,
            quote=quote,
            message=f"“{quote}”{'，'.join(faults)}。",
            advice=f"改为“{right}”。" if right else "按“机关代字〔年份〕序号号”的写法补全，年份写四位数。",
            start=start,
            end=match.end(),
            repair=right,
        )


def _trim(match: re.Match[str]) -> tuple[str, int]:
    """The office's short name without the words of the sentence before it, and where it starts."""
    agency = match["agency"] or ""
    start = match.start()
    for pattern in (CUT, LEAD):
        lead = pattern.match(agency)
        if lead and lead.end() < len(agency):
            agency = agency[lead.end() :]
            start += lead.end()
    return agency, start


def _is_document_number(match: re.Match[str], agency: str) -> bool:
    """Whether it is meant as one. A round bracket says so only after a short name: (2020)3号 and 皖(2020)12号 can be anything."""
    if agency.endswith("令"):
        return False
    if match["open"] in ROUND:
        return len(re.findall(f"[{HAN}]", agency)) >= 2 and _is_year(match)
    return match["open"] == "〔" or _is_year(match)


def _is_year(match: re.Match[str]) -> bool:
    return len(match["year"]) == 2 or match["year"].startswith(("19", "20"))


def _faults(match: re.Match[str]) -> list[str]:
    faults = []
    if match["open"] != "〔" or match["close"] != "〕":
        faults.append("年份要用六角括号〔〕")
    if len(match["year"]) != 4 or not _is_year(match):
        faults.append("年份要写四位数")
    if match["nian"]:
        faults.append("括号里不写“年”")
    if match["di"]:
        faults.append("序号前不加“第”")
    if any(part.startswith("0") for part in re.findall(r"\d+", match["serial"])):
        faults.append("序号前不加 0")
    return faults


def _repair(match: re.Match[str], agency: str) -> str | None:
    """The right wording; None where the century or the number itself would have to be guessed."""
    serials = re.sub(r"\d+", lambda digits: str(int(digits[0])), match["serial"])
    if len(match["year"]) != 4 or not _is_year(match) or "0" in re.findall(r"\d+", serials):
        return None
    return f"{agency}〔{int(match['year'])}〕{serials}号"
