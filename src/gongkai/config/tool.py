"""`gongkai tool …`: answers about files and dates, without Django, without a database, in well under half a second.

Nothing but the answer goes to standard output. The apps' pure functions are named by string: config is the one place that knows them.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gongkai.config.named import named

TOOLS = {
    "workdays": "gongkai.foundation.workdays.tool:answer",
    "check": "gongkai.core.publishing.tool:answer",
    "audit": "gongkai.foundation.audit.tool:answer",
    "search-case": "gongkai.core.search.tool:answer",
}
# What a tool is handed of another app, which it must not import: the elements a title asks for are the catalogue's knowledge.
HANDED = {"check": ["gongkai.core.catalogue.tables:list_elements_by_title"]}


def add_parser(commands: Any, parser_class: type[argparse.ArgumentParser]) -> None:
    """Add `tool` and its subcommands to the command line."""
    tools = commands.add_parser("tool", help="小工具：算工作日、查文稿、试检索；不用数据库")
    names = tools.add_subparsers(dest="tool", metavar="工具", required=True, parser_class=parser_class)

    workdays = names.add_parser("workdays", help="算期限：--start 日 --add 天数，或 --from 日 --to 日")
    workdays.add_argument("--start", metavar="年-月-日", help="收到之日，不计入")
    workdays.add_argument("--add", type=int, metavar="天数", help="加几个工作日")
    workdays.add_argument("--from", dest="first", metavar="年-月-日", help="起始日")
    workdays.add_argument("--to", dest="last", metavar="年-月-日", help="截止日")

    check = names.add_parser("check", help="检查一份文稿，打印发现的问题")
    check.add_argument("file", metavar="文件", type=Path, help="UTF-8 文本")
    check.add_argument("--json", action="store_true", dest="as_json", help="以 JSON 打印")

    audit = names.add_parser("audit", help="离线核验导出的审计链；有疑点状态为 1")
    audit.add_argument("file", metavar="文件", type=Path, help="gongkai audit export 导出的文件")
    audit.add_argument("--anchors", metavar="文件", type=Path, help="另存的链头文件，一并核对")
    audit.add_argument("--head", metavar="摘要", help="抄下来的链头摘要，要在这份文件里")

    case = names.add_parser("search-case", help="对一份检索用例逐行作答")
    case.add_argument("file", metavar="文件", type=Path, help="每行一个 JSON")


def run(options: argparse.Namespace) -> int:
    """Answer one tool call on standard output. Returns 0, 1 with findings, 2 when the question cannot be answered."""
    try:
        text, status = named(TOOLS[options.tool])(options, *map(named, HANDED.get(options.tool, [])))
    except (OSError, ValueError, LookupError) as error:
        print(_words_of(error), file=sys.stderr)
        return 2
    sys.stdout.write(text)
    return int(status)


def _words_of(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"文件第 {error.lineno} 行不是 JSON：{error.msg}。"
    if isinstance(error, UnicodeDecodeError):
        return "文件不是 UTF-8，请另存为 UTF-8 再试。"
    if isinstance(error, OSError):
        return f"打不开文件 {error.filename}。"
    return str(error)
