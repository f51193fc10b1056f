"""What a question asks for, and what is tried when it finds nothing. Also how days and numbers become ids."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil

from gongkai.core.search.kinds import Relaxation, RelaxationKind
from gongkai.core.search.tokens import canonical, is_han, runs_of
from gongkai.core.search.words import STOP_WORDS, cut_question, is_word
from gongkai.lib.chinese import HAN, normalise_question

IDS_PER_DAY = 2048
MOST_CHARACTERS = 200
MOST_TERMS = 12
MOST_TYPED = 2000
LONGEST_UNCUT_RUN = 4
SHARE_OF_WORDS = 0.6

# Brackets, hyphens, dots and slashes hold a term together, everything else separates.
TERM = re.compile(f"(?:(?!_)[\\w{HAN}〔〕./-])+")


@dataclass(frozen=True)
class Clause:
    """One thing that a document has to hold (检索子句): runs that follow one another. `is_word`: as a word, not only as letters."""

    runs: tuple[str, ...]
    shown: str = field(compare=False)
    is_word: bool = False


@dataclass(frozen=True)
class Match:
    """Which documents are hits (命中条件): those that hold all clauses, or at least so many of them. Never empty."""

    clauses: tuple[Clause, ...]
    least: int | None = None


@dataclass(frozen=True)
class Question:
    """A question as it was understood (检索问句). Without clauses there is nothing to look for."""

    clauses: tuple[Clause, ...]
    number_key: str
    is_shortened: bool


def read_question(typed: str) -> Question:
    """Understand what a reader typed (解析检索词). Never refuses: what is no letter, figure or character separates."""
    typed_part = typed[:MOST_TYPED]
    clauses: list[Clause] = []
    room = MOST_CHARACTERS
    is_shortened = len(typed) > MOST_TYPED
    for term in TERM.findall(normalise_question(typed_part)):
        runs = runs_of(term)
        kept = _fitting(runs, room)
        is_shortened = is_shortened or len(clauses) == MOST_TERMS or kept != runs
        if kept and len(clauses) < MOST_TERMS:
            clauses.append(Clause(tuple(kept), term if kept == runs else " ".join(kept)))
            room -= sum(map(len, kept))
    distinct = tuple(dict.fromkeys(clauses))
    return Question(clauses=distinct, number_key=number_key(typed_part) if len(distinct) == 1 else "", is_shortened=is_shortened)


def _fitting(runs: list[str], room: int) -> list[str]:
    """The first runs that fit. Chinese is cut anywhere, a number only whole: half a number is another number."""
    kept: list[str] = []
    for run in runs:
        part = run[:room] if is_han(run) else run
        if not part or len(part) > room:
            break
        kept.append(part)
        room -= len(part)
    return kept


def number_key(document_number: str) -> str:
    """A document number (文号) in the form in which two ways of writing it are equal. Empty when there is none."""
    return canonical(document_number[:MOST_CHARACTERS]).strip()


def list_attempts(question: Question, *, literal: bool) -> Iterator[tuple[Relaxation | None, Match]]:
    """What to look for, strictest first (逐级放宽). The next one is tried only when the one before finds nothing; what it gives up is told.

    Two-character words are looked up as words unless `literal`: 和服 is not in 产品和服务.
    """
    if not question.clauses:
        return
    strict = question.clauses if literal else tuple(map(_as_word, question.clauses))
    yield None, Match(strict)
    words = tuple(clause.shown for clause in strict if clause.is_word)
    if words:
        yield Relaxation(RelaxationKind.LITERAL, words), Match(question.clauses)
    parts = _parts_of(question.clauses)
    if parts and parts != question.clauses:
        yield Relaxation(RelaxationKind.WORDS, _texts(parts)), Match(parts)
    telling = tuple(part for part in parts if len(part.shown) > 1)
    least = ceil(SHARE_OF_WORDS * len(telling))
    if 0 < least < len(telling):
        yield Relaxation(RelaxationKind.MOST_WORDS, _texts(telling)), Match(telling, least=least)


def _as_word(clause: Clause) -> Clause:
    return replace(clause, is_word=len(clause.runs) == 1 and is_word(clause.runs[0]))


def _texts(clauses: tuple[Clause, ...]) -> tuple[str, ...]:
    return tuple(clause.shown for clause in clauses)


def _parts_of(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """The clauses with long Chinese runs cut into words, and without those that say nothing."""
    parts: list[Clause] = []
    for clause in clauses:
        uncut: list[str] = []
        for run in clause.runs:
            if is_han(run) and len(run) > LONGEST_UNCUT_RUN:
                parts += _clauses_of(uncut)
                parts += [Clause((word,), word) for word in cut_question(run)]
                uncut = []
            else:
                uncut.append(run)
        parts += _clauses_of(uncut)
    return tuple(dict.fromkeys(parts))[:MOST_TERMS]


def _clauses_of(runs: list[str]) -> list[Clause]:
    return [Clause(tuple(runs), " ".join(runs))] if runs and "".join(runs) not in STOP_WORDS else []


def first_id(day: date) -> int:
    """Smallest id of a document of that day. The ids of a day end where those of the next begin."""
    return day.toordinal() * IDS_PER_DAY
