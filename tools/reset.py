"""`make reset`: throw the data folder `var` away, unless a running `gongkai run` still works in it.

Runs on the machine's own Python. `gongkai.config.run` holds the lock as long as its servers run; the kernel lets go of it however they end.
"""

import fcntl
import shutil
import sys
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"
LOCK = "running.lock"
"""The file `gongkai run` locks in its data folder; it holds the number of its process."""


def reset(folder: Path) -> int:
    """Remove the folder. Returns the exit status: 0 it is gone, 1 a running system holds it or it cannot be removed."""
    if not folder.exists():
        return 0
    try:
        with (folder / LOCK).open("a+", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                number = lock.read().strip()
                return refuse(f"没有清空：先按 Ctrl+C 停掉正在运行的 make run{f'（进程 {number}）' if number else ''}，再 make reset。")
            # Under the lock: whoever starts meanwhile is refused, not surprised.
            shutil.rmtree(folder)
    except OSError as error:
        return refuse(f"没有清空：删不掉 {error.filename or folder}。请检查权限，再 make reset。")
    return 0


def refuse(words: str) -> int:
    """Say why nothing was removed."""
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(reset(VAR))
