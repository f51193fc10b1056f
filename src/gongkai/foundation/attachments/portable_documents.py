"""PDF files: read, stripped, compared page by page. Called only in a process of its own (see apart): the libraries are C."""

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2

from gongkai.foundation.attachments.kinds import FileReading, Remark, RemarkKind
from gongkai.foundation.attachments.pictures import list_points, strip_jpeg
from gongkai.foundation.attachments.reading import LONGEST
from gongkai.foundation.attachments.stripping import NOT_THE_SAME
from gongkai.lib.errors import BadInput

DAMAGED = "PDF 文件损坏了，打不开。请用原来的软件重新导出再传。"
LOCKED = "PDF 加了打开密码，市民打不开。请取消密码、另存一次再传。"
MOST_PAGES = 5_000
COMMENTING = {"/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Caret", "/Ink", "/Popup", "/Redact"}
NOTED = ("/Metadata", "/PieceInfo", "/LastModified", "/Thumb")
ACTING = ("/OpenAction", "/AA", "/Perms")


def prepare(data: bytes) -> tuple[FileReading, bytes]:
    """What a PDF says, with its remarks, and its public copy (读取并去除属性). Raises: BadInput."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            if pages == 0:
                raise BadInput(DAMAGED, field="file")
            if pages > MOST_PAGES:
                raise BadInput(f"PDF 有 {pages:,} 页，最多 {MOST_PAGES:,} 页。请拆成几个文件再传。", field="file")
            kinds = set(_list_kinds(pdf))
            texts = _list_texts(data)
            copy = data if RemarkKind.SIGNED in kinds else _strip(pdf)
    except pikepdf.PasswordError as error:
        raise BadInput(LOCKED, field="file") from error
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, KeyError, IndexError) as error:
        raise BadInput(DAMAGED, field="file") from error
    if _list_texts(copy) != texts:
        raise BadInput(NOT_THE_SAME, field="file")
    return FileReading("\n".join(texts).replace("\0", "\ufffd")[:LONGEST], _remark(kinds, texts)), copy


def _remark(kinds: set[RemarkKind], texts: list[str]) -> tuple[Remark, ...]:
    remarks = [Remark(kind) for kind in RemarkKind if kind in kinds]
    silent = [str(number) for number, text in enumerate(texts, 1) if not text.strip()]
    if silent:
        shown = "、".join(silent[:5])
        remarks.append(Remark(RemarkKind.NO_TEXT, f"第 {shown} 页" + (f"等 {len(silent)} 页" if len(silent) > 5 else "")))
    return tuple(remarks)


def _list_texts(data: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [_text_of(document, number) for number in range(len(document))]
    finally:
        document.close()


def _text_of(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            return str(text.get_text_range())
        finally:
            text.close()
    finally:
        page.close()


def _list_kinds(pdf: pikepdf.Pdf) -> Iterator[RemarkKind]:
    names = pdf.Root.get("/Names")
    if names is not None and "/EmbeddedFiles" in names:
        yield RemarkKind.EMBEDDED_FILES
    form = pdf.Root.get("/AcroForm")
    if form is not None and int(form.get("/SigFlags", 0)) & 1:
        yield RemarkKind.SIGNED
    for page in pdf.pages:
        for note in page.obj.get("/Annots", pikepdf.Array()):
            kind = str(note.get("/Subtype", ""))
            if kind in COMMENTING:
                yield RemarkKind.COMMENTS
            if kind == "/FileAttachment":
                yield RemarkKind.EMBEDDED_FILES
            if note.get("/FT") == pikepdf.Name.Sig and "/V" in note:
                yield RemarkKind.SIGNED


def _strip(pdf: pikepdf.Pdf) -> bytes:
    """Written anew: what older versions of the file held, and what nothing refers to, is gone as well."""
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for key in ACTING:
        if key in pdf.Root:
            del pdf.Root[key]
    if "/Names" in pdf.Root and "/JavaScript" in pdf.Root.Names:
        del pdf.Root.Names["/JavaScript"]
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            for key in NOTED:
                if key in item:
                    del item[key]
        if isinstance(item, pikepdf.Stream) and item.get("/Filter") == pikepdf.Name.DCTDecode:
            _strip_picture(item)
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _strip_picture(stream: pikepdf.Stream) -> None:
    before = stream.read_raw_bytes()
    try:
        after = strip_jpeg(before)
        is_same = list_points(before) == list_points(after)
    except BadInput:
        return
    if is_same:
        stream.write(after, filter=pikepdf.Name.DCTDecode)
