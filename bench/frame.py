"""What every benchmark shares: figures with their unit, ratios inside one run, limits, one table and one JSON file.

Absolute figures belong to the machine they were taken on; a limit is set on a ratio of two figures of the same run, or it is one in
milliseconds that the product promises.
"""

import json
import math
import os
import platform
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One measured number. `at_most` is its limit, None when it has none."""

    name: str
    value: float
    unit: str
    note: str = ""
    at_most: float | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the limit is passed."""
        return self.at_most is not None and self.value > self.at_most


def ratio(name: str, figure: Figure, to: Figure, *, at_most: float | None = None) -> Figure:
    """How many times the one is the other."""
    return Figure(name, figure.value / to.value, "×", f"{figure.name} ÷ {to.name}", at_most)


def milliseconds(act: Callable[[], object]) -> float:
    """How long an act takes."""
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


def median_figure(name: str, times: Sequence[float], note: str = "") -> Figure:
    """The middle of several measured milliseconds: one slow moment of the machine does not move it."""
    return Figure(name, median(times), "ms", note or f"median of {len(times)}")


def p95(times: Sequence[float]) -> float:
    """The time that nineteen of twenty stay within."""
    return sorted(times)[math.ceil(len(times) * 0.95) - 1]


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what is going on and how long it took."""
    print(f"   {what} …", end="", flush=True)
    begin = time.monotonic()
    yield
    print(f" {time.monotonic() - begin:.0f} s", flush=True)


def table(figures: Sequence[Figure]) -> str:
    """The figures as they stand in docs/performance.md."""
    lines = ["| what | figure | unit | limit | note |", "| --- | ---: | --- | ---: | --- |"]
    for figure in figures:
        limit = "" if figure.at_most is None else f"{'**MISSED** ' if figure.is_broken else ''}≤ {figure.at_most:g}"
        lines.append(f"| {figure.name} | {_number(figure.value)} | {figure.unit} | {limit} | {figure.note} |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def machine() -> dict[str, Any]:
    """Where the figures were taken."""
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "database": "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite",
        "system": platform.system(),
    }


def save(path: Path, figures: Sequence[Figure], size: str) -> None:
    """Keep a run for comparison."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"size": size, "machine": machine(), "figures": [asdict(figure) for figure in figures]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> list[Figure]:
    """The figures of a saved run."""
    return [Figure(**figure) for figure in json.loads(path.read_text(encoding="utf-8"))["figures"]]
