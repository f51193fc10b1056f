from collections.abc import Iterator

from gongkai.lib.gate.findings import Finding, GateDocument, GateFile, Part, Severity, Tables

RULE = "attachment"

REMARKS: dict[str, tuple[Severity, str, str]] = {
    "TRACKED_CHANGES": (Severity.BLOCK, "里有没有接受的修订，删掉的字也会公开", "接受或拒绝全部修订，另存后重新上传。"),
    "COMMENTS": (Severity.BLOCK, "里有批注，会一起公开", "删去全部批注，另存后重新上传。"),
    "HIDDEN_TEXT": (Severity.BLOCK, "里有隐藏的文字，会一起公开", "取消隐藏，看过以后删去或保留，另存后重新上传。"),
    "HIDDEN_SHEETS": (Severity.BLOCK, "里有隐藏的工作表", "取消隐藏，看过以后删去或保留，另存后重新上传。"),
    "HIDDEN_CELLS": (Severity.BLOCK, "里有隐藏的行或列", "取消隐藏，看过以后删去或保留，另存后重新上传。"),
    "EMBEDDED_FILES": (Severity.BLOCK, "里还夹着别的文件", "取出夹在里面的文件，要公开的单独上传。"),
    "SIGNED": (Severity.WARN, "有电子签名，公开时不改动，作者等属性也会一起公开", "核对文件属性；可以公开的，写明理由。"),
    "NO_TEXT": (Severity.WARN, "有的页只有图片，机器查不了上面的字", "请人工看过这些页；看过的，写明理由。"),
    "OLD_FORMAT": (Severity.WARN, "是旧格式，机器查不了里面的字", "另存为 PDF 或新格式再传；不能另存的，人工看过后写明理由。"),
}
"""What a remark of a file weighs, what is said of it, and what to do."""


def check_files(document: GateDocument, tables: Tables) -> tuple[Finding, ...]:  # noqa: ARG001 — all checks are called alike
    """What attached files hold and a reader would not see (附件): revisions, comments, hidden sheets; and what nobody could check."""
    return tuple(finding for file in document.files for finding in _list_findings(file))


def _list_findings(file: GateFile) -> Iterator[Finding]:
    if file.text is None:
        yield _finding(file, Severity.BLOCK, "还没有检查过", "移除后重新上传。")
    for code, detail in file.remarks:
        severity, words, advice = REMARKS[code]
        yield _finding(file, severity, f"{words}（{detail}）" if detail else words, advice)


def _finding(file: GateFile, severity: Severity, words: str, advice: str) -> Finding:
    return Finding(
        rule=RULE, severity=severity, message=f"附件“{file.name}”{words}。", advice=advice, part=Part.ATTACHMENT, element=file.name
    )
