"""Acts at the same moment, for tests of races. The tests need real transactions: `django_db(transaction=True)`."""

import threading
from collections.abc import Callable

from django.db import connection

from gongkai.lib.errors import Refusal


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads of their own, let go together. Gives what each returned or refused, in their order."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=20)
            results[number] = act()
        except (Refusal, ValueError) as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return results
