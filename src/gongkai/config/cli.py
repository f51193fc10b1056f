"""The console command `gongkai`: one door to everything that is done from a shell, with help in Chinese.

Each subcommand is thin: it names a management command, a process or a tool. `gongkai tool …` answers without Django and without a database.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from gongkai.config import tool
from gongkai.config.argument_words import in_chinese
from gongkai.config.named import named

DESCRIPTION = "公开：政务公开工作系统。门户、工作台、后台任务和命令行都从这里启动。"


class ChineseParser(argparse.ArgumentParser):
    """An argument parser whose own words are Chinese too."""

    def __init__(self, *, has_help: bool = True, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=ChineseFormatter, **options)
        self._positionals.title = "要做的事"
        self._optionals.title = "选项"
        if has_help:
            self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        """Say in Chinese that the call is wrong, show how it goes, exit with status 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"命令写法不对：{in_chinese(message)}。看全部写法：{self.prog} --help\n")


class ChineseFormatter(argparse.RawDescriptionHelpFormatter):
    """Help text that begins with 用法 instead of usage."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        """See argparse."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def build_parser() -> ChineseParser:
    """The whole command line, with its help."""
    parser = ChineseParser(prog="gongkai", description=DESCRIPTION)
    commands = parser.add_subparsers(dest="command", metavar="命令", required=True, parser_class=ChineseParser)

    run = commands.add_parser("run", help="启动门户、工作台和后台三个进程（试用、演示）")
    run.add_argument("--demo-day", default=os.environ.get("DEMO_DAY") or "2026-10-09", metavar="年-月-日", help="演示从哪一天 10:20 开始")
    run.add_argument("--portal-port", type=int, default=8000, metavar="端口", help="门户端口，默认 8000")
    run.add_argument("--desk-port", type=int, default=8001, metavar="端口", help="工作台端口，默认 8001")
    run.add_argument(
        "--keep-passwords",
        action="store_true",
        default=os.environ.get("DEMO_KEEP") == "1",
        help="新演示账号打印的密码不用改（只供演示；也可以写 DEMO_KEEP=1）",
    )
    run.add_argument("--empty", action="store_true", help="不装入示范文件")

    _passing_on(commands, "worker", "启动后台进程：生成页面、发送事件、巡查期限", ["work"])
    _passing_on(commands, "migrate", "建立或升级数据库", ["migrate", "--no-input", "--verbosity", "0"])

    imports = commands.add_parser("import", help="导入资料：documents 历史文件，organisation 机构人员，calendar 日历，catalogue 目录")
    kinds = imports.add_subparsers(dest="what", metavar="资料", required=True, parser_class=ChineseParser)
    _passing_on(kinds, "documents", "导入一个文件夹里的 .txt 和 .html（--dry-run 只看不导）", ["import_documents"])
    _passing_on(kinds, "organisation", "从表格或文件夹导入单位、岗位、人员", ["load_organisation"])
    _passing_on(kinds, "accounts", "建立账号，打印一次性密码", ["load_accounts"])
    _passing_on(kinds, "calendar", "装入随产品的工作日历；给文件就装入一年或一次调整（--dry-run 只看会改动哪些期限）", ["import_calendar"])
    _passing_on(kinds, "catalogue", "装入公开目录和期限", ["load_catalogue"])
    _passing_on(kinds, "review-terms", "装入审核各步的局内期限；没有它不能送审", ["load_review_terms"])
    _passing_on(kinds, "registers", "装入登记簿来源：土地市场监管系统、征地审批、双公示、OA 发文", ["load_registers"])

    _passing_on(commands, "account", "管一个账号（姓名 --renew | --reset-second-step | --suspend | --resume）", ["account"])
    _passing_on(commands, "keys", "换密钥：把封存的都改用密钥文件里最后一个密钥", ["reseal"])
    _passing_on(commands, "submit", "把草稿送审（--as 姓名）", ["submit_drafts"])
    _passing_on(commands, "review", "以一名人员的身份通过等他审的稿（--as 姓名）", ["pass_reviews"])

    portal = commands.add_parser("portal", help="门户文件：build 生成，verify 核对，rebuild 全部重做")
    acts = portal.add_subparsers(dest="what", metavar="动作", required=True, parser_class=ChineseParser)
    _passing_on(acts, "build", "生成等着的页面", ["portal_build"])
    _passing_on(acts, "verify", "核对磁盘、清单和数据库，补缺去余", ["portal_verify"])
    _passing_on(acts, "rebuild", "全部页面重做一遍", ["portal_rebuild"])

    publication = commands.add_parser("publication", help="公开信息：counts 总数、分类、名录长度三个数")
    questions = publication.add_subparsers(dest="what", metavar="动作", required=True, parser_class=ChineseParser)
    _passing_on(questions, "counts", "核对已公开信息的数目，不一样时状态为 1", ["publication_counts"])

    audit = commands.add_parser("audit", help="审计链：verify 核验，export 导出，seal 封存")
    checks = audit.add_subparsers(dest="what", metavar="动作", required=True, parser_class=ChineseParser)
    _passing_on(checks, "verify", "核验审计链，逐条说出被改动、删除、插入、调换的记录；有疑点状态为 1", ["audit_verify"])
    _passing_on(checks, "export", "导出审计链到文件，可离线核验", ["audit_export"])
    _passing_on(checks, "seal", "封存等着的记录，打印链头", ["audit_seal"])

    tool.add_parser(commands, ChineseParser)
    return parser


def _passing_on(commands: "argparse._SubParsersAction[ChineseParser]", name: str, help_text: str, target: list[str]) -> None:
    """A subcommand that hands everything after it to a management command, its `--help` too."""
    parser = commands.add_parser(name, help=help_text, prefix_chars="\0", has_help=False)
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="…", help="其余参数")
    parser.set_defaults(management=target, called=parser.prog)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the console command. Returns the exit status: 0 done, 1 refused or findings, 2 wrong call."""
    options = build_parser().parse_args(arguments)
    if options.command == "tool":
        return tool.run(options)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    if options.command == "run":
        os.environ["GONGKAI_PORTAL_ADDRESS"] = f"http://127.0.0.1:{options.portal_port}"
        named("django:setup")()
        status: int = named("gongkai.config.run:run_all")(
            demo_day=options.demo_day,
            portal_port=options.portal_port,
            desk_port=options.desk_port,
            with_documents=not options.empty,
            keeps_passwords=options.keep_passwords,
        )
        return status
    passed: int = named("gongkai.config.passing:pass_on")(options.management, options.rest, options.called)
    return passed


if __name__ == "__main__":
    sys.exit(main())
