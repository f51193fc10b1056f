"""Twenty releases at once, on both databases: real connections, real transactions, some of them fail, some are killed in the middle."""

import multiprocessing
import os
import signal
from collections import Counter

import pytest
from django.db import connection, connections, transaction

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.models import IndexCounter, Publication
from gongkai.core.publishing.registry import OwnOutlet, _outlets
from gongkai.foundation.accounts.kinds import Actor
from tests.factories.publishing import a_content, a_text_in_review, pass_all_steps, pass_waiting_step
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TWENTY = 20


@pytest.fixture
def signed(clerk, reviewers, friday):
    """Twenty texts that wait for the signature."""
    uuids = [a_text_in_review(actor=clerk, now=friday, content=a_content(title=f"公告{number}")) for number in range(TWENTY)]
    for uuid in uuids:
        pass_waiting_step(publication=uuid, actor=reviewers.head, now=friday)
        pass_waiting_step(publication=uuid, actor=reviewers.secrecy, now=friday)
    return uuids


def numbers():
    taken = Publication.objects.exclude(index_number=None).values_list("index_number", flat=True)
    return sorted(int(str(text)[-5:]) for text in taken)


def test_twenty_at_once_take_twenty_numbers(signed, reviewers, friday):
    results = at_once(*(lambda uuid=uuid: pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday) for uuid in signed))

    assert results == [None] * TWENTY
    assert numbers() == list(range(1, TWENTY + 1))
    assert IndexCounter.objects.get().last == TWENTY
    paths = {publishing.get_published(uuid).path for uuid in signed}
    assert len(paths) == TWENTY


def test_releases_that_fail_leave_no_hole(signed, reviewers, friday, monkeypatch):
    failing = set(signed[::3])

    def break_some(publication):
        if publication in failing:
            raise ValueError("this one breaks after its number was taken")

    monkeypatch.setitem(_outlets, "broken", OwnOutlet("broken", break_some, None, None))
    results = at_once(*(lambda uuid=uuid: pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday) for uuid in signed))

    assert sum(isinstance(result, ValueError) for result in results) == len(failing)
    assert numbers() == list(range(1, TWENTY - len(failing) + 1))

    monkeypatch.delitem(_outlets, "broken")
    for uuid in failing:
        pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday)
    assert numbers() == list(range(1, TWENTY + 1))


def release_in_a_process(uuid, signer: Actor, now, is_killed: bool) -> None:
    """Sign and release one text in a process of its own; killed after its number was taken and before the transaction ends."""
    connections.close_all()
    if is_killed:
        _outlets["death"] = OwnOutlet("death", lambda _publication: os.kill(os.getpid(), signal.SIGKILL), None, None)
    pass_waiting_step(publication=uuid, actor=signer, now=now)
    connections.close_all()


def test_processes_that_are_killed_in_the_middle_leave_no_hole_and_no_double(signed, reviewers, friday):
    killed = set(signed[::4])
    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=release_in_a_process, args=(uuid, reviewers.signer, friday, uuid in killed)) for uuid in signed]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)

    ends = Counter(process.exitcode for process in processes)
    assert ends == {-signal.SIGKILL: len(killed), 0: TWENTY - len(killed)}
    assert numbers() == list(range(1, TWENTY - len(killed) + 1))
    for uuid in killed:
        pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday)
    assert numbers() == list(range(1, TWENTY + 1))


def test_a_next_edition_takes_no_number(signed, clerk, reviewers, friday):
    uuid = signed[0]
    pass_waiting_step(publication=uuid, actor=reviewers.signer, now=friday)
    publishing.start_next_edition(publication=uuid, actor=clerk, now=friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    pass_all_steps(publication=uuid, by=reviewers, now=friday)

    assert numbers() == [1]
    assert IndexCounter.objects.get().last == 1


def test_the_number_goes_back_with_the_transaction(signed, reviewers, friday):
    with transaction.atomic():
        pass_waiting_step(publication=signed[0], actor=reviewers.signer, now=friday)
        assert numbers() == [1]
        transaction.set_rollback(True)

    assert connection.is_usable()
    assert not IndexCounter.objects.filter(last__gt=0).exists()
