"""Help of the management commands that the console command passes on to: only what is theirs, in Chinese."""

import argparse

from django.core.management.base import BaseCommand
from django.core.management.commands import migrate

MIGRATE = "建立或升级数据库。再运行一次不会改动什么；加 --verbosity 1 看每一步。"
"""Django's own command, the only one whose words are not ours."""


def own_actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The arguments that a command itself declares, without those that every Django command has."""
    shared = {action.dest for action in BaseCommand().create_parser("", "")._actions}
    return [action for action in parser._actions if action.dest not in shared]


def describe(command: BaseCommand, called: str) -> str:
    """Help text of one passed-on command. `called` is how the user wrote it, e.g. `gongkai import documents`."""
    is_ours = not isinstance(command, migrate.Command)
    own = own_actions(command.create_parser("", "")) if is_ours else []
    rows = [(_form(action), _explain(action)) for action in own]
    width = max((len(form) for form, _ in rows), default=0)
    lines = [write_usage(command, called), "", str(command.help) if is_ours else MIGRATE, ""]
    lines += [f"  {form:<{width}}  {text}" for form, text in rows]
    return "\n".join([*lines, f"  {'-h, --help':<{width}}  显示这份说明", ""])


def write_usage(command: BaseCommand, called: str) -> str:
    """How a command is called (用法), in one line: what has to be written stands there, what may be is in brackets."""
    if isinstance(command, migrate.Command):
        return f"用法：{called} [选项]"
    parser = command.create_parser("", "")
    own = own_actions(parser)
    choices = [group._group_actions for group in parser._mutually_exclusive_groups if group.required]
    chosen = [action for group in choices for action in group]
    parts = [_form(action) for action in own if action.required and action.option_strings]
    parts += [f"({' | '.join(map(_form, group))})" for group in choices]
    positionals = [_form(action) if action.required else f"[{_form(action)}]" for action in own if not action.option_strings]
    has_more = any(action.option_strings and not action.required and action not in chosen for action in own)
    return " ".join([f"用法：{called}", *positionals, *parts, *(["[选项]"] if has_more else [])])


def _explain(action: argparse.Action) -> str:
    is_needed = action.required and action.option_strings
    return f"{action.help or ''}{'（必填）' if is_needed else ''}"


def _form(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}{'…' if action.nargs in {'+', '*'} else ''}"
    return (", ".join(action.option_strings) + value).strip()
