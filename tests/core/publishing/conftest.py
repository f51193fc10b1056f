import pytest

from tests.factories.publishing import Reviewers


@pytest.fixture
def reviewers(unit_head, secrecy_reviewer, signer) -> Reviewers:
    """陈默, 林晓 and 顾长青: one for each step."""
    return Reviewers(head=unit_head, secrecy=secrecy_reviewer, signer=signer)
