import fcntl
import subprocess
import sys

from gongkai.config import run
from tools import checks, reset


def test_the_data_folder_is_removed_and_a_second_time_there_is_nothing_to_do(tmp_path):
    folder = tmp_path / "var"
    (folder / "portal").mkdir(parents=True)

    assert (reset.reset(folder), folder.exists()) == (0, False)
    assert reset.reset(folder) == 0


def test_it_is_refused_in_chinese_while_a_run_holds_the_folder_and_works_afterwards(tmp_path, capsys):
    with run.hold(tmp_path / "var") as is_ours:
        assert is_ours
        assert reset.reset(tmp_path / "var") == 1
        assert "先按 Ctrl+C 停掉正在运行的 make run（进程 " in capsys.readouterr().err
        assert (tmp_path / "var").is_dir()

    assert reset.reset(tmp_path / "var") == 0


def test_a_second_run_does_not_get_the_folder(tmp_path):
    with run.hold(tmp_path), run.hold(tmp_path) as is_ours:
        assert not is_ours


def test_the_lock_goes_with_a_process_that_is_killed(tmp_path):
    script = "import pathlib, time; from gongkai.config import run\n"
    script += f"with run.hold(pathlib.Path({str(tmp_path)!r})): print(1, flush=True); time.sleep(60)"
    script = f"import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'gongkai.config.settings.test'; django.setup(); {script}"
    running = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=checks.ROOT)
    assert running.stdout is not None
    assert running.stdout.readline() == b"1\n"
    assert reset.reset(tmp_path) == 1

    running.kill()
    running.wait(timeout=20)
    running.stdout.close()

    with (tmp_path / reset.LOCK).open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_both_sides_mean_the_same_file():
    assert reset.LOCK == run.LOCK
