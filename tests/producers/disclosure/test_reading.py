from pathlib import Path

import pytest

from gongkai.lib.errors import BadInput
from gongkai.producers.disclosure.reading import MAX_BYTES, decode, plain_text, read_document

RECORDS = Path(__file__).parents[3] / "demo/records"
NOTICE = """# source: 临澄市自然资源和规划局
# title: 临自然资告字〔2026〕6号
# date: 2026-10-08
# entry: land.auction_notice
# number: 临自然资告字〔2026〕6号
# note: 内部说明，不公开

现将地块挂牌出让，面积 <1000㎡ & 起始价 600 万元。
# 这一行也是说明

保证金300万元。
"""


def read(text, name="a.txt"):
    return read_document(name, text.encode())


def test_head_lines_say_what_the_document_is():
    document = read(NOTICE)
    assert document.title == "临自然资告字〔2026〕6号"
    assert document.date_text == "2026-10-08"
    assert document.source == "临澄市自然资源和规划局"
    assert document.entry_code == "land.auction_notice"
    assert document.document_number == "临自然资告字〔2026〕6号"
    assert document.remark == ""


def test_head_lines_and_notes_never_reach_the_text():
    assert read(NOTICE).body == "<p>现将地块挂牌出让，面积 &lt;1000㎡ &amp; 起始价 600 万元。</p><p>保证金300万元。</p>"


@pytest.mark.parametrize("colon", [":", "："])
def test_both_colons_are_understood(colon):
    assert read(f"# title{colon} 公告\n\n正文。").title == "公告"


def test_a_web_address_is_not_kept_as_the_source():
    assert read("# title: 公告\n# source: https://example.invalid/a?b=1\n\n正文。").source == ""
    assert read("# title: 公告\n# source: 某县人民政府 http://example.invalid/a\n\n正文。").source == "某县人民政府"


def test_a_text_without_head_takes_its_first_line_as_title():
    document = read("征地补偿登记公告\n请双桥村村民于10月20日前登记。")
    assert (document.title, document.body) == ("征地补偿登记公告", "<p>请双桥村村民于10月20日前登记。</p>")
    assert "取自第一行" in document.remark


def test_a_text_without_heading_is_called_by_what_it_announces():
    document = read("在市委领导下，取得了较好的成绩，现将我局2020年政务公开工作总结如下：\n一、主要做法。")
    assert document.title == "2020年政务公开工作总结"
    assert "现将我局" in document.body
    assert "请核对" in document.remark


@pytest.mark.parametrize("text", ["各科室请注意，明天停电。\n请关好门窗。", "只有一行", "好。\n是。"])
def test_a_text_without_any_title_is_refused_with_advice(text):
    with pytest.raises(BadInput, match="# title: 标题"):
        read(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "文件是空的"),
        (" \n\t\n", "文件是空的"),
        ("# title: 公告\n# date: 2026", "正文是空的"),
        (f"# title: {'长' * 201}\n\n正文", "标题 201 字"),
    ],
)
def test_a_file_that_says_too_little_or_too_much_is_refused(text, words):
    with pytest.raises(BadInput, match=words):
        read(text)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(BadInput, match="超过 5 MB"):
        read_document("a.txt", b"a" * (MAX_BYTES + 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts_of_every_usual_encoding_are_read(encoding):
    assert decode("公告：双桥村".encode(encoding)) == "公告：双桥村"


@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\x00", b"\x89PNG\r\n\x1a\n", b"\xff\xfe\x00", b"\x80\x81\xff\xff"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(BadInput):
        decode(data)


def test_the_same_text_under_another_title_is_the_same_document():
    first = read("# title: 双桥村征收土地预公告\n\n拟征收双桥村集体土地2.20公顷，用于道路建设。")
    again = read("# title: 双桥村征收土地预公告（转载）\n\n拟征收双桥村集体土地2.20公顷，\n用于道路建设。")
    assert first.digest == again.digest


def test_a_text_too_short_to_tell_counts_with_its_title():
    assert read("# title: 一号公告\n\n详见附件。").digest != read("# title: 二号公告\n\n详见附件。").digest


PAGE = """<!doctype html><html><head><title>公告-某网站</title>
<meta name="PubDate" content="2026-10-08 09:00"><meta name="ContentSource" content="某县人民政府">
<script>alert(1)</script><style>p{color:red}</style></head>
<body onload="x()"><h1>征收土地<br>预公告</h1><h2>一、范围</h2><p style="color:red" onclick="x()">拟征收<b>2.20</b>公顷。</p>
<table><tr><th scope="col">村</th><td colspan="2">双桥村</td></tr></table><img src="a.png">
<a href="javascript:alert(1)">坏</a><a href="/files/a.pdf">好</a><form><input name="q">查询</form></body></html>"""


def test_a_page_is_read_by_its_only_heading_and_meta_tags():
    document = read(PAGE, "a.html")
    assert document.title in {"征收土地 预公告", "征收土地预公告"}
    assert (document.date_text, document.source) == ("2026-10-08 09:00", "某县人民政府")


def test_a_page_loses_everything_that_could_act():
    body = read(PAGE, "a.HTML").body
    for bad in ("script", "alert", "style", "onclick", "onload", "javascript", "<img", "查询", "<form", "h1"):
        assert bad not in body
    assert "<h2>一、范围</h2>" in body
    assert 'colspan="2"' in body
    assert "/files/a.pdf" in body


def test_a_page_keeps_no_attribute_that_nobody_sees():
    page = '<h1>公告</h1><p title="不给人看的字" lang="秘密">正文。</p><table title="不给人看的字"><tr><td title="x">一</td></tr></table>'
    body = read_document("一.html", page.encode()).body
    assert "不给人看的字" not in body
    assert "秘密" not in body


def test_a_page_nested_too_deep_is_refused_in_words():
    with pytest.raises(BadInput, match="超过 100 层"):
        read_document("一.html", ("<h1>公告</h1>" + "<ul><li>" * 30_000).encode())


def test_a_page_with_several_headings_is_called_by_its_title():
    document = read("<title>办事指南</title><h1>一、条件</h1><p>具备条件的单位。</p><h1>二、材料</h1><p>申请书和身份证明。</p>", "a.htm")
    assert document.title == "办事指南"
    assert document.body.count("<h2>") == 2


def test_a_page_without_words_is_refused():
    with pytest.raises(BadInput, match="正文是空的"):
        read("<title>空</title><script>document.write('x')</script>", "a.html")


def test_words_of_a_body_are_free_of_marks():
    assert plain_text("<p>面积 &lt;1000㎡</p>") == "面积 <1000㎡"


def test_every_sample_record_can_be_read_and_is_a_document_of_its_own():
    paths = sorted(RECORDS.rglob("*.txt"))
    documents = [read_document(path.name, path.read_bytes()) for path in paths]
    assert len({document.digest for document in documents}) == len(paths) == 98
    assert not [document.title for document in documents if document.remark]
