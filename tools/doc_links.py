"""Links between the documents of the repository: every file that one points to exists, every heading too."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = {".venv", ".git", ".cache", "var", "node_modules"}
LINK = re.compile(r"(?<!!)!?\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)


def list_documents(root: Path) -> Iterator[Path]:
    """Every Markdown file that is ours."""
    for path in sorted(root.rglob("*.md")):
        if not LEFT_OUT & set(path.relative_to(root).parts):
            yield path


def anchor_of(heading: str) -> str:
    """The name under which a heading is linked to: lower case, punctuation gone, spaces as hyphens."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "").lower()
    kept = (c for c in text if c in "-_ " or unicodedata.category(c)[0] in "LN")
    return "".join(kept).replace(" ", "-")


def list_anchors(document: Path) -> set[str]:
    """Every heading of a document as a link names it."""
    return {anchor_of(heading) for heading in HEADING.findall(FENCE.sub("", document.read_text(encoding="utf-8")))}


def find_broken(root: Path) -> list[str]:
    """Every link that leads nowhere, with its document and line."""
    broken = []
    for document in list_documents(root):
        text = FENCE.sub(lambda match: "\n" * match[0].count("\n"), document.read_text(encoding="utf-8"))
        for match in LINK.finditer(text):
            target, _, anchor = match[1].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            path = (document.parent / target).resolve() if target else document
            is_known = path.exists() and path.is_relative_to(root)
            if not is_known or (anchor and path.suffix == ".md" and anchor not in list_anchors(path)):
                line = text.count("\n", 0, match.start()) + 1
                broken.append(f"{document.relative_to(root)}:{line}: {match[1]} leads nowhere")
    return broken


def main() -> int:
    """Print what is broken."""
    broken = find_broken(ROOT)
    print("\n".join(broken))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
