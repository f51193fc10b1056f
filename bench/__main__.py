"""`make bench`: every benchmark in a process and a data folder of its own, side by side in one table; BENCH=small takes some minutes.

`python -m bench serving` runs one. DATABASE_URL chooses PostgreSQL; without it each benchmark makes an SQLite file.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import frame
from tools import private_postgresql

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = {
    "publish_cost": "cost of one publication, from the signature to the written pages, in a small and a large archive",
    "page_writing": "pages rendered and written",
    "ledger": "lists, totals, sweep, a desk and opening in bulk, in a small and a large ledger",
    "serving": "requests for one page: our file handler, the same page rendered for each request, nginx",
}


def run(name: str, size: str) -> tuple[list[frame.Figure], bool]:
    """Run one benchmark. Gives its figures, as far as it came, and whether it came to its end."""
    print(f"\n── {BENCHMARKS[name]}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix=f"gongkai-bench-{name}-"))
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.dev",
        "GONGKAI_DATA_DIR": str(folder),
        "GONGKAI_SITE": "worker",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.run_one", name, size, str(folder / "figures.json")], env=environment, cwd=ROOT, check=False
        )
        result = folder / "figures.json"
        return frame.read(result) if result.is_file() else [], done.returncode == 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run what is named, or everything."""
    private_postgresql.end_tidily()
    size = "small" if os.environ.get("BENCH") == "small" else "full"
    names = sys.argv[1:] or list(BENCHMARKS)
    figures, broken_off = [], []
    for name in names:
        found, is_whole = run(name, size)
        figures += found
        if not is_whole:
            broken_off.append(name)
    print(f"\n{frame.table(figures)}\n\n{frame.machine()}")
    frame.save(ROOT / ".cache/bench.json", figures, size)
    missed = [figure.name for figure in figures if figure.is_broken]
    if broken_off or missed:
        print(f"FAILED: {', '.join([*broken_off, *missed])}")
    return 1 if broken_off or missed else 0


if __name__ == "__main__":
    sys.exit(main())
