from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gongkai.core.publishing import api as publishing
from gongkai.foundation.organisations.models import PostHolding
from gongkai.producers.disclosure.models import Cause

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]
RECORDS = Path(__file__).parents[3] / "demo/records"

NOTICE = "# title: {title}\n# date: 2026-09-21\n\n{text}\n"
PAGE = "<title>临澄市2026年度地质灾害防治方案</title><h1>临澄市2026年度地质灾害防治方案</h1><p>汛期前完成全市隐患点排查。</p>"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text(NOTICE.format(title="双桥村征收土地预公告", text="拟征收双桥村集体土地2.20公顷。"), encoding="utf-8")
    (tmp_path / "sub/b.HTML").write_text(PAGE, encoding="utf-8")
    (tmp_path / "sub/letter.json").write_text("{}", encoding="utf-8")
    (tmp_path / ".hidden.txt").write_text("x", encoding="utf-8")
    return tmp_path


def run(*arguments, capsys):
    call_command("import_documents", *map(str, arguments), "--as", "何静")
    return capsys.readouterr().out.splitlines()


def test_every_file_has_its_line_and_the_counts_come_last(folder, capsys):
    lines = run(folder, capsys=capsys)
    assert lines == [
        "已导入  a.txt  征收土地预公告（现场）（expro.pre_notice）",
        "已导入  sub/b.HTML  年度地质灾害防治方案（geo.plan）  文件的日期为空，认不出是哪一天，事由日按导入日计。"
        "不知道从哪天起算，期限不起算，台账上不算按时也不算逾期。",
        "略过  sub/letter.json  只收 .txt、.html 和 .htm",
        "以何静的名义。",
        "已导入 2 份，早已导入 0 份，未导入 0 份，略过 1 个文件。",
    ]


def test_a_second_run_makes_no_doubles(folder, capsys):
    run(folder, capsys=capsys)
    lines = run(folder, folder / "a.txt", capsys=capsys)
    assert lines[:3] == ["早已导入  a.txt", "早已导入  sub/b.HTML", "早已导入  a.txt"]
    assert Cause.objects.count() == publishing.count_publications() == 2


def test_a_dry_run_changes_nothing(folder, capsys):
    lines = run(folder, "--dry-run", capsys=capsys)
    assert lines[0].startswith("可以导入  a.txt")
    assert lines[-1] == "可以导入 2 份，早已导入 0 份，未导入 0 份，略过 1 个文件。没有改动任何数据。"
    assert Cause.objects.count() == publishing.count_publications() == 0


def test_what_is_refused_is_named_and_shows_in_the_exit_status(folder, capsys):
    (folder / "z.txt").write_text(NOTICE.format(title="放假通知", text="十月一日至七日放假。"), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        run(folder, capsys=capsys)
    assert ended.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert "未导入  z.txt  从标题“放假通知”看不出是哪一项公开事项：请在文件开头写一行“# entry: 事项代码”。" in lines
    assert Cause.objects.count() == 2


def test_a_folder_that_is_not_there_is_said_in_words():
    with pytest.raises(CommandError, match="没有“/nowhere”这个文件夹或文件"):
        call_command("import_documents", "/nowhere", "--as", "何静")


def test_an_unknown_person_is_said_in_words(folder):
    with pytest.raises(CommandError, match="不存在的人"):
        call_command("import_documents", str(folder), "--as", "不存在的人")


def test_all_sample_records_come_in_by_command(capsys):
    assert run(RECORDS, capsys=capsys)[-1] == "已导入 98 份，早已导入 0 份，未导入 0 份，略过 1 个文件。"


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_without_a_name_it_is_done_in_the_name_of_the_openness_office_and_says_so(folder, capsys, more):
    call_command("import_documents", str(folder), *more)
    assert "以何静的名义。" in capsys.readouterr().out.splitlines()


def test_a_trial_needs_nobody_and_the_real_import_asks_for_a_name_when_the_post_is_vacant(folder, capsys):
    PostHolding.objects.filter(officer__name="何静").delete()
    call_command("import_documents", str(folder), "--dry-run")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("可以导入  a.txt")
    assert "以政务公开办（岗位现在没有人）的名义。" in lines
    with pytest.raises(CommandError, match="请写 --as 姓名"):
        call_command("import_documents", str(folder))
    assert Cause.objects.count() == 0
