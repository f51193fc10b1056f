"""Two contents of a text side by side, changed words marked. No Django, no disk."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from gongkai.core.publishing.cleaning import plain_text
from gongkai.core.publishing.kinds import DraftContent

# A Chinese character is a word of its own; letters and figures run together, so that 45 and 60 differ whole.
WORD = re.compile(r"[0-9][0-9.,]*|[A-Za-z]+|\s+|.", re.DOTALL)
MOST_STEPS = 400_000
"""Pairs of equal words in two lines, or of equal lines in two texts: what a comparison costs. Beyond it both are shown whole."""
MOST_LINES_IN_WORDS = 500
"""Changed lines in a row looked at word by word; later ones are shown whole."""
SHORTEST_KEPT = 2
"""A single unchanged character between two changes helps nobody to read."""
AROUND = 1
"""Unchanged lines shown beside a change."""
FORMAT_ONLY = "文字没有变，只有格式变了（加粗、标题、列表、链接或表格的合并）。"


@dataclass(frozen=True)
class Run:
    """A stretch of one line (对照片段): changed or not."""

    words: str
    is_changed: bool


@dataclass(frozen=True)
class LinePair:
    """One line before and after (对照行). An empty side: the line is only on the other. `skipped` unchanged lines stood before it."""

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    skipped: int = 0


@dataclass(frozen=True)
class PartPair:
    """One part of a text in which something changed (对照部分): title, number, day, body, one element, attachments."""

    label: str
    lines: tuple[LinePair, ...]
    note: str = ""


def compare(before: DraftContent, after: DraftContent, *, files_before: Sequence[str], files_after: Sequence[str]) -> list[PartPair]:
    """The parts in which two contents differ (对照), in reading order; empty when a reader sees the same."""
    names = [*before.elements, *(name for name in after.elements if name not in before.elements)]
    parts = [
        ("标题", before.title, after.title),
        ("发文字号", before.document_number, after.document_number),
        ("成文日期", _day(before), _day(after)),
        ("正文", plain_text(before.body_html), plain_text(after.body_html)),
        *((f"要素：{name}", before.elements.get(name, ""), after.elements.get(name, "")) for name in names),
        ("附件", "\n".join(files_before), "\n".join(files_after)),
    ]
    pairs = [PartPair(label, tuple(compare_lines(old, new))) for label, old, new in parts if old != new]
    if before.body_html != after.body_html and not any(pair.label == "正文" for pair in pairs):
        pairs.append(PartPair("正文", (), FORMAT_ONLY))
    return pairs


def compare_lines(before: str, after: str) -> list[LinePair]:
    """Two texts line by line (逐行对照), with the lines around a change."""
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    pairs: list[LinePair] = []
    skipped = 0
    blocks = _blocks(old, new)
    for at, (kind, first, last, begin, end) in enumerate(blocks):
        if kind != "equal":
            pairs += _changed(old[first:last], new[begin:end], skipped)
            skipped = 0
            continue
        same = old[first:last]
        head = same[:AROUND] if at > 0 else []
        tail = same[max(len(head), len(same) - AROUND) :] if at < len(blocks) - 1 else []
        left_out = len(same) - len(head) - len(tail)
        pairs += [_same(line) for line in head]
        if tail:
            pairs += [_same(line, left_out if number == 0 else 0) for number, line in enumerate(tail)]
        else:
            skipped = left_out
    return pairs


def compare_words(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Two lines word by word (逐词对照)."""
    old, new = WORD.findall(before), WORD.findall(after)
    if not _is_affordable(old, new):
        return (Run(before, is_changed=True),), (Run(after, is_changed=True),)
    left: list[Run] = []
    right: list[Run] = []
    for kind, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_changed = kind != "equal" or (first > 0 and last < len(old) and last - first < SHORTEST_KEPT)
        _add(left, "".join(old[first:last]), is_changed=is_changed)
        _add(right, "".join(new[begin:end]), is_changed=is_changed)
    return tuple(left), tuple(right)


def _is_affordable(old: Sequence[str], new: Sequence[str]) -> bool:
    counts = Counter(new)
    return sum(times * counts[one] for one, times in Counter(old).items()) <= MOST_STEPS


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    if not _is_affordable(old, new):
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def _changed(old: Sequence[str], new: Sequence[str], skipped: int) -> Iterator[LinePair]:
    for number in range(max(len(old), len(new))):
        before = old[number] if number < len(old) else None
        after = new[number] if number < len(new) else None
        if before is not None and after is not None and number < MOST_LINES_IN_WORDS:
            left, right = compare_words(before, after)
        else:
            left, right = _whole(before), _whole(after)
        yield LinePair(left, right, skipped if number == 0 else 0)


def _whole(line: str | None) -> tuple[Run, ...]:
    return () if line is None else (Run(line, is_changed=True),)


def _same(line: str, skipped: int = 0) -> LinePair:
    run = (Run(line, is_changed=False),)
    return LinePair(run, run, skipped)


def _add(runs: list[Run], words: str, *, is_changed: bool) -> None:
    if not words:
        return
    if runs and runs[-1].is_changed == is_changed:
        words = runs.pop().words + words
    runs.append(Run(words, is_changed))


def _day(content: DraftContent) -> str:
    return content.formed_date.isoformat() if content.formed_date else ""
