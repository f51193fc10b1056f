"""`gongkai tool search-case`: questions of a file asked of the texts of the same file, without Django and without a database."""

import argparse
import json
from typing import Any

from gongkai.core.search.memory import index_texts, list_found


def answer(options: argparse.Namespace) -> tuple[str, int]:
    """The tool's answer (检索试例), one JSON line for each line of the file, and its exit status.

    Raises: JSONDecodeError, OSError, UnicodeDecodeError; ValueError for a line that is no case.
    """
    cases = _read_cases(options.file.read_text(encoding="utf-8-sig"))
    wanted = [case["must_match_text"] for case in cases]
    unwanted = [case["must_not_match_text"] for case in cases]
    texts = [text for text in dict.fromkeys([*wanted, *unwanted]) if text]
    numbers = {text: number for number, text in enumerate(texts)}
    cursor = index_texts(texts)
    lines = []
    for case, right, wrong in zip(cases, wanted, unwanted, strict=True):
        found = list_found(cursor, case["query"], size=max(1, len(texts)))
        is_matched = not right or numbers[right] in found
        lines.append(_line({"query": case["query"], "matched": is_matched, "not_matched": not wrong or numbers[wrong] not in found}))
    return "".join(lines), 0


def _read_cases(content: str) -> list[dict[str, str]]:
    cases = []
    place = 0
    for number, line in enumerate(content.split("\n"), start=1):
        if line.strip():
            cases.append(_read_case(line, content, place, number))
        place += len(line) + 1
    return cases


def _read_case(line: str, content: str, place: int, number: int) -> dict[str, str]:
    try:
        case: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise json.JSONDecodeError(error.msg, content, place + error.pos) from None
    if not isinstance(case, dict) or not isinstance(case.get("query"), str):
        raise ValueError(  # noqa: TRY004 - the console command prints this one
            f"文件第 {number} 行没有 query，检索用例要写成 query、must_match_text、must_not_match_text 三项。"
        )
    return {key: str(case.get(key) or "") for key in ("query", "must_match_text", "must_not_match_text")}


def _line(result: dict[str, Any]) -> str:
    """One line of JSON. Half of a surrogate pair cannot be written as UTF-8: then everything is escaped."""
    line = json.dumps(result, ensure_ascii=False)
    return (line if line.isprintable() or _is_writable(line) else json.dumps(result)) + "\n"


def _is_writable(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True
