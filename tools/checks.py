"""Everything that has to hold: `python -m tools.checks all` (make test) or `quick` (make quick).

Every check runs even when one before it failed; what failed stands at the end, and the exit status says so.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools import debian_packages, private_postgresql

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv/bin"
CACHE = ROOT / ".cache"
PACKAGES = ["chromium", "fonts-noto-cjk", "postgresql", "nginx-light"]


@dataclass(frozen=True)
class Check:
    """One check. `is_shown`: its output is read while it runs; else only when it fails."""

    name: str
    arguments: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_shown: bool = False


STATIC = [
    Check("ruff check", [f"{BIN}/ruff", "check", "--quiet", "."]),
    Check("ruff format", [f"{BIN}/ruff", "format", "--check", "--quiet", "."]),
    Check("import contracts", [f"{BIN}/lint-imports", "--cache-dir", f"{CACHE}/import_linter"], {"PYTHONPATH": "src:."}),
    Check("templates", [f"{BIN}/djlint", "src", "--lint", "--quiet"]),
    Check("migrations", [f"{BIN}/python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    Check("links of the documents", [f"{BIN}/python", "-m", "tools.doc_links"]),
    Check("types", [f"{BIN}/mypy", "--cache-dir", f"{CACHE}/mypy", "src", "tools", "bench", "tests"]),
]
PYTEST = [f"{BIN}/python", "-m", "pytest"]
COVERAGE = ["--cov", "--cov-branch", "--cov-report=term:skip-covered"]
QUICK = [*STATIC, Check("rules, without a database", [*PYTEST, "--without-database"], is_shown=True)]
ON_SQLITE = [
    Check("tests on SQLite", [*PYTEST, "-m", "not journey", *COVERAGE], is_shown=True),
    Check("journeys on SQLite", [*PYTEST, "-m", "journey", "tests/journeys"], is_shown=True),
]


def on_postgresql(address: str) -> list[Check]:
    """The same tests on PostgreSQL, and those that only it can run."""
    where = {"DATABASE_URL": address}
    return [
        Check("tests on PostgreSQL", [*PYTEST, "-m", "not journey"], where, is_shown=True),
        Check("journeys on PostgreSQL", [*PYTEST, "-m", "journey", "tests/journeys"], where, is_shown=True),
    ]


def run(check: Check) -> bool:
    """Run one check and say how it went."""
    print(f"── {check.name}", flush=True)
    begin = time.monotonic()
    # What the caller's own installation is set to must not reach the tests.
    environment = {
        name: value for name, value in os.environ.items() if name != "DATABASE_URL" and not name.startswith(("GONGKAI_", "COV_"))
    }
    environment |= {"DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test", "COVERAGE_FILE": f"{CACHE}/coverage"}
    environment |= check.environment
    done = subprocess.run(
        check.arguments, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False, text=True,
        stdout=None if check.is_shown else subprocess.PIPE, stderr=None if check.is_shown else subprocess.STDOUT,
    )  # fmt: skip
    is_well = done.returncode == 0
    if not is_well and done.stdout:
        print(done.stdout)
    print(f"   {'ok' if is_well else 'FAILED'} in {time.monotonic() - begin:.0f} s", flush=True)
    return is_well


def run_quick() -> list[str]:
    """Static checks and rule tests. Returns the names of what failed."""
    return [check.name for check in QUICK if not run(check)]


def run_all() -> list[str]:
    """Everything, on both databases and through Chromium. Returns the names of what failed."""
    if debian_packages.ensure(PACKAGES) != 0:
        return ["Debian packages"]
    failed = [check.name for check in [*STATIC, *ON_SQLITE] if not run(check)]
    with private_postgresql.running() as address:
        return failed + [check.name for check in on_postgresql(address) if not run(check)]


def main() -> int:
    """Run what the command line names."""
    private_postgresql.end_tidily()
    CACHE.mkdir(exist_ok=True)
    which: dict[str, Callable[[], list[str]]] = {"quick": run_quick, "all": run_all}
    failed = which[sys.argv[1]]()
    print(f"\nFAILED: {', '.join(failed)}" if failed else "\nAll checks hold.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
