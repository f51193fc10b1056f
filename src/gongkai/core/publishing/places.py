"""Places in a text that a reviewer can point at (位置), pure: from what is stored to a list to choose from, and back."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from gongkai.core.publishing import pieces
from gongkai.core.publishing.kinds import DraftDetail, GateReport, NewRemark, Place, RemarkRow, Spot
from gongkai.core.publishing.rules import check_reason
from gongkai.lib.errors import BadInput

MAX_PARAGRAPHS = 400
MAX_REMARKS = 20
QUOTE = 60
SHOWN = 24


def list_places(detail: DraftDetail, report: GateReport) -> list[Place]:
    """Everything in a text that can be pointed at (可指之处), in reading order; the whole text first."""
    content = detail.content
    found = [Place(Spot.WHOLE, label="全文（不单指一处）"), Place(Spot.TITLE, label="标题", quote=content.title[:QUOTE])]
    if content.document_number:
        found.append(Place(Spot.DOCUMENT_NUMBER, label="发文字号", quote=content.document_number[:QUOTE]))
    if content.formed_date:
        found.append(Place(Spot.FORMED_DATE, label="成文日期", quote=content.formed_date.isoformat()))
    found += list_paragraphs(content.body_html)
    names = dict.fromkeys((*detail.required, *content.elements))
    found += [Place(Spot.ELEMENT, name, f"要素“{name}”", content.elements.get(name, "")[:QUOTE]) for name in names]
    found += [Place(Spot.ATTACHMENT, str(file.uuid), f"附件“{file.name}”") for file in detail.attachments]
    keys = dict.fromkeys(finding.key for finding in report.findings)
    by_key = {finding.key: finding for finding in report.findings}
    found += [
        Place(Spot.FINDING, key, f"检查第 {number} 处：{by_key[key].rule_word}", by_key[key].quote[:QUOTE])
        for number, key in enumerate(keys, start=1)
    ]
    return found


def list_paragraphs(body: str) -> list[Place]:
    """The paragraphs of a clean body (段落), as they are read; a table is one. Of a very long text the first four hundred."""
    return [place for place, _ in _walk(pieces.split(body))]


def number_body(body: str) -> str:
    """A clean body whose paragraphs say which place they are (`data-place`), so that a press on one chooses it. Only a clean body."""
    parts = pieces.split(body)
    for place, opening in _walk(list(parts)):
        tag = parts[opening].text if opening is not None else ""
        if tag.startswith("<") and not tag.startswith(("</", "<br")):
            parts[opening or 0] = pieces.Piece(f'{tag[:-1]} data-place="{place.code}">', is_tag=True)
    return pieces.join(parts)


def _walk(parts: Sequence[pieces.Piece]) -> Iterator[tuple[Place, int | None]]:
    """Each paragraph and table, with the index of the tag that opens it; None for words that no tag opens."""
    counts: Counter[str] = Counter()
    for words, table, opening in _blocks(parts):
        kind, word = ("t", "表 {}") if table is not None else ("p", "第 {} 段")
        counts[kind] += 1
        label = f"{word.format(counts[kind])}：{_shorten(words)}"
        yield Place(Spot.PARAGRAPH, f"{kind}{counts[kind]}", label, words[:QUOTE]), opening if table is None else table
        if counts.total() == MAX_PARAGRAPHS:
            return


def _blocks(parts: Sequence[pieces.Piece]) -> Iterator[tuple[str, int | None, int | None]]:
    """The words of each block, the table it stands in, the tag that opens it; of a table those of its first cell that has any, once."""
    words, depth = "", 0
    opening: int | None = None
    table: int | None = None
    told: set[int | None] = set()
    for index, piece in enumerate([*parts, pieces.Piece("<br>", is_tag=True)]):
        if not piece.is_tag:
            words += piece.text
        if not piece.ends_words:
            continue
        if (kept := " ".join(words.split())) and (table is None or table not in told):
            told.add(table)
            yield kept, table, opening
        words, opening = "", index
        if piece.text.startswith("<table"):
            depth, table = depth + 1, table if depth else index
        elif piece.text.startswith("</table"):
            depth -= 1
            table = table if depth else None


def _shorten(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}……"


def read_remarks(remarks: Sequence[NewRemark], places: Iterable[Place]) -> list[RemarkRow]:
    """What a reviewer pointed at (退回意见), with the words as they stand there. Raises: BadInput for an unknown place or empty words."""
    if len(remarks) > MAX_REMARKS:
        raise BadInput(f"一次最多指 {MAX_REMARKS} 处。其余的合在一处写。", field="reason")
    known = {place.code: place for place in places}
    found = []
    for remark in remarks:
        place = known.get(remark.place)
        if place is None:
            raise BadInput("您指的那一处现在没有了。请刷新页面，重新指一处。", field="place")
        found.append(RemarkRow(place, check_reason(remark.words, "退回的理由")))
    return found


def sum_up(whole: str, remarks: Sequence[RemarkRow]) -> str:
    """The reason of a return in one line (退回理由): what is said of the whole, then of each place."""
    said = "；".join(f"{row.place.label.partition('：')[0]}：{row.words}" for row in remarks)
    return "：".join(part for part in (whole, said) if part)
