from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gongkai.foundation.attachments.rules import (
    DOCX,
    FORMATS,
    LARGEST,
    NAME_LENGTH,
    PDF,
    check_size,
    label_media_type,
    name_file,
    public_name,
    sealed_path,
    tell_format,
    tidy_name,
)
from gongkai.lib.errors import BadInput
from tests.factories import attachments as samples

UUID_1 = UUID("0f3a5b7c-9d1e-4f20-8a6b-1c2d3e4f5a6b")

# Names


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("补偿方案.pdf", "补偿方案.pdf"),
        ("C:\\Users\\zhoulan\\桌面\\补偿方案.pdf", "补偿方案.pdf"),
        ("../../etc/cron.d/补偿方案.pdf", "补偿方案.pdf"),
        ("..\\..\\补偿方案.pdf", "补偿方案.pdf"),
        ("补偿方案\u202efdp.exe", "补偿方案fdp.exe"),
        ("补偿\u200b方案\ufeff.pdf", "补偿方案.pdf"),
        ("补偿方案.pdf\0.exe", "补偿方案.pdf.exe"),
        ("  补偿\t\n 方案 .pdf  ", "补偿 方案 .pdf"),
        (".补偿方案.pdf.", "补偿方案.pdf"),
        ('第1*2?"<表>|:.xlsx', "第1_2___表___.xlsx"),
        ("con.txt", "_con.txt"),
        ("LPT1", "_LPT1"),
        ("console.txt", "console.txt"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("半个\ud83d.txt", "半个.txt"),
        ("\U00031350村\ue000.txt", "\U00031350村\ue000.txt"),
    ],
)
def test_a_name_is_kept_without_path_and_without_what_nobody_sees(given_name, kept):
    assert tidy_name(given_name) == kept


@pytest.mark.parametrize("name", ["", "   ", "..", "/", "a/", "\\\\server\\", "\u202e", "\0", "???", ". . ."])
def test_a_name_of_which_nothing_is_left_is_refused(name):
    with pytest.raises(BadInput, match="要有文件名"):
        tidy_name(name)


def test_a_name_that_is_too_long_is_refused_with_its_length():
    assert tidy_name("长" * NAME_LENGTH) == "长" * NAME_LENGTH
    with pytest.raises(BadInput, match="有 300 个字，最多 200 个字"):
        tidy_name("长" * 296 + ".pdf")


def test_a_name_that_gets_too_long_by_its_ending_is_refused():
    with pytest.raises(BadInput, match="超过 200 个字"):
        name_file("长" * NAME_LENGTH, PDF)
    with pytest.raises(BadInput, match="最多 200 个字"):
        tidy_name("con." + "长" * (NAME_LENGTH - 4))


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=250))
@example("a\x85b")
@example("\u2028")
@example("con/con")
def test_whatever_the_name_it_is_refused_or_safe(text):
    try:
        name = tidy_name(text)
    except BadInput:
        return
    assert 0 < len(name) <= NAME_LENGTH
    assert not set(name) & set('/\\<>:"|?*\0\n\r\t')
    assert name.strip(" .") == name
    assert tidy_name(name) == name
    name.encode()


# Contents

SOUND = [
    ("a.pdf", samples.PDF, "pdf"),
    ("a.png", samples.PNG, "png"),
    ("a.jpg", samples.JPEG, "jpg"),
    ("a.jpeg", samples.JPEG, "jpg"),
    ("a.docx", samples.DOCX, "docx"),
    ("a.xlsx", samples.XLSX, "xlsx"),
    ("a.ofd", samples.OFD, "ofd"),
    ("a.doc", samples.DOC, "doc"),
    ("a.xls", samples.XLS, "xls"),
    ("a.txt", samples.TEXT, "txt"),
    ("a.csv", samples.TEXT, "csv"),
    ("a.csv", "面积，公顷\n".encode("gb18030"), "csv"),
    ("a.txt", b"\xef\xbb\xbf" + samples.TEXT, "txt"),
]


@pytest.mark.parametrize(("name", "data", "ending"), SOUND)
def test_a_file_of_a_taken_kind_keeps_its_name(name, data, ending):
    form = tell_format(data, name)

    assert form.endings[0] == ending
    assert name_file(name, form) == name
    assert name_file(name.upper(), form) == name.upper()


