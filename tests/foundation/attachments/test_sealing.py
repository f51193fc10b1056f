import os
import resource
import signal
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from gongkai.foundation.attachments import sealing
from gongkai.lib.errors import ActNotPossible
from tests.factories.attachments import PDF

NOBODY = 65534


@contextmanager
def as_somebody_without_rights():
    """Root may write everywhere: step down while it is tried."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def disk_full_after(size: int):
    """Files cannot grow beyond this, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def everything_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_sealed_file_is_readable_only_by_ourselves(tmp_path):
    sealing.seal(tmp_path / "sealed", "ab/abc", PDF)
    file = tmp_path / "sealed/ab/abc"

    assert file.read_bytes() == PDF
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert file.parent.parent.stat().st_mode & 0o777 == 0o700


def test_sealing_the_same_content_again_leaves_the_file_alone(tmp_path):
    sealing.seal(tmp_path, "ab/abc", PDF)
    before = (tmp_path / "ab/abc").stat()
    sealing.seal(tmp_path, "ab/abc", PDF)

    assert (tmp_path / "ab/abc").stat().st_ino == before.st_ino


def test_a_damaged_original_is_mended_when_its_content_comes_again(tmp_path):
    sealing.seal(tmp_path, "ab/abc", PDF)
    (tmp_path / "ab/abc").write_bytes(b"x" * len(PDF))
    sealing.seal(tmp_path, "ab/abc", PDF)

    assert (tmp_path / "ab/abc").read_bytes() == PDF


def test_a_folder_that_cannot_be_written_is_refused_in_words_and_left_as_it_was(tmp_path):
    root = tmp_path / "sealed"
    root.mkdir()
    root.chmod(0o555)
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        parent.chmod(0o755)
    with as_somebody_without_rights(), pytest.raises(ActNotPossible, match="写不进去，文件没有保存"):
        sealing.seal(root, "ab/abc", PDF)

    assert list(root.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused_in_words(tmp_path):
    (tmp_path / "sealed").write_text("in the way")
    with pytest.raises(ActNotPossible, match="写不进去"):
        sealing.seal(tmp_path / "sealed", "ab/abc", PDF)


def test_a_disk_that_fills_up_leaves_nothing_half_done(tmp_path):
    with disk_full_after(1000), pytest.raises(ActNotPossible, match="写不进去"):
        sealing.seal(tmp_path, "ab/abc", bytes(5000))

    assert everything_below(tmp_path) == []


def test_a_disk_that_fills_up_leaves_the_old_public_copy(tmp_path):
    target = tmp_path / "files/a.pdf"
    sealing.write_copy(target, PDF)
    with disk_full_after(1000), pytest.raises(ActNotPossible, match="公开副本写不进"):
        sealing.write_copy(target, bytes(5000))

    assert target.read_bytes() == PDF
    assert everything_below(tmp_path) == [target]


def test_a_public_copy_can_be_read_by_the_web_server(tmp_path):
    before = os.umask(0o077)
    try:
        sealing.write_copy(tmp_path / "files/a.pdf", PDF)
    finally:
        os.umask(before)

    assert (tmp_path / "files/a.pdf").stat().st_mode & 0o777 == 0o644


def test_an_original_that_is_not_what_was_stored_is_not_given_out(tmp_path):
    sealing.seal(tmp_path, "ab/abc", PDF)

    assert sealing.read_sealed(tmp_path, "ab/abc", sha256(PDF).hexdigest()) == PDF
    with pytest.raises(ActNotPossible, match="缺失或损坏"):
        sealing.read_sealed(tmp_path, "ab/abc", sha256(b"other").hexdigest())
    with pytest.raises(ActNotPossible, match="缺失或损坏"):
        sealing.read_sealed(tmp_path, "ab/missing", sha256(PDF).hexdigest())
