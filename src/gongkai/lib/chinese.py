"""Chinese text made comparable: width, case, traditional characters, brackets, dashes, document numbers.

Nothing here is for writing a text anew: the forms are made to be compared with each other, on both sides by the same function.
`simplify` alone keeps every character in its place.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

# Chinese characters with their rare blocks, the private area (rare characters of names) and the scripts that are written without blanks.
HAN = (
    "\u2e80-\u2fdf\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff\U000f0000-\U0010fffd"
)

OPENING = dict.fromkeys("([{〔【〖〘〚﹝⟦⦅", "〔")
CLOSING = dict.fromkeys(")]}〕】〗〙〛﹞⟧⦆", "〕")
LINE_ENDS = dict.fromkeys("\n\r\v\f\x85\u2028\u2029", "\n")
KEPT = {"，": "，", "\t": "\t"}  # a full-width comma is hardly ever a thousands mark

Template = tuple[int | str, ...]
Rewrite = tuple[re.Pattern[str], Template]
SERIAL = "0*([1-9][0-9]*+|0)"

# Applied in this order. A template holds group numbers and literals; empty: what was found is dropped. Repetitions are possessive (`*+`)
# or bounded: ten thousand blanks or zeros in a question cost no more than ten thousand letters.
IN_TEXT: tuple[Rewrite, ...] = (
    (re.compile(f"(?<=[{HAN}]) ++(?=[{HAN}])"), ()),  # 大 营 村
)
EVERYWHERE: tuple[Rewrite, ...] = (
    (re.compile(rf"(?<=[{HAN}]) ++(?=〔 *+[0-9]{{4}} *+(?:年 *+)?〕)"), ()),  # 自然资发 [2020]
    (re.compile(r"(?<=[0-9])(?<![0-9]{4}),(?=[0-9]{3}(?![0-9]))"), ()),  # 1,389.25
    (re.compile(r"(?<=[0-9])(?<![0-9]{4})，(?=[0-9]{3}(?:，[0-9]{3}){0,4}\.[0-9])"), ()),  # in full width decimals have to prove it
    (re.compile(rf"〔 *+([0-9]{{4}}) *+(?:年 *+)?〕 *+(?:第 *+)?{SERIAL} *+号"), ("〔", 1, "〕", 2, "号")),  # [2020] 第012号
    (re.compile(rf"(?<![0-9])((?:19|20)[0-9]{{2}}) *+(?:年 *+)?第 *+{SERIAL} *+号"), ("〔", 1, "〕", 2, "号")),  # 2020年第12号
)


@cache
def _simplified() -> dict[str, str]:
    path = Path(__file__).parent / "data/simplified.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["traditional"]: row["simplified"] for row in csv.DictReader(file)}


@cache
def _simplified_table() -> dict[int, str]:
    return {ord(traditional): simplified for traditional, simplified in _simplified().items()}


class _Folding(dict[int, str]):
    """A table for `str.translate` that fills itself with the characters that occur."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = fold_character(chr(code))
        return folded


def simplify(text: str) -> str:
    """The text in simplified characters (繁转简), character by character: the length stays, context is not looked at."""
    return text.translate(_simplified_table())


def fold_character(character: str) -> str:
    """One character in the form that is compared: half width, lower case, simplified.

    Empty for what nobody sees, a blank for what cannot be stored.
    """
    if character in LINE_ENDS:
        return "\n"
    if character in KEPT:
        return character
    category = unicodedata.category(character)
    if category == "Cf" or character in _VARIATION_SELECTORS:
        return ""
    if category in {"Cc", "Cs"}:
        return " "
    folded = "".join(_fold_part(part) for part in unicodedata.normalize("NFKC", character).lower())
    # ① must not become a figure of the number beside it.
    return f" {folded} " if category == "No" else folded


_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


def _fold_part(character: str) -> str:
    if unicodedata.category(character) == "Pd" or character in "−―":
        return "-"
    return OPENING.get(character) or CLOSING.get(character) or _simplified().get(character, character)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text with every character folded (归一), nothing moved. Line ends stay line ends."""
    return text.translate(_FOLDING)


def normalise(text: str) -> str:
    """A text as it is compared and searched (归一化): folded, blanks inside Chinese dropped, numbers and document numbers in one form.

    `自然资发[2020]第012号` and `公告2020年第12号` become `自然资发〔2020〕12号` and `公告〔2020〕12号`.
    """
    return _replace(fold(text), (*IN_TEXT, *EVERYWHERE))


def normalise_question(question: str) -> str:
    """The same for what somebody types to find a text: his blanks stand between words and stay."""
    return _replace(fold(question), EVERYWHERE)


def _replace(folded: str, rewrites: Iterable[Rewrite]) -> str:
    for pattern, template in rewrites:
        folded = pattern.sub("".join(part if isinstance(part, str) else rf"\{part}" for part in template), folded)
    return folded


def normalise_with_origins(text: str) -> tuple[str, list[int]]:
    """`normalise(text)`, and for each of its characters the place in `text` it comes from: to mark what was found in the original words."""
    pieces = [_FOLDING[ord(character)] for character in text]
    folded = "".join(pieces)
    origins = [place for place, piece in enumerate(pieces) for _ in piece]
    for pattern, template in (*IN_TEXT, *EVERYWHERE):
        folded, origins = _rewrite(folded, origins, pattern.finditer(folded), template)
    return folded, origins


def _rewrite(text: str, origins: list[int], found: Iterable[re.Match[str]], template: Template) -> tuple[str, list[int]]:
    pieces: list[str] = []
    places: list[int] = []
    end = 0
    for match in found:
        pieces.append(text[end : match.start()])
        places += origins[end : match.start()]
        literal_place = origins[match.start()]
        for number, part in enumerate(template, start=1):
            if isinstance(part, str):
                pieces.append(part)
                # The last literal stands for the last character found: a mark that ends with 号 has to cover it.
                places += [origins[match.end() - 1] if number == len(template) else literal_place] * len(part)
            else:
                pieces.append(match[part])
                places += origins[match.start(part) : match.end(part)]
                literal_place = origins[match.end(part) - 1]
        end = match.end()
    return "".join([*pieces, text[end:]]), places + origins[end:]
