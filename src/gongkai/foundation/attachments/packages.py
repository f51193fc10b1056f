"""Zip packages of XML, as Word, Excel and OFD files are, read and written again with bounds."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from gongkai.lib.errors import BadInput

LARGEST_XML = 64 * 1024 * 1024
LARGEST_WHOLE = 400 * 1024 * 1024
MOST_PARTS = 10_000
DAMAGED = "文件损坏了，打不开。请用原来的软件另存一次再传。"
HUGE = "文件解开以后太大，不能检查。请拆成几个文件再传。"
FAULTS = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, struct.error, KeyError)


class Package:
    """The parts of a package (文件包), whole in memory. What unpacks to more than the bounds is refused. Raises: BadInput."""

    def __init__(self, data: bytes) -> None:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                infos = package.infolist()
                # The sizes are what the file itself says; a lie is a fault when the part is read.
                if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_WHOLE:
                    raise BadInput(HUGE, field="file")
                self.parts = {info.filename: package.read(info) for info in infos if not info.is_dir()}
        except FAULTS as error:
            raise BadInput(DAMAGED, field="file") from error

    def has(self, name: str) -> bool:
        """Whether a part is there."""
        return name in self.parts

    def list_names(self, pattern: re.Pattern[str]) -> list[str]:
        """Names of the parts that match wholly, in their order."""
        return [name for name in self.parts if pattern.fullmatch(name)]

    def iterate(self, name: str) -> Iterator[ET.Element]:
        """The elements of an XML part, each when it is complete. Nothing outside the part is ever read. Raises: BadInput."""
        if len(self.parts.get(name, b"")) > LARGEST_XML:
            raise BadInput(HUGE, field="file")
        try:
            # The parser of the standard library refuses entities that multiply and opens no outer ones.
            for _, element in ET.iterparse(io.BytesIO(self.parts[name])):  # noqa: S314
                yield element
        except (ET.ParseError, KeyError) as error:
            raise BadInput(DAMAGED, field="file") from error

    def write(self, change: Callable[[str, bytes], bytes | None]) -> bytes:
        """The package again, every part as `change` gives it, without those it gives None for; no moments in it."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self.parts.items():
                changed = change(name, content)
                if changed is not None:
                    info = zipfile.ZipInfo(name)
                    # A mimetype part has to be readable as it lies there.
                    info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                    package.writestr(info, changed)
        return buffer.getvalue()
