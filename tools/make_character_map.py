"""Make lib/data/simplified.csv, the map from traditional to simplified characters, out of OpenCC's dictionaries.

Run by hand, in an environment of its own, when OpenCC changes: `pip install opencc`, then `python tools/make_character_map.py`.
The product does not need OpenCC: only the map is kept, one character to one character, so that text and question change alike and keep
their length.
A change of the map changes the tokens of the search: raise RULES_VERSION in core/search/tokens.py.
"""

import csv
import unicodedata
from pathlib import Path

import opencc  # type: ignore[import-not-found]

TARGET = Path(__file__).resolve().parent.parent / "src/gongkai/lib/data/simplified.csv"
RANGES = ((0x2E80, 0x2FDF), (0x3400, 0x9FFF), (0x20000, 0x323AF))

# What OpenCC leaves as it is. The radicals are what some programs write into PDF files in the place of the character itself.
BY_HAND = {
    "○": "〇",  # a circle for the numeral zero: 二○二○年
    "◯": "〇",
    "衞": "卫",
    "敍": "叙",
    "粧": "妆",
    "糭": "粽",
    "枱": "台",
    "⻁": "虎",
    "⻄": "西",
    "⻅": "见",
    "⻆": "角",
    "⻉": "贝",
    "⻋": "车",
    "⻓": "长",
    "⻔": "门",
    "⻘": "青",
    "⻙": "韦",
    "⻚": "页",
    "⻛": "风",
    "⻜": "飞",
    "⻝": "食",
    "⻢": "马",
    "⻣": "骨",
    "⻤": "鬼",
    "⻥": "鱼",
    "⻦": "鸟",
    "⻨": "麦",
    "⻩": "黄",
    "⻪": "黾",
    "⻬": "齐",
    "⻮": "齿",
    "⻰": "龙",
    "⺠": "民",
}


def make_map() -> dict[str, str]:
    """Traditional character: simplified one. Chains are followed to their end; compatibility forms are left to Unicode's own folding."""
    converter = opencc.OpenCC("t2s")
    found = {}
    for first, last in RANGES:
        for character in map(chr, range(first, last + 1)):
            simplified = converter.convert(character)
            if simplified != character and len(simplified) == 1 and unicodedata.normalize("NFKC", character) == character:
                found[character] = simplified
    found |= BY_HAND
    return {character: _end_of(character, found) for character in sorted(found)}


def _end_of(character: str, found: dict[str, str]) -> str:
    while character in found:
        character = found[character]
    return character


def main() -> None:
    """Write the file."""
    rows = make_map()
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["traditional", "simplified"])
        writer.writerows(rows.items())
    print(f"OpenCC {opencc.__version__}: {len(rows)} characters written to {TARGET.name}.")


if __name__ == "__main__":
    main()
