"""`gongkai tool audit`: proves an exported chain, with no database and on any machine."""

import argparse

from gongkai.foundation.audit import rules
from gongkai.foundation.audit.exporting import read_export
from gongkai.foundation.audit.kinds import Fault, Head, Link


def answer(options: argparse.Namespace) -> tuple[str, int]:
    """The faults, a line each, or that there are none, and the exit status (离线核验): 0 whole, 1 with faults.

    Raises: ValueError for a file that is no chain, or heads that are none.
    """
    exported = read_export(options.file.read_text(encoding="utf-8"))
    anchors = rules.read_anchors(options.anchors.read_text(encoding="utf-8")) if options.anchors else {}
    head, checked, lines = exported.start, 0, []
    for found in rules.check_chain(exported.links, start=exported.start, anchors=anchors, redacted=exported.redacted):
        if isinstance(found, Link):
            head, checked = Head(found.position, found.digest), checked + 1
        else:
            lines.append(say(found))
    lines += [say(fault) for fault in rules.tell_cut(head, anchors)]
    if options.head and options.head.strip().lower() not in {link.digest for link in exported.links}:
        lines.append("给的链头摘要不在这份文件里：文件不完整，或链被改写。")
    if not lines:
        lines = [f"审计链完整：核验 {checked} 行（第 {exported.start.position + 1} 行起），链头第 {head.position} 行 {head.digest}。"]
        return "\n".join(lines) + "\n", 0
    return "\n".join([*lines, f"审计链有 {len(lines)} 处不对。"]) + "\n", 1


def say(fault: Fault) -> str:
    """A fault as one line."""
    return f"{fault.kind.label}：{fault.words}"
