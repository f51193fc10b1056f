import json
import subprocess
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest

import gongkai
from gongkai.foundation.workdays.tool import answer

DATA = Path(__file__).parents[2] / "data"
ENVIRONMENT = {"PYTHONPATH": str(Path(gongkai.__file__).parents[1])}


def ask(start=None, add=None, first=None, last=None):
    text, status = answer(Namespace(start=start, add=add, first=first, last=last))
    assert status == 0
    return json.loads(text)


def on_the_command_line(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gongkai.config.cli", "tool", "workdays", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=ENVIRONMENT)


@pytest.mark.parametrize("case", json.loads((DATA / "workdays.json").read_text(encoding="utf-8")), ids=lambda case: case["id"])
def test_worked_examples(case):
    answered = ask(case.get("start"), case.get("add"), case.get("from"), case.get("to"))

    assert {key: answered[key] for key in case["expect"]} == case["expect"]


def test_the_moment_of_lateness_is_midnight_after_the_last_day_in_shanghai():
    assert ask("2025-02-22", 20) == {"due_last_day": "2025-03-21", "due_at": "2025-03-22T00:00:00+08:00"}


def test_a_period_of_one_working_day_holds_one_or_none():
    assert ask(first="2026-10-09", last="2026-10-09") == {"workdays_inclusive": 1, "workdays_excluding_first_day": 0}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"start": "2026-12-22", "add": 20}, "还没有 2027 年的工作日历"),
        ({"first": "2019-12-31", "last": "2020-01-03"}, "还没有 2019 年的工作日历"),
        ({"start": "9999-12-31", "add": 1}, "还没有 10000 年的工作日历"),
        ({"start": "2026-02-30", "add": 1}, "没有 2026-02-30 这一天"),
        ({"start": "2026年2月3日", "add": 1}, "请写成 2026-10-09 这样"),
        ({"start": "20260203", "add": 1}, "请写成 2026-10-09 这样"),
        ({"start": "２０２６-02-03", "add": 1}, "请写成 2026-10-09 这样"),
        ({"start": "2026-02-03", "add": -1}, "不能是负数"),
        ({"first": "2026-02-03", "last": "2026-02-02"}, "早于起始日"),
        ({"start": "2026-02-03"}, "请写 --start"),
        ({"add": 3}, "请写 --start"),
        ({"first": "2026-02-03"}, "请写 --start"),
        ({}, "请写 --start"),
        ({"start": "2026-02-03", "add": 3, "first": "2026-02-03", "last": "2026-02-04"}, "只用一种"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_words(question, words):
    with pytest.raises((LookupError, ValueError), match=words):
        ask(**question)


def test_the_command_prints_one_line_of_json_and_nothing_else():
    done = on_the_command_line("--start", "2025-02-22", "--add", "20")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == '{"due_last_day": "2025-03-21", "due_at": "2025-03-22T00:00:00+08:00"}\n'


def test_the_command_ends_with_status_2_and_words_for_a_year_without_calendar():
    done = on_the_command_line("--start", "2026-12-22", "--add", "20")

    assert (done.returncode, done.stdout) == (2, "")
    assert "还没有 2027 年的工作日历" in done.stderr


def test_the_command_answers_in_less_than_half_a_second():
    took = []
    for _ in range(3):
        began = time.perf_counter()
        on_the_command_line("--from", "2020-01-01", "--to", "2026-12-31")
        took.append(time.perf_counter() - began)

    assert min(took) < 0.5


def test_the_command_starts_without_django():
    program = (
        "import sys; from gongkai.config.cli import main; main(['tool', 'workdays', '--start', '2025-02-22', '--add', '20']);"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, env=ENVIRONMENT)

    assert done.returncode == 0
