"""What a person reads when a passed-on command is called wrongly, or when there is no database."""

import os
import subprocess
import sys

import pytest
from django.db import OperationalError, connection, connections

from gongkai.config import cli, passing
from gongkai.foundation.audit import api as audit


def call(*arguments: str, data) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    environment = clean | {"GONGKAI_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev"}
    command = [sys.executable, "-m", "gongkai.config.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "documents"], "缺少 文件夹"),
        (["import", "documents", "x", "--fly"], "不认识 --fly"),
        (["submit"], "缺少 --as"),
        (["account", "甲"], "缺少 --renew --reset-second-step --suspend --resume 中的一个"),
        (["account", "甲", "--renew", "--suspend"], "不能同时用 --renew"),
        (["import", "calendar", "--issued", "x"], "要写成 2026-10-09 这样的日子： 'x'"),
        (["migrate", "--fly"], "不认识 --fly"),
    ],
)
def test_a_wrong_call_is_told_in_chinese_under_the_name_that_was_typed(capsys, arguments, words):
    assert cli.main(arguments) == 2

    text = capsys.readouterr().err
    typed = "gongkai " + " ".join(arguments[: 2 if arguments[0] == "import" else 1])
    assert text.startswith(f"用法：{typed}")
    assert words in text
    assert text.endswith(f"看全部写法：{typed} --help\n")
    assert not [word for word in ("usage", "Error", "argument", "required", "manage.py") if word in text]


@pytest.mark.parametrize(
    ("arguments", "usage"),
    [
        (["migrate"], "用法：gongkai migrate [选项]\n\n建立或升级数据库"),
        (["import", "documents"], "用法：gongkai import documents 文件夹… [选项]\n"),
        (["submit"], "用法：gongkai submit --as 姓名 [选项]\n"),
        (["account"], "用法：gongkai account 姓名 (--renew | --reset-second-step | --suspend | --resume)\n"),
        (["import", "calendar"], "用法：gongkai import calendar [文件] [选项]\n"),
    ],
)
def test_help_shows_what_has_to_be_written(capsys, arguments, usage):
    assert cli.main([*arguments, "--help"]) == 0

    text = capsys.readouterr().out
    assert text.startswith(usage)
    assert not [word for word in ("usage", "Updates", "schema", "options") if word in text]


@pytest.mark.parametrize(
    "arguments", [["publication", "counts"], ["worker", "--once"], ["portal", "verify"], ["import", "organisation", "."]]
)
def test_a_missing_database_is_one_chinese_sentence_and_makes_no_file(tmp_path, arguments):
    done = call(*arguments, data=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{passing.NOT_PREPARED}\n"
    assert not list(tmp_path.glob("*.sqlite3*"))


def test_an_empty_database_is_told_in_the_same_words_until_it_is_migrated(tmp_path):
    (tmp_path / "gongkai.sqlite3").touch()

    assert call("publication", "counts", data=tmp_path).stderr == f"{passing.NOT_PREPARED}\n"
    assert call("migrate", data=tmp_path).stdout == "数据库已是最新。\n"
    assert call("publication", "counts", data=tmp_path).returncode == 0
    refused = call("import", "documents", "/nowhere", "--dry-run", data=tmp_path)
    assert (refused.returncode, refused.stderr) == (1, "没有“/nowhere”这个文件夹或文件。\n")


@pytest.mark.django_db
def test_a_database_that_is_there_explains_only_what_it_can():
    assert passing.is_prepared()
    assert "正忙" in passing.explain(OperationalError("database is locked"))
    assert passing.explain(OperationalError("strange")) == ""


@pytest.mark.django_db
def test_a_database_that_is_behind_is_named_as_the_reason():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'supervision'")

    assert passing.explain(OperationalError("no such table")) == passing.NOT_PREPARED


@pytest.mark.django_db
def test_what_a_command_does_in_an_officers_name_says_that_a_command_did_it(bureau, demo_clock, monkeypatch):
    monkeypatch.setattr(connections, "close_all", lambda: None)
    monkeypatch.setattr("getpass.getuser", lambda: "li")

    assert passing.pass_on(["account"], ["周岚", "--suspend"], "gongkai account") == 0

    (row,) = audit.list_trail(act="accounts.suspend").rows
    assert row.via == "gongkai account（系统账户 li）"
