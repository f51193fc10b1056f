"""One benchmark in a process of its own: `python -m bench.run_one NAME SIZE FILE`, called by bench/__main__.py."""

import faulthandler
import signal
import sys
from importlib import import_module
from pathlib import Path

import django

if __name__ == "__main__":
    name, size, target = sys.argv[1:]
    faulthandler.register(signal.SIGUSR1)
    django.setup()
    import_module(f"bench.{name}").main(size, Path(target))
