"""Runs a management command for the console command: under the name the user typed, with every refusal in Chinese and without traceback."""

import sys
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.management import CommandError, get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.db import DatabaseError, OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from gongkai.config.argument_words import in_chinese
from gongkai.config.help import describe, write_usage
from gongkai.config.named import named

DONE = {"migrate": "数据库已是最新。"}
"""What is said after a command that says nothing in Chinese itself."""

NOT_PREPARED = "数据库还没有建立，或还是旧版本：先运行 gongkai migrate（试用就用 make run）。"
NOT_REACHED = "连不上数据库：请核对 DATABASE_URL，看数据库开着没有。"


def pass_on(management: Sequence[str], rest: Sequence[str], called: str) -> int:
    """Run one management command. `called` is how the user wrote it, e.g. `gongkai import documents`.

    Returns the exit status: 0 done, 1 refused, 2 wrong call or no database. A command may end with a status of its own.
    """
    django.setup()
    command = load(management[0])
    if {"-h", "--help"} & set(rest):
        sys.stdout.write(describe(command, called))
        return 0
    parser = command.create_parser(*called.rsplit(" ", 1))
    try:
        options = vars(parser.parse_args([*management[1:], *rest]))
    except CommandError as error:
        return _say(f"{write_usage(command, called)}\n命令写法不对：{in_chinese(str(error))}。看全部写法：{called} --help", 2)
    if management[0] != "migrate" and not is_prepared():
        return _say(NOT_PREPARED, 2)
    with named("gongkai.foundation.audit.api:acting_by_command")(called):
        return _execute(command, options, done=DONE.get(management[0], ""))


def load(name: str) -> BaseCommand:
    """A management command by its name."""
    application = get_commands()[name]
    return application if isinstance(application, BaseCommand) else load_command_class(application, name)


def is_prepared() -> bool:
    """Whether there is a database that was migrated once. True also where it cannot be reached: the command will find out."""
    name = str(connection.settings_dict["NAME"])
    # Asking SQLite would make the file.
    if connection.vendor == "sqlite" and "memory" not in name and not Path(name.removeprefix("file:").partition("?")[0]).exists():
        return False
    try:
        return "django_migrations" in connection.introspection.table_names()
    except OperationalError:
        return True


def _execute(command: BaseCommand, options: dict[str, object], *, done: str) -> int:
    arguments = options.pop("args", ())
    try:
        command.execute(*arguments, **options)  # type: ignore[misc]
    except CommandError as error:
        return _say(str(error), error.returncode)
    except DatabaseError as error:
        if words := explain(error):
            return _say(words, 2)
        raise
    finally:
        connections.close_all()
    if done:
        print(done)
    return 0


def explain(error: DatabaseError) -> str:
    """Why the database could not answer (数据库不可用), in words; empty when the fault is ours."""
    if isinstance(error, OperationalError) and "locked" in str(error):
        return "数据库正忙，请稍后再试一次。"
    try:
        executor = MigrationExecutor(connection)
        is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return NOT_REACHED
    return NOT_PREPARED if is_behind else ""


def _say(words: str, status: int) -> int:
    print(words, file=sys.stderr)
    return status
