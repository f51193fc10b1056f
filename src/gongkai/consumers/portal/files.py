"""Files under the portal's folder: written beside and renamed, so that a reader gets the old one or the new one, never half of one."""

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

TEMPORARY = ".writing-"
"""Begins the name of a file that is not there yet. Such names are never served."""

CHUNK = 1 << 20


def hash_bytes(content: bytes) -> str:
    """Hash of a file's content, as the manifest keeps it."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str | None:
    """Hash of a file on disk, None when there is none."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    return digest.hexdigest()


def write_file(target: Path, content: bytes) -> None:
    """Put a file in its place (写页面). Whoever reads meanwhile, or after a crash at any moment, finds the old file or this one whole.

    Without fsync: a page that a power cut takes is rendered again, the check finds it by its hash.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{TEMPORARY}{uuid4().hex}")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def remove_file(root: Path, path: str) -> None:
    """Take a file away, and the folders that are empty without it."""
    target = root / path
    with suppress(FileNotFoundError, NotADirectoryError):
        target.unlink()
    folder = target.parent
    while folder != root and root in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def walk_files(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every file under a folder with what the disk says of it, links among them as what they are."""
    for folder, folders, names in os.walk(root):
        for name in (*names, *(name for name in folders if Path(folder, name).is_symlink())):
            path = Path(folder, name)
            with suppress(FileNotFoundError):
                yield path.relative_to(root).as_posix(), path.lstat()


def empty_folder(root: Path, folder: str, *, keep: Collection[str]) -> None:
    """Take away everything under a folder but some files of it (清空文件夹)."""
    for path, _ in list(walk_files(root / folder)):
        if f"{folder}/{path}" not in keep:
            remove_file(root, f"{folder}/{path}")
