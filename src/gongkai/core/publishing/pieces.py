"""Places in a clean body: a quote of its words found again in its HTML, across emphasis and links. No Django, no disk."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from gongkai.core.publishing.cleaning import INLINE

TAG = re.compile(r"(<[^>]*>)")
TAG_NAME = re.compile(r"</?([a-z0-9]+)")
# Words as gate and search read them have one blank where the body may have several.
BLANKS = r"[ \n\xa0\t]+"


@dataclass
class Piece:
    """A stretch of a body: a tag as it is, or the words between two tags, unescaped."""

    text: str
    is_tag: bool

    @property
    def ends_words(self) -> bool:
        """Whether words before and after it do not run on: a block or a line break, unlike emphasis."""
        name = TAG_NAME.match(self.text)
        return self.is_tag and (name is None or name[1] not in INLINE - {"br"})


@dataclass(frozen=True)
class Place:
    """Where a quote stands: for each piece of words it touches, its index and the stretch of it."""

    parts: tuple[tuple[int, int, int], ...]


def split(body: str) -> list[Piece]:
    """A body in pieces."""
    return [Piece(part if part.startswith("<") else unescape(part), part.startswith("<")) for part in TAG.split(body) if part]


def join(pieces: Iterable[Piece]) -> str:
    """The body that pieces make."""
    return "".join(piece.text if piece.is_tag else escape(piece.text, quote=False) for piece in pieces)


def find_places(pieces: Sequence[Piece], quote: str) -> list[Place]:
    """Every place of a quote, in their order."""
    words = [re.escape(word) for word in re.split(BLANKS, quote)]
    pattern = re.compile(BLANKS.join(words))
    return [
        Place(tuple(_parts(pieces, run, match.start(), match.end())))
        for run in _runs(pieces)
        for match in pattern.finditer("".join(pieces[index].text for index in run))
    ]


def _runs(pieces: Sequence[Piece]) -> Iterator[list[int]]:
    """Indexes of the pieces of words that run on without a block between them."""
    run: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.ends_words:
            yield run
            run = []
        elif not piece.is_tag:
            run.append(index)
    yield run


def _parts(pieces: Sequence[Piece], run: Sequence[int], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    offset = 0
    for index in run:
        length = len(pieces[index].text)
        first, last = max(start - offset, 0), min(end - offset, length)
        if first < last:
            yield index, first, last
        offset += length
