from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from gongkai.config.tool import run as run_tool
from gongkai.foundation.audit import api as audit
from gongkai.foundation.trail import actions, anchors
from gongkai.lib.errors import ActNotPossible
from tests.factories.audit import acts, tampering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(tmp_path, settings) -> Path:
    """The file of heads kept elsewhere."""
    path: Path = tmp_path / "elsewhere" / "anchors.txt"
    settings.AUDIT_ANCHORS = path
    return path


@pytest.fixture
def chain(db, friday):
    acts(4, at=friday)
    assert actions.seal_waiting(timezone.now()) == 4


def verify(*arguments: str) -> tuple[int, str, str]:
    """Exit status, what was printed, and the last words."""
    out = StringIO()
    try:
        call_command("audit_verify", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_whole_chain_is_said_to_be_whole(chain):
    status, printed, _ = verify()

    assert status == 0
    assert "核验 4 行，待封存 0 行，对照另存的链头 1 个" in printed
    assert printed.endswith("审计链完整。\n")


def test_a_changed_row_is_named_with_status_1(chain):
    with tampering():
        sql("UPDATE audit_auditrecord SET act = 'publishing.pass' WHERE id = (SELECT record_id FROM audit_auditseal WHERE position = 2)")

        status, printed, words = verify()
        assert status == 1
        assert "被改动：链上第 2 行被改动" in printed
        assert words == "审计链不完整：有 1 处不对。"


def test_a_tail_cut_off_is_named_by_the_file_of_heads_and_by_a_head_on_paper(chain, kept):
    head = audit.find_head()
    with tampering():
        sql("DELETE FROM audit_auditseal WHERE position > 2")
        sql("DELETE FROM audit_auditrecord WHERE id NOT IN (SELECT record_id FROM audit_auditseal)")

        assert verify()[0] == 1
        assert "末尾被截：链的末尾被截掉：第 3 至 4 行不见了" in verify()[1]
        kept.unlink()
        assert verify()[0] == 0
        assert "第 3 至 4 行不见了" in verify("--head", f"{head.position}:{head.digest}")[1]


def test_a_head_or_a_file_of_heads_that_cannot_be_read_is_refused(chain, tmp_path):
    assert verify("--head", "vier")[0] == 2
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("x y z")
    assert "读不出来" in verify("--anchors", str(wrong))[2]


def test_heads_are_added_once_each_and_a_chain_that_became_shorter_is_told(chain, kept):
    assert len(kept.read_text().splitlines()) == 1
    actions.seal_waiting(timezone.now())
    assert len(kept.read_text().splitlines()) == 1
    assert kept.stat().st_mode & 0o777 == 0o600
    with tampering():
        sql("DELETE FROM audit_auditseal WHERE position = 4")
        with pytest.raises(ActNotPossible, match="另存的链头到第 4 行，库里的审计链只到第 3 行"):
            actions.seal_waiting(timezone.now())


def test_a_head_that_could_not_be_kept_is_kept_later(friday, kept, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.AUDIT_ANCHORS = tmp_path / "file" / "anchors.txt"
    acts(2, at=friday)
    with pytest.raises(ActNotPossible, match="链头"):
        actions.seal_waiting(timezone.now())
    assert audit.find_head().position == 2
    settings.AUDIT_ANCHORS = kept
    assert actions.seal_waiting(timezone.now()) == 0

    assert set(anchors.read_all()) == {2}


def test_the_seal_command_chains_all_and_prints_the_head(friday):
    acts(3, at=friday)
    out = StringIO()
    call_command("audit_seal", stdout=out)

    assert out.getvalue() == f"封存 3 行。链头：3:{audit.find_head().digest}\n"


def test_an_export_is_proved_offline_and_a_changed_line_is_named(chain, tmp_path, capsys):
    file = tmp_path / "chain.jsonl"
    call_command("audit_export", str(file), stdout=StringIO())
    assert run_tool(options(file)) == 0
    assert "审计链完整：核验 4 行" in capsys.readouterr().out

    lines = file.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace("x.y", "z.z")
    changed = tmp_path / "changed.jsonl"
    changed.write_text("\n".join(lines), encoding="utf-8")
    assert run_tool(options(changed)) == 1
    assert "被改动：链上第 3 行被改动" in capsys.readouterr().out

    cut = tmp_path / "cut.jsonl"
    cut.write_text("\n".join(file.read_text(encoding="utf-8").splitlines()[:3]), encoding="utf-8")
    assert run_tool(options(cut, head=audit.find_head().digest)) == 1
    assert "给的链头摘要不在这份文件里" in capsys.readouterr().out


def test_an_export_does_not_write_over_a_file(chain, tmp_path):
    file = tmp_path / "chain.jsonl"
    file.write_text("kept")
    with pytest.raises(CommandError, match="已经有了"):
        call_command("audit_export", str(file), stdout=StringIO())
    assert file.read_text() == "kept"


def options(file: Path, head: str = ""):
    from argparse import Namespace  # noqa: PLC0415

    return Namespace(tool="audit", file=file, anchors=None, head=head)
