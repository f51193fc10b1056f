"""M3, M4, M12 by command, on both databases: documents come in, are stopped or passed, signed, public, found, counted, done."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from gongkai.config import cli
from gongkai.core.ledger import api as ledger

pytestmark = pytest.mark.django_db(transaction=True)

PHRASE = "竞得人须在成交确认书签订之日起"
CLEAN = f"""# title: 2026-17号地块挂牌出让成交结果公示
# entry: land.result
# date: 2026-10-09

宗地编号：2026-17号
位置：澄北区柳溪路以东
面积：2.4公顷
用途：二类城镇住宅用地
出让年限：70年
成交价：18240万元
受让单位：临澄市澄湖置业有限公司
公示期：2026年10月9日至22日

{PHRASE}十个工作日内签订出让合同。
"""
LACKING = CLEAN.replace("2026-17", "2026-18").replace("公示期：2026年10月9日至22日\n", "").replace("十个工作日", "五个工作日")
WRONG_NUMBER = CLEAN.replace("2026-17", "2026-19").replace("\n宗地", "\n根据临澄自然资告字[2026]6号公告，现予公示。\n宗地", 1)


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in {"a.txt": CLEAN, "b.txt": LACKING, "c.txt": WRONG_NUMBER}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def gongkai(bureau, demo_clock, portal_root, sealed_root, capsys):
    """Runs a command and gives what it printed."""

    def call(*arguments: str, status: int = 0) -> str:
        try:
            ended: int | str | None = cli.main(arguments)
        except SystemExit as end:
            ended = end.code
        printed = capsys.readouterr()
        assert ended == status, f"{arguments} ended with {ended}: {printed.out}{printed.err}"
        return str(printed.out)

    return call


def test_a_document_goes_all_the_way_by_command(gongkai, documents, portal_root, settings):
    imported = gongkai("import", "documents", str(documents), "--as", "何静")
    assert "已导入 3 份" in imported
    assert "早已导入 3 份" in gongkai("import", "documents", str(documents), "--as", "何静")

    # The gate: a missing element and [2026] stay behind, with their reasons.
    submitted = gongkai("submit", "--as", "何静")
    assert "送审 1 份，留着 2 份" in submitted
    assert "缺要素“公示期”" in submitted
    assert "〔2026〕6号" in submitted
    # An element that is truly not there passes with a reason and a name.
    assert "送审" in gongkai("submit", "--as", "何静", "--pass-reason", "历史简录，原件要素以原文为准")

    # Nobody reviews who did not come to it; the author passes nothing.
    assert "通过 0 步" in gongkai("review", "--as", "何静")
    for name in ("陈默", "林晓"):
        assert re.search(rf"{name}：通过 [1-9]\d* 步", gongkai("review", "--as", name))
    assert "已公开：0" in gongkai("publication", "counts")
    signed = gongkai("review", "--as", "顾长青")
    public = int(re.findall(r"顾长青：通过 (\d+) 步", signed)[0])
    assert public >= 2

    # Public, counted alike in three ways, found by a phrase in the middle, one page each.
    counts = gongkai("publication", "counts")
    assert f"已公开：{public}\n" in counts
    assert f"分类合计：{public}\n名录长度：{public}\n" in counts
    gongkai("worker", "--once")
    pages = list(portal_root.glob("d/2026/*/index.html"))
    assert len(pages) == public
    assert sum(PHRASE in page.read_text(encoding="utf-8") for page in pages) == public
    assert "三方一致" in gongkai("portal", "verify")
    settings.ROOT_URLCONF = "gongkai.config.urls_portal"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "LoginRequired" not in name]
    found = Client().get(f"/search/?q={quote(PHRASE)}").content.decode()
    assert "2026-17号" in found


def test_the_duty_of_an_imported_document_is_done_in_time(gongkai, documents, clerk, friday):
    gongkai("import", "documents", str(documents / "a.txt"), "--as", "何静")
    (open_row,) = list_open(clerk, friday)
    assert open_row.last_day.isoformat() > "2026-10-09"

    gongkai("submit", "--as", "何静")
    gongkai("review", "--everybody")

    assert list_open(clerk, friday) == []


def list_open(actor, now):
    return [row for row in ledger.list_owed(unit_ids=[actor.unit_id], now=now) if row.entry == "land.result"]
