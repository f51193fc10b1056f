"""The copy that citizens get (公开副本): the file without what its programs noted about people, machines and moments. Pure.

What the file says is compared before and after: page by page, part by part, point by point. A file that carries an electronic signature
is not changed, because the signature would no longer hold: its remark tells the reviewer.
"""

import io
import re

import olefile

from gongkai.foundation.attachments import pictures
from gongkai.foundation.attachments.kinds import RemarkKind
from gongkai.foundation.attachments.packages import Package
from gongkai.foundation.attachments.reading import read_file
from gongkai.foundation.attachments.rules import DOC, DOCX, JPEG, OFD, PNG, XLS, XLSX, FileFormat
from gongkai.lib.errors import BadInput

NOT_THE_SAME = "去掉文件属性以后，内容和原件对不上，所以没有收。请用原来的软件另存一次，或者转成 PDF 再传。"

# The root stays with its namespaces, everything in it goes.
PROPERTIES = re.compile(rb"(<(?:\w+:)?(?:coreProperties|Properties)\b[^>]*?)/?>.*", re.DOTALL)
DROPPED = re.compile(r"docProps/(?!core\.xml$|app\.xml$).+|word/people\.xml|xl/persons/.+|customXml/.+")
DROPPED_REFERENCES = re.compile(
    rb"<(?:Relationship|Override)\b[^>]*(?:Target|PartName)=\"/?(?:\.\./)*"
    rb"(?:docProps/(?!core\.xml|app\.xml)|(?:word/)?people\.xml|(?:xl/)?persons/|customXml/)"
    rb"[^>]*?(?:/>|>\s*</(?:Relationship|Override)>)"
)
# Where the program keeps the path of the file, the template or the last person: none of it is shown.
INSIDE = rb"(?:(?!</mc:AlternateContent>).)*"
ABSOLUTE_PATH = re.compile(rb"<mc:AlternateContent\b" + INSIDE + b"absPath" + INSIDE + b"</mc:AlternateContent>", re.DOTALL)
ATTRIBUTES = re.compile(rb"\s(?:userName|w:author|w:initials|lastEdited\w*)=\"[^\"]*\"")
TEMPLATE = re.compile(rb"(<Relationship\b(?=[^>]*attachedTemplate)[^>]*?Target=\")[^\"]*(\")")
OFD_INFO = re.compile(
    rb"<(\w+:)?(Author|Creator|CreatorVersion|CreationDate|ModDate|Keywords|Subject|Abstract|CustomDatas)\b[^>]*?(?:/>|>.*?</(?:\w+:)?\2>)",
    re.DOTALL,
)
SUMMARIES = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")


def strip_file(data: bytes, form: FileFormat) -> bytes:
    """The public copy of a file that is no PDF (去除文件属性). Raises: BadInput when it cannot be read or would not be the same."""
    if form in (DOCX, XLSX):
        return _compared(data, _strip_office(data), form)
    if form is OFD:
        return _strip_ofd(data)
    if form in (DOC, XLS):
        return _strip_compound(data)
    if form is PNG:
        return _compared_points(data, pictures.strip_png(data))
    if form is JPEG:
        stripped = pictures.strip_jpeg(data)
        # A picture that was turned is written anew: its points are as good as the same, and not the same.
        return _compared_points(data, stripped) if pictures.is_upright(data) else stripped
    return data


def _strip_office(data: bytes) -> bytes:
    return Package(data).write(_change_office)


def _change_office(name: str, content: bytes) -> bytes | None:
    if DROPPED.fullmatch(name):
        return None
    if name in {"docProps/core.xml", "docProps/app.xml"}:
        return PROPERTIES.sub(rb"\1/>", content)
    if name.endswith(".rels") or name == "[Content_Types].xml":
        return TEMPLATE.sub(rb"\1Normal.dotm\2", DROPPED_REFERENCES.sub(b"", content))
    if name in {"xl/workbook.xml", "word/settings.xml"}:
        return ATTRIBUTES.sub(b"", ABSOLUTE_PATH.sub(b"", content))
    if name.endswith(".png") and content.startswith(b"\x89PNG"):
        return pictures.strip_png(content)
    if name.endswith((".jpg", ".jpeg")) and content.startswith(b"\xff\xd8"):
        return _strip_inner_jpeg(content)
    return content


def _strip_inner_jpeg(content: bytes) -> bytes:
    stripped = pictures.strip_jpeg(content)
    # Word turns pictures by itself: one that we would turn stays as it lies, and loses nothing else either.
    return stripped if pictures.list_points(stripped) == pictures.list_points(content) else content


def _strip_ofd(data: bytes) -> bytes:
    if any(remark.kind is RemarkKind.SIGNED for remark in read_file(data, OFD).remarks):
        return data
    stripped = Package(data).write(lambda name, content: OFD_INFO.sub(b"", content) if name == "OFD.xml" else content)
    return _compared(data, stripped, OFD)


def _strip_compound(data: bytes) -> bytes:
    """The two streams of properties become empty sets of the same length; every other stream stays as it was."""
    buffer = io.BytesIO(data)
    try:
        with olefile.OleFileIO(buffer, write_mode=True) as file:
            for name in SUMMARIES:
                if file.exists(name):
                    file.write_stream(name, _empty_properties(file.openstream(name).read()))
            stripped = buffer.getvalue()
        is_same = _list_streams(data) == _list_streams(stripped)
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise BadInput("文件损坏了，打不开。请用原来的软件另存一次再传。", field="file") from error
    if not is_same:
        raise BadInput(NOT_THE_SAME, field="file")
    return stripped


def _empty_properties(stream: bytes) -> bytes:
    """A set of no properties (MS-OLEPS): head with one section, where it lies, its length of eight and a count of nought."""
    head = stream[:24].ljust(24, b"\0") + (1).to_bytes(4, "little") + stream[28:44].ljust(16, b"\0") + (48).to_bytes(4, "little")
    return (head + (8).to_bytes(4, "little") + bytes(4)).ljust(len(stream), b"\0")[: len(stream)]


def _list_streams(data: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir() if path[-1] not in SUMMARIES}


def _compared(before: bytes, after: bytes, form: FileFormat) -> bytes:
    if read_file(before, form) != read_file(after, form):
        raise BadInput(NOT_THE_SAME, field="file")
    return after


def _compared_points(before: bytes, after: bytes) -> bytes:
    if pictures.list_points(before) != pictures.list_points(after):
        raise BadInput(NOT_THE_SAME, field="file")
    return after
