"""`gongkai run` as far as it goes without starting servers; the journeys start it for real."""

import os
import re
import signal
import socket
import sys
import threading
import time
from datetime import timedelta

import pytest

from gongkai.config import run
from gongkai.core.publishing import api as publishing
from gongkai.foundation.accounts.kinds import SYSTEM, NewAccount
from gongkai.foundation.accounts.models import Authenticator, PostRole, User
from gongkai.foundation.audit import api as audit
from gongkai.foundation.workdays import api as workdays


@pytest.fixture
def listening():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_somebody_listens_on_is_taken(listening):
    assert run.is_taken(listening)


def test_a_taken_port_is_refused_in_words_before_anything_is_prepared(capsys, listening):
    assert run.run_all(demo_day="2026-10-09", portal_port=listening, desk_port=1, with_documents=False) == 2
    assert f"端口 {listening}（门户）已被占用" in capsys.readouterr().err


def test_a_demo_day_that_is_no_day_is_refused_in_words(capsys):
    assert run.run_all(demo_day="2026-13-40", portal_port=1, desk_port=2, with_documents=False) == 2
    assert "2026-13-40" in capsys.readouterr().err


def test_three_processes_are_started_each_with_its_site():
    processes = run.list_processes(portal_port=8000, desk_port=8001)

    assert [process.environment["GONGKAI_SITE"] for process in processes] == ["portal", "desk", "worker"]
    assert all("127.0.0.1" in process.arguments for process in processes[:2])


def test_passwords_are_announced_only_when_they_are_new():
    assert "一次性密码" in run.announce(8000, 8001, has_new_passwords=True)
    assert "一次性密码" not in run.announce(8000, 8001, has_new_passwords=False)
    assert "  周岚\tsecret\n" in run.say_passwords([NewAccount("周岚", "secret")])


def test_a_process_that_ends_is_started_again_and_all_are_stopped_at_the_end(tmp_path):
    count = tmp_path / "count"
    count.touch()
    sleeping = "import time; open({!r}, 'a').write('x'); time.sleep({})"
    short = run.Process("短", [sys.executable, "-c", sleeping.format(str(count), 0)], {})
    long = run.Process("长", [sys.executable, "-c", sleeping.format(os.devnull, 60)], {})

    def stop_when_started_twice() -> None:
        deadline = time.monotonic() + 20
        while len(count.read_text()) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    threading.Thread(target=stop_when_started_twice).start()
    try:
        status = run.keep_running([short, long], ports=(), announcement="")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    assert status == 0
    assert len(count.read_text()) >= 2
    assert long.running is not None
    assert long.running.poll() is not None


@pytest.mark.django_db(transaction=True)
def test_preparing_twice_changes_nothing_the_second_time(settings, tmp_path, portal_root, sealed_root, friday, capsys):
    settings.BUSINESS_CLOCK = "demo"
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"

    assert run.prepare(start=friday, with_documents=False)
    first = {name: told for name, *told in re.findall(r"^  (\S+)\t(\S+)\t([A-Z2-7]{32})$", capsys.readouterr().out, re.MULTILINE)}
    assert not run.prepare(start=friday, with_documents=False)

    assert {"周岚", "陈默", "林晓", "顾长青", "何静"} <= set(first)
    assert len({part for told in first.values() for part in told}) == 2 * len(first)
    assert "一次性密码" not in capsys.readouterr().out
    assert publishing.count_publications() == 0


@pytest.mark.django_db(transaction=True)
def test_roles_that_were_changed_on_the_desk_outlive_a_restart(settings, tmp_path, portal_root, sealed_root, friday):
    settings.BUSINESS_CLOCK = "demo"
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    run.prepare(start=friday, with_documents=False)
    PostRole.objects.filter(role="SIGNER").delete()

    run.prepare(start=friday, with_documents=False)

    assert PostRole.objects.exists()
    assert not PostRole.objects.filter(role="SIGNER").exists()


@pytest.mark.django_db(transaction=True)
def test_a_demo_may_keep_its_passwords(settings, tmp_path, portal_root, sealed_root, friday, capsys):
    settings.BUSINESS_CLOCK = "demo"
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"

    run.prepare(start=friday, with_documents=False, keeps_passwords=True)

    assert "密码（只显示这一次，不用改）；后面是验证器密钥" in capsys.readouterr().out
    assert not User.objects.filter(must_change_password=True).exists()


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_demo_no_secret_is_printed_and_nothing_is_kept(settings, tmp_path, portal_root, sealed_root, friday, capsys):
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"

    run.prepare(start=friday, with_documents=False, keeps_passwords=True)

    assert re.search(r"^  周岚\t[a-z0-9-]{19}$", capsys.readouterr().out, re.MULTILINE)
    assert not User.objects.filter(must_change_password=False).exists()
    assert not Authenticator.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_demo_clock_goes_on_from_the_newest_thing_that_happened(settings, tmp_path, portal_root, sealed_root, friday):
    settings.BUSINESS_CLOCK = "demo"
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    later = friday + timedelta(days=11)
    run.prepare(start=friday, with_documents=False)
    audit.record(actor=SYSTEM, act="test.act", subject=None, at=later)

    run.prepare(start=friday, with_documents=False)

    assert timedelta(0) <= workdays.business_now() - later < timedelta(minutes=1)
