"""Heads of the chain kept outside the database (另存链头): one line each, only added. Who cuts the chain has to reach this file too."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from gongkai.foundation.audit import api as audit
from gongkai.foundation.audit.kinds import Head
from gongkai.lib.errors import ActNotPossible, BadInput

TAIL = 4096
MODE = 0o600
UNREADABLE = "链头文件 {path} 读不出来：{why}。请系统管理员检查。"
UNWRITABLE = "链头写不进文件 {path}。请系统管理员检查磁盘空间和目录权限，好了会自动补上。"
AHEAD = "另存的链头到第 {kept} 行，库里的审计链只到第 {stored} 行：末尾被截，或装回了旧备份。请审计管理员核验（gongkai audit verify）。"


def keep_head(head: Head, at_system: datetime) -> bool:
    """Add the head to the file unless it is there (另存链头). Returns whether it was added.

    Raises: ActNotPossible when the file cannot be read or written, or knows of more links than there are.
    """
    path: Path = settings.AUDIT_ANCHORS
    kept = _last_position(path)
    if kept > head.position:
        raise ActNotPossible(AHEAD.format(kept=kept, stored=head.position))
    if kept == head.position:
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=MODE, exist_ok=True)
        # One short write to a file opened for appending: two workers do not mix their lines.
        with path.open("a", encoding="ascii") as file:
            file.write(audit.write_anchor(head, at_system))
    except OSError as error:
        raise ActNotPossible(UNWRITABLE.format(path=path)) from error
    return True


def read_all(path: Path | None = None) -> dict[int, str]:
    """Every head that was kept (链头). Raises: ActNotPossible, in words, for a file that cannot be read."""
    path = path or settings.AUDIT_ANCHORS
    try:
        return audit.read_anchors(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ActNotPossible(UNREADABLE.format(path=path, why=error)) from error


def read_head(text: str) -> dict[int, str]:
    """A head written down by a person, `1204:9f…` (抄下来的链头). Raises: BadInput."""
    position, _, digest = text.partition(":")
    try:
        return audit.read_anchors(f"{int(position)} {digest.strip().lower()}")
    except ValueError as error:
        raise BadInput("链头要写成“位置:摘要”，摘要是 64 位十六进制数，例如核验时打印的那一行。") from error


def _last_position(path: Path) -> int:
    """The furthest position of the last lines; 0 where there is no file yet."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            # Where the reading begins in the middle of a line, that line is none.
            lines = file.read().decode("ascii", "replace").splitlines()[-20:]
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise ActNotPossible(UNREADABLE.format(path=path, why=error.strerror)) from error
    return max((int(line.split()[0]) for line in lines if len(line.split()) == 3 and line.split()[0].isdigit()), default=0)
