"""How a sheet is laid out: where its header stands, what its columns mean, which lines are no data."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from gongkai.producers.disclosure.kinds import SheetField, SourceEntryRow

Line = tuple[int, Sequence[str]]
LOOKED_AT = 20
"""A header stands within the first lines that hold something."""

TOTALS = re.compile(r"(合计|总计|小计|共计|总数|累计)[:：]?")
FOOTERS = re.compile(
    r"(制表人|填表人|填报人|审核人|负责人|联系人|联系电话|填报日期|填报单位|制表日期|打印日期|导出时间|备注|说明|注)[:：].*"
)
_VALUE = re.compile(r"[\d\s,.:%/年月日¥￥+-]+")
SPLIT = re.compile("[;；、,，]")


def find_header(lines: Sequence[Line], known: Collection[str]) -> tuple[int, ...]:
    """Numbers of the lines that hold the columns' names (表头): one, two where names are split over two lines, none when there is none.

    `known` are names that such columns have.
    """
    head = lines[:LOOKED_AT]
    scores = [_score(cells, known) for _, cells in head]
    best = max(range(len(head)), key=lambda at: (scores[at], -at), default=0)
    if not head or scores[best] <= 0:
        return ()
    number, cells = head[best]
    if best + 1 < len(head) and _continues(cells, head[best + 1][1]):
        return (number, head[best + 1][0])
    if best > 0 and _continues(head[best - 1][1], cells) and scores[best - 1] > 0:
        return (head[best - 1][0], number)
    return (number,)


def _score(cells: Sequence[str], known: Collection[str]) -> int:
    filled = [cell for cell in cells if cell]
    if len(set(filled)) < 2:
        return 0  # a title over all columns
    hits = sum(1 for cell in set(filled) if _squeeze(cell) in known)
    values = sum(1 for cell in filled if _VALUE.fullmatch(cell))
    if values * 3 > len(filled):
        return 0  # data: days and numbers
    return hits * 10 if hits else -1


def _continues(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the lower line goes on with the names of the upper one: cells that were merged over both are equal, the rest names below."""
    pairs = [(upper[at] if at < len(upper) else "", lower[at] if at < len(lower) else "") for at in range(max(len(upper), len(lower)))]
    below = [low for high, low in pairs if low and low != high]
    is_shared = any(high == low and high for high, low in pairs) or any(high and not low for high, low in pairs)
    has_group = any(high and pairs[at - 1][0] in {high} for at, (high, _) in enumerate(pairs) if at) or any(
        not high and low for high, low in pairs
    )
    are_names = all(not _VALUE.fullmatch(low) and len(low) <= 20 for low in below)
    return bool(below) and is_shared and has_group and are_names and len(set(below)) == len(below)


def name_columns(header: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """The names of the columns (列名): of a header of two lines both, of a column without one its letter. No name comes twice."""
    names: list[str] = []
    group = ""
    for at in range(width):
        parts = [line[at] if at < len(line) else "" for line in header]
        if len(parts) == 2:
            group = parts[0] or (group if parts[1] else "")
            parts = [group, parts[1]]
        name = "／".join(dict.fromkeys(part for part in parts if part)) or f"{letter_of(at)} 列"
        same = sum(1 for other in names if other == name or other.startswith(f"{name}（"))
        names.append(f"{name}（{same + 1}）" if same else name)
    return tuple(names)


def letter_of(position: int) -> str:
    """The letter a spreadsheet gives a column, from 0: A, B … Z, AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def guess_columns(names: Sequence[str], remembered: Mapping[str, str], usual: Mapping[SheetField, Sequence[str]]) -> dict[SheetField, int]:
    """Which column says what (认列): as the last sheet of the source was read, else by its usual names; each column once."""
    found: dict[SheetField, int] = {}
    squeezed = [_squeeze(name) for name in names]
    for field in SheetField:
        if remembered.get(field.value) in names:
            found[field] = names.index(remembered[field.value])
    for field in SheetField:
        if field not in found:
            at = _look_up(squeezed, [_squeeze(name) for name in usual.get(field, ())], set(found.values()))
            if at is not None:
                found[field] = at
    return found


def _look_up(names: Sequence[str], wanted: Iterable[str], taken: Collection[int]) -> int | None:
    for word in wanted:
        for at, name in enumerate(names):
            if at not in taken and (name == word or name.rpartition("／")[2] == word):
                return at
    return None


def _squeeze(name: str) -> str:
    return re.sub(r"[（(].*?[）)]|[\s*＊:：]", "", name)


def list_known(usual: Mapping[SheetField, Sequence[str]], remembered: Mapping[str, str]) -> frozenset[str]:
    """Names by which a header is known (列名)."""
    return frozenset(_squeeze(name) for names in (*usual.values(), tuple(remembered.values())) for name in names)


def explain_aside(number: int, cells: Sequence[str], header: Sequence[Line]) -> str:
    """Why a line is no data (不是数据的行), in words; empty when it is data: above the header, the header again, totals, notes below."""
    if header and number < header[0][0]:
        return "表头上面的标题"
    if any(number == line[0] for line in header) or any(list(cells) == list(line[1]) for line in header):
        return "表头"
    filled = [cell for cell in cells if cell]
    first = re.sub(r"\s", "", filled[0])
    if TOTALS.fullmatch(first) or (len(filled) > 1 and first.isdigit() and TOTALS.fullmatch(re.sub(r"\s", "", filled[1]))):
        return "合计"
    return "表下的说明" if FOOTERS.fullmatch(first) and len(set(filled)) <= max(2, len(cells) // 3) else ""


def split_words(text: str) -> tuple[str, ...]:
    """Words that were typed with signs between them."""
    return tuple(dict.fromkeys(word.strip() for word in SPLIT.split(text) if word.strip()))


def read_entry(text: str) -> SourceEntryRow:
    """An entry to which rows lead, as it is written down (来源对应事项的写法): 事项代码+同时要公开的事项代码=类别里的写法；另一种写法."""
    codes, _, words = text.replace("＝", "=").replace("＋", "+").partition("=")
    code, *also = dict.fromkeys(part.strip() for part in codes.split("+") if part.strip()) or [""]
    return SourceEntryRow(code, "", split_words(words), tuple(also))


def write_entry(entry: SourceEntryRow) -> str:
    """As `read_entry` reads it (来源对应事项的写法)."""
    codes = "+".join((entry.code, *entry.also))
    return f"{codes}={'；'.join(entry.words)}" if entry.words else codes
