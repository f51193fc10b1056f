"""Functions named by string, loaded when they are called: the console command starts without Django and names every app."""

from importlib import import_module
from typing import Any


def named(target: str) -> Any:
    """The function that `module:function` names."""
    module, function = target.split(":")
    return getattr(import_module(module), function)