@pytest.mark.parametrize(("name", "data", "ending"), SOUND)
def test_a_file_without_ending_gets_the_one_of_its_content(name, data, ending):
    if ending != "csv":
        assert name_file("附件1", tell_format(data, "附件1")) == f"附件1.{ending}"


@pytest.mark.parametrize("name", ["附件1.征地补偿表", "方案2026.10", "第3.5节", "v1.2"])
def test_a_dot_in_the_middle_of_a_name_is_no_ending(name):
    assert name_file(name, PDF) == f"{name}.pdf"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("方案.pdf", samples.DOCX, "写的是“.pdf”（PDF），内容却是Word 文档"),
        ("方案.pdf", samples.PNG, "写的是“.pdf”"),
        ("方案.pdf", b"<script>alert(1)</script>", "内容却是文本"),
        ("方案.docx", samples.XLSX, "内容却是Excel 表格"),
        ("方案.txt", samples.PDF, "内容却是PDF"),
        ("方案.csv", samples.PDF, "内容却是PDF"),
        ("方案.exe", samples.TEXT, "不收“.exe”"),
        ("方案.html", samples.TEXT, "不收“.html”"),
        ("方案.svg", b"<svg xmlns='x'/>", "不收“.svg”"),
        ("方案.pdf.exe", samples.PDF, "不收“.exe”"),
        ("方案.mp3", samples.TEXT, "不收“.mp3”"),
        ("方案.7z", samples.TEXT, "不收“.7z”"),
    ],
)
def test_a_name_that_says_something_else_than_the_content_is_refused(name, data, words):
    with pytest.raises(BadInput, match=words):
        name_file(name, tell_format(data, name))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"MZ\x90\x00" + bytes(100), "认不出"),
        (b"GIF89a" + bytes(20), "认不出"),
        ("无字符标记".encode("utf-16"), "认不出"),
        (b"\x7fELF", "认不出"),
        (b"text with \x07 bell", "认不出"),
        (b"\xff\xfe\xff", "认不出"),
        (samples.a_package("方案.pdf"), "不收压缩包"),
        (samples.a_package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "有宏"),
        (b"PK\x03\x04" + bytes(50), "损坏"),
        (samples.DOCX[:-10], "损坏"),
        (samples.DOCX[: len(samples.DOCX) // 2], "损坏"),
        (samples.OLE + bytes(1000), "认不出"),
        (samples.a_package("[Content_Types].xml", "ppt/presentation.xml"), "不收这种文件"),
        (samples.a_package("mimetype", "content.xml"), "不收这种文件"),
        (samples.OLE + "EncryptedPackage".encode("utf-16-le") + bytes(100), "打开密码"),
        (samples.DOC + "_VBA_PROJECT".encode("utf-16-le"), "有宏"),
    ],
)
def test_content_that_is_not_taken_is_refused_in_words(data, words):
    with pytest.raises(BadInput, match=words) as refused:
        tell_format(data, "a.txt")
    assert refused.value.field == "file"


@given(st.binary(max_size=300))
def test_whatever_the_content_it_is_refused_or_told(data):
    for head in (b"", b"PK\x03\x04", samples.OLE, b"%PDF-"):
        try:
            form = tell_format(head + data, "a")
        except BadInput:
            continue
        assert form in FORMATS


@given(st.data())
def test_a_damaged_package_is_refused_or_told_and_never_breaks_us(data):
    content = bytearray(samples.DOCX)
    for place in data.draw(st.sets(st.integers(4, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    try:
        form = tell_format(bytes(content), "a.docx")
    except BadInput:
        return
    assert form is DOCX


def test_the_greatest_size_is_taken_and_one_byte_more_is_not():
    check_size(LARGEST)
    with pytest.raises(BadInput, match="最大 20 MB"):
        check_size(LARGEST + 1)


def test_an_empty_file_is_refused():
    with pytest.raises(BadInput, match="空文件"):
        check_size(0)


# What others see


def test_the_name_in_a_public_address_is_plain_and_says_nothing_of_the_clerks_name():
    assert public_name(UUID_1, "张某某补偿协议.PDF") == "0f3a5b7c9d1e4f20.pdf"


def test_kinds_have_names_that_people_use():
    assert label_media_type("application/pdf") == "PDF"
    assert label_media_type("application/unheard-of") == "application/unheard-of"


def test_originals_lie_by_their_digest():
    assert sealed_path("ab" + "0" * 62) == "ab/ab" + "0" * 62
