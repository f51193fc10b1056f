"""What stands in a file (附件内容): its text, and what a reader would not see but a finder would. Pure: bytes in, facts out.

Read so that the gate can look into files before they are public. PDF files are read by libraries in C, therefore in a process of their own
(see apart); the others are packages of XML that the standard library reads with bounds.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from gongkai.foundation.attachments.kinds import FileReading, Remark, RemarkKind
from gongkai.foundation.attachments.packages import Package
from gongkai.foundation.attachments.rules import CSV, DOC, DOCX, OFD, TEXT, XLS, XLSX, FileFormat

LONGEST = 2_000_000
"""Characters of a file that are kept for the gate. A longer text is not read to its end, and says so."""

TRACKED = {"ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"}
OFF = {"0", "false", "off"}
WORD_TEXTS = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
SHEET_COMMENTS = re.compile(r"xl/(?:comments[^/]*|threadedComments/[^/]+)\.xml")


def read_file(data: bytes, form: FileFormat) -> FileReading:
    """Text and remarks of a file that is no PDF (附件内容). Raises: BadInput when it cannot be read or unpacks to something huge."""
    if form in (TEXT, CSV):
        return FileReading(_cut(decode(data)), ())
    if form is DOCX:
        return _read_word(Package(data))
    if form is XLSX:
        return _read_workbook(Package(data))
    if form is OFD:
        return _read_ofd(Package(data))
    if form in (DOC, XLS):
        return FileReading("", (Remark(RemarkKind.OLD_FORMAT),))
    return FileReading("", ())


def decode(data: bytes) -> str:
    """Plain text in one of the two encodings that are taken."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def name_of(element: ET.Element) -> str:
    """The name of an element without its namespace: two standards have the same elements under different ones."""
    return element.tag.rpartition("}")[2]


def _text_of(element: ET.Element, name: str) -> str:
    return "".join(part.text or "" for part in element.iter() if name_of(part) == name)


def _read_word(package: Package) -> FileReading:
    lines: list[str] = []
    kinds = set()
    for name in package.list_names(WORD_TEXTS):
        for element in package.iterate(name):
            kind = name_of(element)
            if kind == "p":
                lines.append("".join(part.text or "" for part in element.iter() if name_of(part) in {"t", "delText"}))
            elif kind in TRACKED:
                kinds.add(RemarkKind.TRACKED_CHANGES)
            elif kind == "comment":
                kinds.add(RemarkKind.COMMENTS)
            elif kind == "vanish" and not OFF & set(element.attrib.values()):
                kinds.add(RemarkKind.HIDDEN_TEXT)
    if package.list_names(re.compile(r"word/embeddings/.+")):
        kinds.add(RemarkKind.EMBEDDED_FILES)
    return FileReading(_cut("\n".join(lines)), _in_order(kinds))


def _read_workbook(package: Package) -> FileReading:
    remarks = []
    sheets = [element for element in package.iterate("xl/workbook.xml") if name_of(element) == "sheet"]
    hidden = [sheet.get("name", "") for sheet in sheets if sheet.get("state", "visible") != "visible"]
    if hidden:
        remarks.append(Remark(RemarkKind.HIDDEN_SHEETS, "、".join(hidden)))
    shared = list(_list_shared(package))
    lines: list[str] = []
    has_hidden = False
    for name in package.list_names(SHEETS):
        for element in package.iterate(name):
            if name_of(element) in {"row", "col"} and element.get("hidden") in {"1", "true"}:
                has_hidden = True
            if name_of(element) == "row":
                lines.append("\t".join(_cell(cell, shared) for cell in element if name_of(cell) == "c"))
                element.clear()
    if has_hidden:
        remarks.append(Remark(RemarkKind.HIDDEN_CELLS))
    if package.list_names(SHEET_COMMENTS):
        remarks.append(Remark(RemarkKind.COMMENTS))
    if package.list_names(re.compile(r"xl/embeddings/.+")):
        remarks.append(Remark(RemarkKind.EMBEDDED_FILES))
    return FileReading(_cut("\n".join(lines)), tuple(remarks))


def _list_shared(package: Package) -> Iterator[str]:
    if package.has("xl/sharedStrings.xml"):
        for element in package.iterate("xl/sharedStrings.xml"):
            if name_of(element) == "si":
                yield _text_of(element, "t")


def _cell(cell: ET.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text_of(cell, "t")
    value = _text_of(cell, "v")
    if cell.get("t") == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    return value


def _read_ofd(package: Package) -> FileReading:
    lines = []
    kinds = set()
    for name in package.list_names(re.compile(r".*\.xml")):
        if name.endswith("Signatures.xml"):
            kinds.add(RemarkKind.SIGNED)
        elif name.endswith("Attachments.xml"):
            kinds.add(RemarkKind.EMBEDDED_FILES)
        elif name.endswith("Content.xml"):
            lines.append("\n".join(element.text or "" for element in package.iterate(name) if name_of(element) == "TextCode"))
    if not any(lines):
        kinds.add(RemarkKind.NO_TEXT)
    return FileReading(_cut("\n".join(lines)), _in_order(kinds))


def _in_order(kinds: set[RemarkKind]) -> tuple[Remark, ...]:
    return tuple(Remark(kind) for kind in RemarkKind if kind in kinds)


def _cut(text: str) -> str:
    # NUL is no character of a text column.
    return text.replace("\0", "\ufffd")[:LONGEST]
