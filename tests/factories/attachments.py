"""Files of every kind that is taken: small, whole, and with everything in them that a public copy must not have."""

import io
import struct
import zipfile
from collections.abc import Mapping

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gongkai.foundation.attachments import api as attachments

SECRET = "张三三@DESKTOP-0001"
"""What programs note about a person and his machine. It stands nowhere in what the files say."""

TEXT = "关于征收土地的公告。\n".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR = 512
END, FREE, FAT, NO_STREAM = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def a_pdf(*pages: str, author: str = "", **root: object) -> bytes:
    """A PDF with a line of plain ASCII on each page; `root` are entries of its catalogue."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))
        for line in pages or ("Notice 2026",):
            page = pdf.add_blank_page(page_size=(400, 400))
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.obj.Contents = pdf.make_stream(f"BT /F1 12 Tf 20 200 Td ({line}) Tj ET".encode() if line else b"")
        if author:
            pdf.docinfo["/Author"] = author
            with pdf.open_metadata() as metadata:
                metadata["dc:creator"] = [author]
        for key, value in root.items():
            pdf.Root[f"/{key}"] = value
        buffer = io.BytesIO()
        # The same bytes each time: equal files are recognised by their digest.
        pdf.save(buffer, deterministic_id=True, compress_streams=False)
    return buffer.getvalue()


def a_picture(form: str, *, orientation: int = 1) -> bytes:
    """A small picture with what a camera and a program write beside it."""
    picture = Image.new("RGB", (16, 8))
    picture.putdata([(place * 9 % 256, place * 5 % 256, place % 256) for place in range(128)])
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = "SECRET-EXIF", orientation
    notes = PngInfo()
    notes.add_text("Author", "SECRET-NOTE")
    buffer = io.BytesIO()
    options = {"pnginfo": notes} if form == "PNG" else {"quality": 90, "comment": b"SECRET-NOTE"}
    picture.save(buffer, form, exif=exif, **options)
    return buffer.getvalue()


def a_package(*names: str, **contents: str) -> bytes:
    """A zip with parts of these names."""
    return a_zip(dict.fromkeys(names, "<x/>") | contents)


def a_zip(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip with these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)
    return content.getvalue()


CORE = f'<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>{SECRET}</dc:creator></cp:coreProperties>'
CUSTOM = f"<Properties><property name='机器'>{SECRET}</property></Properties>"
TYPES = (
    '<Types xmlns="t"><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/docProps/custom.xml" ContentType="x"/><Override PartName="/docProps/core.xml" ContentType="y"/></Types>'
)
RELATIONS = (
    '<Relationships><Relationship Id="r1" Target="docProps/core.xml"/><Relationship Id="r2" Target="docProps/custom.xml"/>'
    '<Relationship Id="r3" Target="document"/></Relationships>'
)


def a_word_file(*paragraphs: str, extra: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file; `extra` is put behind the paragraphs as it is."""
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in paragraphs or ("补偿方案",))
    body = f'<w:document xmlns:w="urn:word"><w:body>{lines}{extra}</w:body></w:document>'
    known = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "docProps/core.xml": CORE, "docProps/custom.xml": CUSTOM}
    return a_zip(known | {"word/document.xml": body} | dict(parts or {}))


def a_workbook_file(*rows: tuple[str, ...], hidden_sheet: str = "", row_mark: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """An Excel file with one sheet of strings; `row_mark` are attributes of its rows."""
    sheet = "urn:sheet"
    cells = [text for row in rows or (("地块", "面积"),) for text in row]
    shared = "".join(f"<si><t>{text}</t></si>" for text in cells)
    numbers = iter(range(len(cells)))
    lines = "".join(
        f"<row {row_mark}>" + "".join(f'<c t="s"><v>{next(numbers)}</v></c>' for _ in row) + "</row>" for row in rows or (("地块", "面积"),)
    )
    hidden = f'<sheet name="{hidden_sheet}" state="hidden"/>' if hidden_sheet else ""
    absolute = f'<x15ac:absPath xmlns:x15ac="x" url="C:\\Users\\{SECRET}"/>'
    path = f'<mc:AlternateContent xmlns:mc="m"><mc:Choice>{absolute}</mc:Choice></mc:AlternateContent>'
    known = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "docProps/core.xml": CORE,
        "docProps/custom.xml": CUSTOM,
        "xl/workbook.xml": f'<workbook xmlns="{sheet}">{path}<sheets><sheet name="表一"/>{hidden}</sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{sheet}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{sheet}"><sheetData>{lines}</sheetData></worksheet>',
    }
    return a_zip(known | dict(parts or {}))


def an_ofd(*, text: str = "公告", is_signed: bool = False) -> bytes:
    """An OFD file."""
    info = f"<ofd:DocInfo><ofd:Author>{SECRET}</ofd:Author><ofd:Title>公告</ofd:Title></ofd:DocInfo>"
    parts = {
        "OFD.xml": f'<ofd:OFD xmlns:ofd="o"><ofd:DocBody>{info}</ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": '<ofd:Document xmlns:ofd="o"/>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page xmlns:ofd="o"><ofd:TextCode>{text}</ofd:TextCode></ofd:Page>',
    }
    return a_zip(parts | ({"Doc_0/Signs/Signatures.xml": '<ofd:Signatures xmlns:ofd="o"/>'} if is_signed else {}))


def a_compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (MS-CFB) with streams of at least 4,096 bytes each, as old Word and Excel files are."""
    content, chains, starts = b"", [], {}
    sector = 2  # one for the table of sectors, one for the folder
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // SECTOR) * SECTOR), b"\0")
        count = len(padded) // SECTOR
        starts[name] = (sector, len(padded))
        chains += [*range(sector + 1, sector + count), END]
        content += padded
        sector += count
    table = struct.pack(f"<{2 + len(chains)}I", FAT, END, *chains).ljust(SECTOR, b"\xff")
    entries = [_entry("Root Entry", 5, 1, END, 0, NO_STREAM)]
    names = list(starts)
    for place, name in enumerate(names):
        entries.append(_entry(name, 2, NO_STREAM, *starts[name], place + 2 if place + 1 < len(names) else NO_STREAM))
    folder = b"".join(entries).ljust(SECTOR, b"\0")
    head = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    return head + table + folder + content


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int) -> bytes:
    label = name.encode("utf-16-le")
    return (
        label.ljust(64, b"\0") + struct.pack("<HBB", len(label) + 2, kind, 1) + struct.pack("<III", NO_STREAM, right, child)
        + bytes(36) + struct.pack("<IQ", start, size)
    )  # fmt: skip


def _properties(text: str) -> bytes:
    return b"\xfe\xff" + bytes(22) + struct.pack("<I", 1) + b"F" * 16 + struct.pack("<I", 48) + text.encode("utf-8").ljust(200, b"\0")


PDF = a_pdf()
PNG = a_picture("PNG")
JPEG = a_picture("JPEG")
DOC = a_compound({"WordDocument": b"W" * 5000, "\x05SummaryInformation": _properties(SECRET)})
XLS = a_compound({"Workbook": b"X" * 5000})
DOCX = a_word_file()
XLSX = a_workbook_file()
OFD = an_ofd()


def an_attachment(*, unit_id, actor, now, name="补偿方案.pdf", data=PDF):
    """A stored file. The test has to ask for `sealed_root`."""
    return attachments.store(name=name, data=data, unit_id=unit_id, actor=actor, now=now)
