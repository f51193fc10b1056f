"""What has to work before anything is installed, and on machines where something is missing."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tools import checks, debian_packages, environment, private_postgresql


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/gongkai").touch()
    (tmp_path / "requirements.txt").write_text("a==1\n", encoding="utf-8")
    (tmp_path / ".venv/installed-requirements.txt").write_text("a==1\n", encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    return tmp_path


def test_nothing_is_installed_while_the_lock_is_unchanged(project, capsys):
    assert environment.ensure("run") == 0
    assert capsys.readouterr().out == ""


def test_a_changed_lock_is_installed_again(project):
    (project / "requirements.txt").write_text("a==2\n", encoding="utf-8")

    assert not environment.is_current("requirements.txt")


def test_a_missing_package_is_told_with_the_line_to_run_as_root(monkeypatch, capsys):
    monkeypatch.setitem(debian_packages.SIGNS, "moon", ["/nowhere/moon", "no-such-program-anywhere"])
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    assert debian_packages.ensure(["moon"]) == 1
    assert "apt-get install --no-install-recommends moon" in capsys.readouterr().err


def test_what_is_there_is_not_installed(monkeypatch):
    monkeypatch.setitem(debian_packages.SIGNS, "python", [sys.executable])

    assert debian_packages.ensure(["python"]) == 0


@pytest.mark.postgresql
def test_a_private_cluster_answers_and_is_gone_afterwards():
    with private_postgresql.running() as address:
        with psycopg.connect(address.replace("/gongkai", "/postgres")) as connection:
            (folder_name,) = connection.execute("SHOW data_directory").fetchall()[0]
            encodings = connection.execute("SHOW server_encoding").fetchall()
        folder = Path(folder_name)
        assert encodings == [("UTF8",)]
        assert folder.is_dir()

    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.replace("/gongkai", "/postgres"))


@pytest.mark.postgresql
def test_a_private_cluster_stops_when_the_tests_are_told_to_end():
    script = (
        "import time\nfrom tools import private_postgresql as p\np.end_tidily()\n"
        "with p.running() as address:\n    print(address, flush=True)\n    time.sleep(60)"
    )
    running = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=checks.ROOT)
    assert running.stdout is not None
    address = running.stdout.readline().strip()

    running.terminate()
    running.wait(timeout=20)
    running.stdout.close()

    assert running.returncode == 143
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address.replace("/gongkai", "/postgres"))


def test_a_check_that_fails_is_counted_and_shows_its_words(capsys):
    assert not checks.run(checks.Check("wrong", [sys.executable, "-c", "print('the reason'); raise SystemExit(1)"]))
    assert "the reason" in capsys.readouterr().out


def test_the_settings_of_the_caller_do_not_reach_a_check(monkeypatch):
    monkeypatch.setenv("GONGKAI_AGENCY_CODE", "x")
    monkeypatch.setenv("DATABASE_URL", "x")

    names = "('GONGKAI_AGENCY_CODE', 'DATABASE_URL')"
    assert checks.run(checks.Check("clean", [sys.executable, "-c", f"import os; raise SystemExit(any(n in os.environ for n in {names}))"]))


def test_pip_says_nothing_but_errors(project):
    (project / "requirements.txt").write_text("a==2\n", encoding="utf-8")
    pip = project / ".venv/bin/pip"
    pip.write_text(f'#!/bin/sh\necho "$@" >> {project}/calls\n', encoding="utf-8")
    pip.chmod(0o755)

    assert environment.ensure("run") == 0
    assert [line.split()[:3] for line in (project / "calls").read_text().splitlines()] == [["install", "--quiet", "--quiet"]] * 2
