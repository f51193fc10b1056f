import json
import subprocess
import sys
from pathlib import Path

import pytest

from gongkai.config import cli
from gongkai.core.publishing.tool import check_text, find_title

ELEMENTS = ("征收范围", "征收目的", "开展土地现状调查的安排")
WRONG = "关于用地的通知\n\n根据国办函[2020]109号规定办理。\n"


@pytest.fixture
def check(tmp_path: Path, capsys):
    def run(content: bytes | str, *options: str) -> tuple[str, str, int]:
        path = tmp_path / "文稿.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        status = cli.main(["tool", "check", str(path), *options])
        out = capsys.readouterr()
        return out.out, out.err, status

    return run


def test_findings_are_a_list_of_json_with_places_in_code_points(check):
    out, err, status = check(WRONG, "--json")
    (finding,) = json.loads(out)
    assert (finding["rule"], finding["severity"], finding["quote"]) == ("doc_number", "block", "国办函[2020]109号")
    assert WRONG[finding["start"] : finding["end"]] == finding["quote"]
    assert set(finding) == {"rule", "severity", "quote", "message", "start", "end"}
    assert (err, status) == ("", 1)


def test_places_hold_with_line_ends_and_signs_outside_the_first_plane(check):
    text = "𠮷\r\n标题\r\n\r\n见国办函[2020]109号。\r\n"
    out, _, _ = check(text, "--json")
    (finding,) = json.loads(out)
    assert text[finding["start"] : finding["end"]] == "国办函[2020]109号"


def test_a_sound_text_gives_an_empty_list(check):
    assert check("根据国办函〔2020〕109号规定办理。\n", "--json") == ("[]\n", "", 0)
    assert check("", "--json") == ("[]\n", "", 0)


def test_words_for_people_without_json(check):
    out, _, status = check(WRONG)
    assert "必须改" in out
    assert "改为“国办函〔2020〕109号”" in out
    assert (out.splitlines()[-1], status) == ("共 1 处。", 1)
    assert check("好。\n")[0] == "没有发现问题。\n"


def test_what_is_no_text_is_refused_on_standard_error(check, capsys):
    out, err, status = check(b"\xff\xfe\x00", "--json")
    assert (out, status) == ("", 2)
    assert "UTF-8" in err
    assert cli.main(["tool", "check", "没有这个文件.txt"]) == 2
    assert "打不开文件" in capsys.readouterr().err


def test_elements_are_asked_for_when_the_title_tells_the_kind():
    text = "双桥村征收土地预公告\n\n征收范围：双桥村四组。\n征收目的：道路建设。\n"
    (finding,) = check_text(text, {"双桥村征收土地预公告": ELEMENTS}.__getitem__)
    assert (finding.rule, finding.message) == ("element", "缺要素“开展土地现状调查的安排”。")


@pytest.mark.parametrize("text", ["双桥村征收土地预公告", "本公告依据征收土地预公告作出。\n另行通知。", "工作随笔\n正文"])
def test_no_elements_are_asked_for_when_there_is_no_title_that_tells(text):
    assert check_text(text, lambda title: ("面积",) if title == "征收土地预公告" else ()) == []


def test_the_catalogue_tells_the_elements_on_the_command_line(check):
    out, _, _ = check("双桥村征收土地预公告\n\n征收范围：双桥村四组。\n征收目的：道路建设。\n", "--json")
    (finding,) = json.loads(out)
    assert finding["message"].startswith("缺要素“开展土地现状调查的安排”。")


def test_a_title_is_a_line_of_its_own_that_is_no_sentence():
    assert find_title("\ufeff# 公告\n\n正文。") == "公告"
    assert find_title("公告") == find_title("依据公告，\n另行通知。") == find_title("") == ""


def test_it_starts_without_django():
    code = "import sys; from gongkai.config import cli; cli.main(['tool', 'check', 'README.md']); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": "src"}).returncode == 0
