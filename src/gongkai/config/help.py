"""Help of the management commands that the console command passes on to: only what is theirs, in Chinese."""

import argparse
from collections.abc import Sequence

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand


def own_actions(command: BaseCommand) -> list[argparse.Action]:
    """The arguments that the command itself declares, without those that every Django command has."""
    shared = {action.dest for action in BaseCommand().create_parser("", "")._actions}
    return [action for action in command.create_parser("", "")._actions if action.dest not in shared]


def describe(management: Sequence[str], called: str) -> str:
    """Help text of one passed-on command. `called` is how the user wrote it, e.g. `gongkai import documents`."""
    application = get_commands()[management[0]]
    command = application if isinstance(application, BaseCommand) else load_command_class(application, management[0])
    lines = [f"用法：{called} [选项]", "", str(command.help), ""]
    own = [] if management[0] == "migrate" else own_actions(command)
    rows = [(_form(action), str(action.help or "")) for action in own]
    width = max((len(form) for form, _ in rows), default=0)
    lines += [f"  {form:<{width}}  {text}" for form, text in rows]
    return "\n".join([*lines, f"  {'-h, --help':<{width}}  显示这份说明", ""])


def _form(action: argparse.Action) -> str:
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return (", ".join(action.option_strings) + value).strip()
