"""Findings marked in a clean body, for those who read it: no Django, no disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from gongkai.core.publishing import pieces


@dataclass(frozen=True)
class Mark:
    """One thing to mark (标记): the words, the finding's number, the class and the word of its severity."""

    number: int
    quote: str
    css: str
    word: str


def mark_body(body: str, marks: Iterable[Mark]) -> str:
    """A body with `<mark>` around each quote and hidden words for screen readers: `第1处，必须改`.

    The longest quotes come first; a place inside one that is marked already is left alone. Only a clean body may be handed in.
    """
    parts = pieces.split(body)
    taken: dict[int, list[tuple[int, int, Mark]]] = {}
    for mark in sorted(marks, key=lambda one: -len(one.quote)):
        for place in pieces.find_places(parts, mark.quote):
            if not any(_overlaps(taken.get(index, []), start, end) for index, start, end in place.parts):
                for index, start, end in place.parts:
                    taken.setdefault(index, []).append((start, end, mark))
    return "".join(
        part.text if part.is_tag else _write(part.text, sorted(taken.get(index, []), key=lambda one: one[0]))
        for index, part in enumerate(parts)
    )


def _overlaps(taken: Iterable[tuple[int, int, Mark]], start: int, end: int) -> bool:
    return any(start < last and first < end for first, last, _ in taken)


def _write(text: str, marks: Iterable[tuple[int, int, Mark]]) -> str:
    written, done = [], 0
    for start, end, mark in marks:
        written.append(escape(text[done:start], quote=False))
        written.append(
            f'<mark class="{mark.css}" data-finding="{mark.number}">{escape(text[start:end], quote=False)}'
            f'<span class="unseen">（第{mark.number}处，{mark.word}）</span></mark>'
        )
        done = end
    return "".join([*written, escape(text[done:], quote=False)])
