import argparse
import json
import subprocess
import sys

import pytest

from gongkai.config import cli, tool
from gongkai.config.named import named


def call(*arguments: str) -> int:
    try:
        return cli.main(list(arguments))
    except SystemExit as end:
        return int(end.code or 0)


def list_parsers(parser: argparse.ArgumentParser):
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from list_parsers(inner)


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["tool", "--help"], ["import", "--help"], ["tool", "workdays", "-h"]])
def test_help_is_chinese(capsys, arguments):
    assert call(*arguments) == 0

    text = capsys.readouterr().out
    assert text.startswith("用法：gongkai")
    assert not [word for word in ("usage", "options", "positional", "show this", "optional") if word in text]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "缺少"),
        (["fly"], "没有这一项： 'fly'"),
        (["run", "--portal-port", "x"], "要写整数： 'x'"),
        (["run", "--unknown"], "不认识 --unknown"),
        (["tool", "check"], "缺少 文件"),
        (["run", "--demo-day"], "后面要跟一个值"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_and_ends_with_status_2(capsys, arguments, words):
    assert call(*arguments) == 2
    assert words in capsys.readouterr().err


def test_every_part_of_the_command_line_has_a_help_text():
    parsers = list(list_parsers(cli.build_parser()))

    without_help = [action.dest for parser in parsers for action in parser._actions if not action.help and action.metavar is None]
    assert len(parsers) > 15
    assert without_help == []


def test_every_tool_names_a_function_that_exists():
    assert [target for target in tool.TOOLS.values() if not callable(named(target))] == []


def test_a_tool_answers_without_django_and_quickly():
    script = (
        "import sys; from gongkai.config.cli import main; status = main(['tool', 'workdays', '--start', '2026-10-09', '--add', '20'])\n"
        "sys.exit(3 if 'django' in sys.modules else status)"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=10)

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["due_last_day"] == "2026-11-05"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b'{"text": \n', "不是 JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_words(capsys, tmp_path, content, words):
    (tmp_path / "cases").write_bytes(content)

    assert call("tool", "search-case", str(tmp_path / "cases")) == 2
    output = capsys.readouterr()
    assert words in output.err
    assert output.out == ""


def test_a_missing_file_is_named(capsys, tmp_path):
    assert call("tool", "check", str(tmp_path / "nothing.txt")) == 2
    assert "nothing.txt" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [["import", "documents"], ["review"], ["submit"], ["portal", "verify"], ["worker"]])
def test_what_is_passed_on_to_a_management_command_has_its_help(capsys, arguments):
    assert call(*arguments, "--help") == 0

    text = capsys.readouterr().out
    assert text.startswith(f"用法：gongkai {' '.join(arguments)}")
    assert "--settings" not in text
