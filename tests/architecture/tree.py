"""The repository as the checks read it: files, lines and syntax trees. Every check takes these, so that it can be shown a bad sample."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "src/gongkai"
NOT_OURS = {
    ".venv",
    ".git",
    ".cache",
    "__pycache__",
    "var",
    "build",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".pytest_cache",
    ".import_linter_cache",
}


@cache
def list_files(ending: str = "") -> tuple[Path, ...]:
    """Every file of the repository that is committed, or would be."""
    return tuple(sorted(path for path in walk(ROOT) if path.name.endswith(ending)))


def walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            yield from walk(path)
        elif path.suffix not in {".pyc", ".png", ".ico", ".woff2"}:
            yield path


@cache
def list_apps() -> tuple[Path, ...]:
    """The folder of every app."""
    return tuple(sorted(path.parent for path in PRODUCT.glob("*/*/apps.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def list_modules(*names: str) -> list[Path]:
    """Modules of the apps with these names, whether they are a file or a folder."""
    return sorted({path for app in list_apps() for name in names for path in [*app.glob(f"{name}.py"), *app.glob(f"{name}/*.py")]})
