import io
import zipfile

from gongkai.foundation.attachments import api as attachments

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(16)
TEXT = "关于征收土地的公告。\n".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOC = OLE + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(40)
XLS = OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(48)


def a_package(*names: str) -> bytes:
    """A zip with parts of these names."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name in names:
            package.writestr(name, "<x/>")
    return content.getvalue()


DOCX = a_package("[Content_Types].xml", "word/document.xml")
XLSX = a_package("[Content_Types].xml", "xl/workbook.xml")
OFD = a_package("OFD.xml", "Doc_0/Document.xml")


def an_attachment(*, unit_id, actor, now, name="补偿方案.pdf", data=PDF):
    """A stored file. The test has to ask for `sealed_root`."""
    return attachments.store(name=name, data=data, unit_id=unit_id, actor=actor, now=now)
