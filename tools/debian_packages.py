"""Install the Debian packages that tests and benchmarks need, those that are missing: `python -m tools.debian_packages chromium …`.

Root is needed only when something is missing; who is not root is told the line to run.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# A package is there when one of these is: another distribution's package, or one installed by hand, is as good.
SIGNS = {
    "chromium": ["chromium"],
    "fonts-noto-cjk": ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"],
    "postgresql": ["/usr/lib/postgresql/*/bin/initdb", "initdb"],
    "nginx-light": ["nginx", "/usr/sbin/nginx"],
    "wrk": ["wrk"],
}


def is_there(package: str) -> bool:
    """Whether what the package brings is on the machine."""
    for sign in SIGNS[package]:
        if sign.startswith("/"):
            if any(Path("/").glob(sign.removeprefix("/"))):
                return True
        elif shutil.which(sign):
            return True
    return False


def ensure(packages: Sequence[str]) -> int:
    """Install what is missing. Returns the exit status: 0 all there, 1 it cannot be done."""
    missing = [package for package in packages if not is_there(package)]
    if not missing:
        return 0
    line = f"apt-get install --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0:
        print(f"Missing Debian packages. Run as root, once:\n    {line}", file=sys.stderr)
        return 1
    print(f"Installing Debian packages: {' '.join(missing)}", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *missing]):
        done = subprocess.run(["apt-get", *arguments], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"{done.stdout}{done.stderr}\nNot installed. By hand: {line}", file=sys.stderr)
            return 1
    left = [package for package in missing if not is_there(package)]
    if left:
        print(f"Installed but not found: {' '.join(left)}", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(ensure(sys.argv[1:]))
