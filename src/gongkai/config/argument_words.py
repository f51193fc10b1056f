"""What argparse says of a wrong call, in Chinese. Without Django: the tools answer without it."""

import re

ARGPARSE_WORDS = (
    (r"^Error: ", ""),
    (r"the following arguments are required: ", "缺少 "),
    (r"one of the arguments (.+) is required", r"缺少 \1 中的一个"),
    (r"unrecognized arguments: ", "不认识 "),
    (r"ambiguous option: (.+) could match (.+)", r"\1 写得太短，可能是 \2"),
    (r"invalid choice: ", "没有这一项： "),
    (r"invalid int value: ", "要写整数： "),
    (r"invalid fromisoformat value: ", "要写成 2026-10-09 这样的日子： "),
    (r"invalid \w+ value: ", "不能用： "),
    (r"expected one argument", "后面要跟一个值"),
    (r"expected at (?:least|most) one argument", "后面的值多了或少了"),
    (r"expected (\d+) arguments", r"后面要跟 \1 个值"),
    (r"ignored explicit argument ", "后面不跟值： "),
    (r"not allowed with argument ", "不能同时用 "),
    (r"choose from", "可选"),
    (r"argument ", "参数 "),
)


def in_chinese(message: str) -> str:
    """A message of argparse (写法错误) in Chinese; what is not known stays as it is."""
    for english, chinese in ARGPARSE_WORDS:
        message = re.sub(english, chinese, message)
    return message
