import io
import re
import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from gongkai.lib.errors import BadInput

LARGEST = 20 * 1024 * 1024
NAME_LENGTH = 200
MACROS = "文件里有宏，不能公开。请另存为不含宏的文件再传。"
NAMELESS = "附件要有文件名，请改好文件名再传。"

FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
"""What Windows does not take in a file name: whoever saves the file would get another name than the one he sees."""

DEVICE_NAME = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
ENDING = re.compile(r"\.([A-Za-z][A-Za-z0-9]{0,7}|7z)$")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd]")
"""Characters that no text holds. Tab, line feed, carriage return and form feed are left."""

OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_HEAD = b"PK\x03\x04"


@dataclass(frozen=True)
class FileFormat:
    """One kind of file that may be attached (附件格式). The first of `endings` is the one we write."""

    endings: tuple[str, ...]
    media_type: str
    label: str


PDF = FileFormat(("pdf",), "application/pdf", "PDF")
OFD = FileFormat(("ofd",), "application/ofd", "OFD 版式文件")
DOCX = FileFormat(("docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文档")
XLSX = FileFormat(("xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 表格")
DOC = FileFormat(("doc",), "application/msword", "Word 97 文档")
XLS = FileFormat(("xls",), "application/vnd.ms-excel", "Excel 97 表格")
PNG = FileFormat(("png",), "image/png", "PNG 图片")
JPEG = FileFormat(("jpg", "jpeg"), "image/jpeg", "JPEG 图片")
TEXT = FileFormat(("txt",), "text/plain", "文本")
CSV = FileFormat(("csv",), "text/csv", "CSV 表格")

FORMATS = (PDF, OFD, DOCX, XLSX, DOC, XLS, PNG, JPEG, TEXT, CSV)
BY_ENDING = {ending: form for form in FORMATS for ending in form.endings}
BY_MEDIA_TYPE = {form.media_type: form for form in FORMATS}
ACCEPTED = "PDF、OFD、Word、Excel、PNG、JPEG、TXT、CSV"

HEADS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("OFD.xml", OFD))
OFFICE_PARTS = {"[Content_Types].xml", "mimetype"}
STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS))


def check_size(size: int) -> None:
    """Refuse what is empty or too big (大小). `size` in bytes. Raises: BadInput."""
    if size == 0:
        raise BadInput("这是一个空文件，请核对后重新选择。", field="file")
    if size > LARGEST:
        largest = LARGEST // 1024 // 1024
        raise BadInput(f"文件有 {size / 1024 / 1024:.1f} MB，最大 {largest} MB。请压缩图片或拆成几个文件再传。", field="file")


def tidy_name(name: str) -> str:
    """The name of a file without path, invisible characters and what a file name cannot hold (文件名).

    Marks that turn the direction of writing are dropped: with them `…fdp.exe` reads as `…exe.pdf`. Raises: BadInput.
    """
    name = unicodedata.normalize("NFC", name)
    name = "".join(" " if character in "\t\n\r\u2028\u2029" else character for character in name)
    name = "".join(character for character in name if unicodedata.category(character) not in {"Cc", "Cf", "Cs"})
    name = re.split(r"[/\\]", name)[-1].translate(FORBIDDEN)
    name = re.sub(r"\s+", " ", name).strip(" .")
    if not name.strip("_"):
        raise BadInput(NAMELESS, field="file")
    if DEVICE_NAME.match(name):
        name = f"_{name}"
    if len(name) > NAME_LENGTH:
        raise BadInput(f"文件名有 {len(name)} 个字，最多 {NAME_LENGTH} 个字，请改短再传。", field="file")
    return name


def name_file(name: str, form: FileFormat) -> str:
    """The tidied name with an ending that says what the content is (文件名). One without ending gets it.

    Raises: BadInput when the ending says something else, or something that is not taken.
    """
    found = ENDING.search(name)
    if found is None:
        named = f"{name}.{form.endings[0]}"
        if len(named) > NAME_LENGTH:
            raise BadInput(f"文件名太长，加上“.{form.endings[0]}”超过 {NAME_LENGTH} 个字，请改短再传。", field="file")
        return named
    ending = found[1].lower()
    if ending in form.endings:
        return name
    claimed = BY_ENDING.get(ending)
    if claimed is None:
        raise BadInput(f"不收“.{ending}”文件，请转成 {ACCEPTED} 中的一种再传。", field="file")
    raise BadInput(
        f"文件名写的是“.{ending}”（{claimed.label}），内容却是{form.label}。请用原来的软件另存一次，或改对文件名再传。", field="file"
    )


def tell_format(data: bytes, name: str) -> FileFormat:
    """What the content is (附件格式), by the content itself; the name only parts a table from other text. Raises: BadInput."""
    for head, form in HEADS:
        if data.startswith(head):
            return form
    if data.startswith(ZIP_HEAD):
        return _tell_package(data)
    if data.startswith(OLE_HEAD):
        return _tell_compound(data)
    if _is_text(data):
        return CSV if name.lower().endswith(".csv") else TEXT
    raise BadInput(f"认不出这个文件的内容，只收 {ACCEPTED}。文件可能损坏了，请用原来的软件打开、另存一次再传。", field="file")


def tell_media_type(*, name: str, data: bytes) -> str:
    """The media type of some content (类型), told by the content itself. Raises: BadInput for what is not taken at all."""
    return tell_format(data, tidy_name(name)).media_type


def _tell_package(data: bytes) -> FileFormat:
    """A zip: Word, Excel and OFD files are such packages. Only the list of its parts is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, struct.error):
        raise BadInput("文件损坏了，打不开。请用原来的软件另存一次再传。", field="file") from None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadInput(MACROS, field="file")
    for part, form in PARTS:
        if part in names:
            return form
    if OFFICE_PARTS & names:
        raise BadInput(f"不收这种文件，请转成 {ACCEPTED} 中的一种再传。", field="file")
    raise BadInput(f"不收压缩包：里面的文件要一个一个传，格式为 {ACCEPTED}。", field="file")


def _tell_compound(data: bytes) -> FileFormat:
    """A compound file: old Word and Excel files are such. Names of its streams stand in it as UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise BadInput("文件加了打开密码，市民打不开。请取消密码、另存一次再传。", field="file")
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise BadInput(MACROS, field="file")
    for stream, form in STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return form
    raise BadInput(f"认不出这个文件的内容，只收 {ACCEPTED}。", field="file")


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return CONTROL.search(text) is None
    return False


def label_media_type(media_type: str) -> str:
    """What people call a kind of file (格式名)."""
    form = BY_MEDIA_TYPE.get(media_type)
    return form.label if form else media_type


def public_name(uuid: UUID, name: str) -> str:
    """The file name in a public address (公开文件名): short, plain ASCII, different for every file, the same for ever.

    It is not the clerk's name for the file: that one may be long, may occur twice under one text and may name a person.
    """
    return f"{uuid.hex[:16]}{PurePosixPath(name).suffix.lower()}"


def sealed_path(sha256: str) -> str:
    """Where an original lies below the sealed folder (封存位置)."""
    return f"{sha256[:2]}/{sha256}"
