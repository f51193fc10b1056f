"""Chinese words, as the dictionary of rjieba knows them. Only two-character words and the wording of a question need them."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import inf, log
from pathlib import Path

import rjieba

from gongkai.core.search.tokens import is_han

DICTIONARY = rjieba.Jieba()
PLACES = frozenset("村镇乡庄屯路街")
LEAST_FREQUENCY = 5
UNKNOWN_FREQUENCY = 0.5
# First characters that stand apart in a word of three: 市政府 is 市 and 政府. Any other such word keeps its first two together:
# 宅基地 is no 基地.
APART = frozenset("副总正省市县区乡镇村州农林全各本该原新旧老主分子超次多再")

# Words of a question that say nothing about what is looked for, one a line.
STOP_WORDS = frozenset((Path(__file__).parent / "data/stop_words.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=65536)
def is_word(text: str) -> bool:
    """Whether two Chinese characters are a word (词) that is looked up as a word. Anything else is looked up letter by letter."""
    if len(text) != 2 or not all(map(is_han, text)):
        return False
    return _frequency(text) >= LEAST_FREQUENCY and DICTIONARY.cut(text, hmm=False) == [text]


def list_short_words(canonical: str) -> set[str]:
    """The two-character words of a canonical text. 产品和服务 holds 产品 and 服务, not 和服."""
    pieces = DICTIONARY.cut(canonical, hmm=False)
    found = {first + second[0] for first, second in pairwise(pieces) if _is_torn_place(first, second)}
    for piece in set(pieces):
        if len(piece) >= 2 and is_han(piece):
            found.update(_short_words_in(piece))
    return found


def _is_torn_place(first: str, second: str) -> bool:
    """Whether a place's name was cut wrongly: 金 and 山村 instead of 金山 and 村."""
    return len(first) == 1 and len(second) == 2 and second[1] in PLACES and is_word(first + second[0])


@lru_cache(maxsize=65536)
def _short_words_in(word: str) -> frozenset[str]:
    """The two-character words that a dictionary word is made of: 人民法院 is 人民 and 法院, never 民法."""
    if len(word) == 2:
        return frozenset({word})
    if len(word) == 3:
        part = word[1:] if word[0] in APART and DICTIONARY.has_word(word[1:]) else word[:2]
        return frozenset({part}) if DICTIONARY.has_word(part) else frozenset()
    return frozenset().union(*(_short_words_in(part) for part in _best_parts(word) if len(part) >= 2))


def _best_parts(word: str) -> list[str]:
    """The likeliest way to make a long word of shorter ones."""
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(word) + 1):
        ways = [(-inf, [word[:end]])]
        for start in range(max(0, end - 4), end):
            part = word[start:end]
            if part != word and (len(part) == 1 or DICTIONARY.has_word(part)):
                ways.append((best[start][0] + log(_frequency(part) / TOTAL_FREQUENCY), [*best[start][1], part]))
        best.append(max(ways, key=lambda way: way[0]))
    return best[-1][1]


TOTAL_FREQUENCY = 6e7


def _frequency(word: str) -> float:
    """How often the dictionary counted a word; for one it does not know, less than for any it knows."""
    return float(DICTIONARY.suggest_freq(word)) if DICTIONARY.has_word(word) else UNKNOWN_FREQUENCY


def cut_question(run: str) -> Iterator[str]:
    """The words of a stretch of a question that may help to find it, without those that say nothing (停用词)."""
    for word in DICTIONARY.cut(run, hmm=False):
        if word not in STOP_WORDS:
            yield word
