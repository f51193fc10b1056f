"""The public copy says what the original says, and nothing about people and machines."""

import io
import zipfile
import zlib

import olefile
import pikepdf
import pytest
from PIL import Image

from gongkai.foundation.attachments import pictures
from gongkai.foundation.attachments.actions import prepare
from gongkai.foundation.attachments.kinds import RemarkKind
from gongkai.foundation.attachments.rules import DOC, DOCX, JPEG, OFD, PDF, PNG, TEXT, XLS, XLSX, tell_format
from gongkai.lib.errors import BadInput
from tests.factories import attachments as samples
from tests.factories.attachments import SECRET, a_pdf, a_picture, a_word_file, a_workbook_file, a_zip, an_ofd


def kinds_of(data, form):
    return [remark.kind for remark in prepare(data, form)[0].remarks]


def everything_in(data: bytes) -> bytes:
    """The bytes of a package with every part unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return b"".join(name.encode() + package.read(name) for name in package.namelist())


@pytest.mark.parametrize(("data", "form"), [(samples.DOCX, DOCX), (samples.XLSX, XLSX), (samples.OFD, OFD)], ids=["docx", "xlsx", "ofd"])
def test_packages_lose_author_machine_and_path(data, form):
    assert SECRET.encode() in everything_in(data)
    reading, copy = prepare(data, form)
    assert SECRET.encode() not in everything_in(copy)
    assert b"custom.xml" not in everything_in(copy)
    assert tell_format(copy, "x") is form
    assert prepare(copy, form) == (reading, copy)  # once more changes nothing


def test_what_refers_to_a_dropped_part_goes_with_it_and_the_rest_stays():
    _, copy = prepare(samples.DOCX, DOCX)
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert package.read("_rels/.rels").decode().count("<Relationship ") == 2
        assert b"/docProps/core.xml" in package.read("[Content_Types].xml")
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_pdf_loses_author_metadata_and_older_versions():
    data = a_pdf("Notice 2026", "Second page", author="SECRET-AUTHOR", PieceInfo=pikepdf.Dictionary(App=pikepdf.String("SECRET-APP")))
    assert b"SECRET-AUTHOR" in data
    old = b"\n99 0 obj\n(SECRET-OLD)\nendobj\n"
    reading, copy = prepare(data + old, PDF)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert "/Info" not in pdf.trailer
        assert not {"/Metadata", "/PieceInfo", "/OpenAction"} & set(pdf.Root.keys())
        assert len(pdf.pages) == 2
    for secret in (b"SECRET-AUTHOR", b"SECRET-APP", b"SECRET-OLD"):
        assert secret not in copy
    assert "Notice 2026" in reading.text
    assert "Second page" in reading.text


def test_a_script_that_runs_at_opening_is_gone():
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    _, copy = prepare(a_pdf(OpenAction=script), PDF)
    assert b"app.alert" not in copy


@pytest.mark.parametrize(("form", "data"), [(PNG, samples.PNG), (JPEG, samples.JPEG)], ids=["png", "jpeg"])
def test_pictures_lose_what_is_beside_the_points_and_no_point(form, data):
    assert data.count(b"SECRET") == 2
    _, copy = prepare(data, form)
    assert b"SECRET" not in copy
    assert pictures.list_points(copy) == pictures.list_points(data)


def test_what_hangs_behind_a_picture_is_cut_off():
    assert b"SECRET" not in prepare(samples.PNG + b"SECRET-TAIL", PNG)[1]
    assert b"SECRET" not in prepare(samples.JPEG + b"SECRET-TAIL", JPEG)[1]


def test_a_photograph_on_its_side_is_turned():
    _, copy = prepare(a_picture("JPEG", orientation=6), JPEG)
    with Image.open(io.BytesIO(copy)) as picture:
        assert picture.size == (8, 16)
        assert dict(picture.getexif()) == {}


def test_an_old_word_file_loses_its_properties_and_keeps_its_streams():
    assert SECRET.encode() in samples.DOC
    reading, copy = prepare(samples.DOC, DOC)
    assert SECRET.encode() not in copy
    assert len(copy) == len(samples.DOC)
    with olefile.OleFileIO(io.BytesIO(copy)) as file:
        assert file.openstream("WordDocument").read(5000) == b"W" * 5000
        assert file.getproperties("\x05SummaryInformation") == {}
    assert [remark.kind for remark in reading.remarks] == [RemarkKind.OLD_FORMAT]
    assert prepare(samples.XLS, XLS)[1] == samples.XLS


def test_plain_text_is_its_own_copy_and_is_read_in_both_encodings():
    reading, copy = prepare("征收公告".encode("gb18030"), TEXT)
    assert (reading.text, copy) == ("征收公告", "征收公告".encode("gb18030"))


def test_signed_files_are_not_touched():
    ofd = an_ofd(is_signed=True)
    reading, copy = prepare(ofd, OFD)
    assert copy == ofd
    assert RemarkKind.SIGNED in [remark.kind for remark in reading.remarks]
    pdf = a_pdf(author="SECRET-AUTHOR", AcroForm=pikepdf.Dictionary(SigFlags=3, Fields=pikepdf.Array()))
    assert prepare(pdf, PDF)[1] == pdf
    assert kinds_of(pdf, PDF) == [RemarkKind.SIGNED]


WORD = 'xmlns:w="urn:word"'


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ("<w:p><w:ins><w:r><w:t>加的</w:t></w:r></w:ins></w:p>", RemarkKind.TRACKED_CHANGES),
        ("<w:p><w:del><w:r><w:delText>删的</w:delText></w:r></w:del></w:p>", RemarkKind.TRACKED_CHANGES),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r></w:p>", RemarkKind.HIDDEN_TEXT),
    ],
)
def test_what_a_word_file_hides_is_told_and_read(extra, kind):
    reading, _ = prepare(a_word_file("正文", extra=extra), DOCX)
    assert [remark.kind for remark in reading.remarks] == [kind]
    assert len(reading.text.splitlines()) == 2


def test_comments_of_a_word_file_are_told_and_read():
    comments = f"<w:comments {WORD}><w:comment><w:p><w:r><w:t>此处13900001111</w:t></w:r></w:p></w:comment></w:comments>"
    reading, _ = prepare(a_word_file(parts={"word/comments.xml": comments}), DOCX)
    assert [remark.kind for remark in reading.remarks] == [RemarkKind.COMMENTS]
    assert "13900001111" in reading.text
    assert kinds_of(a_word_file(parts={"word/comments.xml": f"<w:comments {WORD}/>"}), DOCX) == []


def test_what_a_workbook_hides_is_told_and_read():
    reading, _ = prepare(a_workbook_file(("王某", "13900001111"), hidden_sheet="底稿"), XLSX)
    (remark,) = reading.remarks
    assert (remark.kind, remark.detail) == (RemarkKind.HIDDEN_SHEETS, "底稿")
    assert reading.text == "王某\t13900001111"
    assert kinds_of(a_workbook_file(row_mark='hidden="1"'), XLSX) == [RemarkKind.HIDDEN_CELLS]
    assert kinds_of(a_workbook_file(parts={"xl/comments1.xml": "<x/>"}), XLSX) == [RemarkKind.COMMENTS]


def test_pages_without_text_are_named():
    (remark,) = prepare(a_pdf("Text", "", "Text", ""), PDF)[0].remarks
    assert (remark.kind, remark.detail) == (RemarkKind.NO_TEXT, "第 2、4 页")


def test_a_file_inside_a_pdf_and_a_note_on_it_are_told():
    names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array()))
    assert kinds_of(a_pdf(Names=names), PDF) == [RemarkKind.EMBEDDED_FILES]


@pytest.mark.parametrize(
    ("data", "form", "words"),
    [
        (b"%PDF-1.7\nnothing", PDF, "损坏"),
        (samples.PNG[:60], PNG, "损坏"),
        (samples.JPEG[:80], JPEG, "损坏"),
        (samples.DOCX[:200], DOCX, "损坏"),
        (a_zip({"word/document.xml": "<w:p"}), DOCX, "损坏"),
        (samples.OLE + bytes(100), DOC, "损坏"),
        (a_zip({"word/document.xml": "<x>" + " " * 70_000_000 + "</x>"}), DOCX, "太大"),
        (a_zip({f"word/{number}.xml": "<x/>" for number in range(10_001)}), DOCX, "太大"),
        (a_zip({"word/document.xml": "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"}), DOCX, "损坏"),
    ],
    ids=["pdf", "png", "jpeg", "zip", "xml", "ole", "bomb", "many parts", "outer entity"],
)  # fmt: skip
def test_hostile_and_broken_files_are_refused_in_words(data, form, words):
    with pytest.raises(BadInput, match=words):
        prepare(data, form)


def test_entities_that_multiply_are_refused():
    levels = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    with pytest.raises(BadInput):
        prepare(a_zip({"word/document.xml": f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]><x>&e9;</x>'}), DOCX)


def test_a_pdf_with_a_password_is_refused():
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(samples.PDF)) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(user="a", owner="b"))
    with pytest.raises(BadInput, match="密码"):
        prepare(buffer.getvalue(), PDF)


def test_a_pdf_that_unpacks_to_more_than_memory_breaks_only_its_reader():
    """Nested compression: 2 GB of blanks in a few kilobytes."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.obj.Contents = pdf.make_stream(b"")
        packed = _deflate(_deflate(b" " * 400_000_000))
        page.obj.Contents.write(packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]))
        buffer = io.BytesIO()
        pdf.save(buffer)
    assert len(buffer.getvalue()) < 500_000
    try:
        reading, _ = prepare(buffer.getvalue(), PDF)
    except BadInput:
        return
    assert reading.text == ""


def _deflate(data: bytes) -> bytes:
    return zlib.compress(data, 9)
