"""Read a file in a process of its own, with bounds of memory and time: one that was made to break its reader breaks only that.

The other process is `reader`: it takes the file on standard input and answers with a line of JSON and the public copy.
"""

import json
import subprocess
import sys

from gongkai.foundation.attachments.kinds import FileReading, Remark, RemarkKind
from gongkai.lib.errors import BadInput

SECONDS = 60
READER = "gongkai.foundation.attachments.reader"
UNREADABLE = "这个 PDF 文件检查不了（太复杂或已损坏）。请用原来的软件重新导出，或拆成几个文件再传。"


def prepare_apart(data: bytes) -> tuple[FileReading, bytes]:
    """As `portable_documents.prepare`, in another process. Raises: BadInput, also when that process died or took too long."""
    try:
        done = subprocess.run([sys.executable, "-m", READER], input=data, capture_output=True, timeout=SECONDS + 5, check=False)  # noqa: S603 — our own module
    except subprocess.TimeoutExpired as error:
        raise BadInput(UNREADABLE, field="file") from error
    head, _, copy = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise BadInput(UNREADABLE, field="file")
    answer = json.loads(head)
    if "refused" in answer:
        raise BadInput(answer["refused"], field="file")
    remarks = tuple(Remark(RemarkKind(remark["kind"]), remark["detail"]) for remark in answer["remarks"])
    return FileReading(answer["text"], remarks), copy
