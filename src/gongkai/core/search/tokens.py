"""From text to tokens: pure, the same on every database, versioned.

A run is a stretch of Chinese characters, of digits or of other letters. Every position of a Chinese run starts exactly one token (two
characters, or one at the end of the run), so a phrase of tokens is an exact piece of text. A golden file in the tests holds what comes out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from importlib.metadata import version

from gongkai.lib.chinese import HAN, normalise, normalise_with_origins

RULES_VERSION = 1

# What made the tokens of a row. A row of another version has to be made again before it can be taken out token by token.
TOKEN_VERSION = f"{RULES_VERSION} rjieba-{version('rjieba')} unicode-{unicodedata.unidata_version}"

# Longer stretches of letters or digits are cut: a database cannot hold a token of any length.
RUN = re.compile(f"[{HAN}]+|[0-9]{{1,40}}|(?:(?![{HAN}0-9_])\\w){{1,40}}")
IS_HAN = re.compile(f"[{HAN}]")
NUMBER_SIGN = "号"


def runs_of(normalised: str) -> list[str]:
    """The runs of a normalised text, in order."""
    return RUN.findall(normalised)


def is_han(run: str) -> bool:
    """Whether a run is Chinese. A run is never mixed: its first character tells."""
    return IS_HAN.match(run) is not None


def canonical(text: str) -> str:
    """A text reduced to its runs, one blank between and around them. Empty when there is nothing to find in it."""
    runs = runs_of(normalise(text))
    return f" {' '.join(runs)} " if runs else ""


def canonical_with_origins(text: str) -> tuple[str, list[int]]:
    """`canonical(text)` and for each of its characters the place in the text it comes from. A blank has the place of its neighbour."""
    normalised, origins = normalise_with_origins(text)
    characters = [" "]
    places = [0]
    for match in RUN.finditer(normalised):
        characters += [match[0], " "]
        run_places = origins[match.start() : match.end()]
        places += [*run_places, run_places[-1]]
    return ("".join(characters), places) if len(characters) > 1 else ("", [])


def needle_of(runs: tuple[str, ...]) -> str:
    """What to look for in a canonical text so that figures and letters are found only whole, Chinese characters anywhere."""
    before = "" if is_han(runs[0]) else " "
    after = "" if is_han(runs[-1]) else " "
    return before + " ".join(runs) + after


def tokens_of(runs: Iterable[str]) -> Iterator[str]:
    """All tokens of a text, in the order in which they start. 号 behind a number is a token of its own: 12号 needs no search by prefix."""
    previous = ""
    for run in runs:
        yield from _tokens_of_run(run, follows_number=previous.isdecimal())
        previous = run


def _tokens_of_run(run: str, *, follows_number: bool) -> Iterator[str]:
    if not is_han(run):
        yield run
        return
    if follows_number and run.startswith(NUMBER_SIGN):
        yield NUMBER_SIGN
        run = run[1:]
    for start in range(len(run)):
        yield run[start : start + 2]


def phrase_of(runs: tuple[str, ...]) -> tuple[list[str], bool]:
    """The tokens of a piece of text as they stand in any text that holds it; True: the last one is only the beginning of a token.

    In a longer run the last character of the piece starts a pair, so it is no token here; alone it may start any pair.
    """
    tokens = list(tokens_of(runs))
    tail = runs[-1]
    if not is_han(tail):
        return tokens, False
    if len(runs) > 1 and runs[-2].isdecimal():
        tail = tail.removeprefix(NUMBER_SIGN)
    if len(tail) > 1:
        return tokens[:-1], False
    return tokens, len(tail) == 1


def pieces_of(runs: Iterable[str]) -> set[str]:
    """What a text holds, without order: every pair, every single character, every number and word.

    For an index that proves the order afterwards.
    """
    found: set[str] = set()
    for run in runs:
        if is_han(run):
            found.update(run)
            found.update(run[start : start + 2] for start in range(len(run) - 1))
        else:
            found.add(run)
    return found
