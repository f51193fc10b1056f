"""The process that reads one PDF file from standard input, see apart. It has bounds of its own and nothing of Django."""

import json
import resource
import sys
from dataclasses import asdict

from gongkai.foundation.attachments.apart import SECONDS
from gongkai.foundation.attachments.portable_documents import prepare
from gongkai.lib.errors import BadInput

MEMORY = 2 * 1024 * 1024 * 1024


def answer(data: bytes) -> bytes:
    """The line of JSON and the copy."""
    try:
        reading, copy = prepare(data)
    except BadInput as error:
        return json.dumps({"refused": str(error)}).encode() + b"\n"
    remarks = [asdict(remark) | {"kind": remark.kind.value} for remark in reading.remarks]
    # Half a surrogate pair, as broken files hold it, is no text.
    text = reading.text.encode("utf-8", "replace").decode()
    return json.dumps({"text": text, "remarks": remarks}).encode() + b"\n" + copy


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
