import json
import os
import subprocess
import sys
import time
from pathlib import Path

DATA = Path(__file__).parents[2] / "data"
SOURCE = Path(__file__).parents[3] / "src"


def run_tool(file, cwd):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    call = [sys.executable, "-m", "gongkai.config.cli", "tool", "search-case", str(file)]
    return subprocess.run(call, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_tool_answers_every_case_right_and_makes_nothing(tmp_path):
    for name in ("search_cases.jsonl", "search_cases_hard.jsonl"):
        started = time.monotonic()
        done = run_tool(DATA / name, tmp_path)
        assert done.returncode == 0, done.stderr
        assert time.monotonic() - started < 5
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert all(answer["matched"] and answer["not_matched"] for answer in answers)
    assert list(tmp_path.iterdir()) == []


def test_a_line_that_is_no_case_is_named(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text('{"query": "征地"}\n{"must_match_text": "x"}\n', encoding="utf-8")
    done = run_tool(file, tmp_path)
    assert done.returncode == 2
    assert "第 2 行" in done.stderr
    assert done.stdout == ""


def test_a_file_that_is_not_there_is_named(tmp_path):
    done = run_tool(tmp_path / "missing.jsonl", tmp_path)
    assert done.returncode == 2
    assert "missing.jsonl" in done.stderr
