"""Make the virtual environment: `environment.py run` with what the product needs, `environment.py dev` with what its tests need too.

Runs on the machine's own Python, before anything is installed. Does nothing when the locked requirements are those installed last.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# The second contains the first.
LOCKS = {"run": ["requirements.txt"], "dev": ["requirements-dev.txt", "requirements.txt"]}


def is_current(lock: str) -> bool:
    """Whether this lock is what was installed last."""
    stamp = VENV / f"installed-{lock}"
    return stamp.is_file() and stamp.read_bytes() == (ROOT / lock).read_bytes()


def ensure(purpose: str) -> int:
    """Install what is missing. Returns the exit status: 0 all there, 1 it cannot be done."""
    locks = LOCKS[purpose]
    if is_current(locks[0]) and (VENV / "bin/gongkai").is_file():
        return 0
    if sys.version_info < (3, 11):  # noqa: UP036 - this is the Python of the machine, not ours
        return refuse(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
    if not (VENV / "bin/pip").is_file():
        print("Making the virtual environment .venv", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode != 0:
            return refuse("The virtual environment cannot be made. On Debian: apt-get install python3-venv")
    print(f"Installing {locks[0]}", flush=True)
    # Twice quiet: warnings (about retries, about running as root) go, errors stay.
    pip = [str(VENV / "bin/pip"), "install", "--quiet", "--quiet", "--disable-pip-version-check"]
    for arguments in (["--require-hashes", "--requirement", locks[0]], ["--no-deps", "--no-build-isolation", "--editable", "."]):
        if subprocess.run([*pip, *arguments], cwd=ROOT, check=False).returncode != 0:
            return refuse("pip could not install everything; the reason stands above. Run the command again when it is mended.")
    for lock in locks:
        (VENV / f"installed-{lock}").write_bytes((ROOT / lock).read_bytes())
    return 0


def refuse(words: str) -> int:
    """Say why it cannot be done."""
    print(words, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(ensure(sys.argv[1]))
