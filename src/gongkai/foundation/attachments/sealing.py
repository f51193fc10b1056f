"""Files on the disk: the sealed originals and copies of them. Whatever stands under its final name is whole."""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from gongkai.lib.errors import ActNotPossible

FOLDER_MODE = 0o700
SEALED_MODE = 0o600
PUBLIC_MODE = 0o644
NOT_SEALED = "附件目录现在写不进去，文件没有保存。请系统管理员检查磁盘空间和目录权限，然后再传一次。"
NOT_COPIED = "附件的公开副本写不进门户目录。请系统管理员检查磁盘空间和目录权限，稍后会自动再试。"
NOT_REMOVED = "附件原件删不掉。请系统管理员检查附件目录的权限，稍后会自动再试。"
DAMAGED = "附件原件缺失或损坏，和上传时的校验值对不上。请系统管理员从备份恢复原件。"


def seal(root: Path, path: str, data: bytes) -> None:
    """Put an original into the sealed folder (封存), readable only by ourselves. What is there already and is the same stays.

    Raises: ActNotPossible when the folder cannot be written; then nothing was left behind.
    """
    target = root / path
    try:
        if _holds(target, data):
            return
        root.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        target.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
        _write(target, data, SEALED_MODE)
    except OSError as error:
        raise ActNotPossible(NOT_SEALED) from error


def read_sealed(root: Path, path: str, sha256: str) -> bytes:
    """The content of an original, compared with its digest. Raises: ActNotPossible when it is missing or not what was stored."""
    try:
        data = (root / path).read_bytes()
    except OSError as error:
        raise ActNotPossible(DAMAGED) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ActNotPossible(DAMAGED)
    return data


def remove(root: Path, path: str) -> None:
    """Take an original off the disk (清除原件), its folder too when nothing else lies there. One that is gone is gone.

    Raises: ActNotPossible when the folder cannot be written.
    """
    try:
        (root / path).unlink(missing_ok=True)
        if (root / path).parent.is_dir():
            _flush_folder((root / path).parent)
    except OSError as error:
        raise ActNotPossible(NOT_REMOVED) from error
    with suppress(OSError):
        (root / path).parent.rmdir()


def write_copy(target: Path, data: bytes) -> None:
    """Write a copy that citizens may read (公开副本), in one step: there is the old file or the new one, never half of it.

    Raises: ActNotPossible when it cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, data, PUBLIC_MODE)
    except OSError as error:
        raise ActNotPossible(NOT_COPIED) from error


def _holds(target: Path, data: bytes) -> bool:
    """Whether exactly this content stands there. A damaged file is written again: the right content is at hand."""
    return target.is_file() and target.stat().st_size == len(data) and target.read_bytes() == data


def _write(target: Path, data: bytes, mode: int) -> None:
    """Temporary file beside it, flushed to the disk, then renamed. Two writers of one content do not disturb each other."""
    temporary = target.parent / f".{uuid4().hex}.tmp"
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _flush_folder(target.parent)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _flush_folder(folder: Path) -> None:
    """The name too has to survive a power cut, not only the content."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
