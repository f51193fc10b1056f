"""Many at once: one code signs in one browser, ten guesses together are no more than five."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.kinds import TallyKind
from gongkai.foundation.accounts.models import RecoveryCode, TryTally
from gongkai.foundation.accounts.rules import LIMITS
from gongkai.lib.errors import Refusal
from gongkai.lib.moments import SHANGHAI
from tests.factories.accounts import a_person, code_of
from tests.factories.organisations import a_bureau
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
AT = datetime(2026, 11, 25, 8, 0, 10, tzinfo=SHANGHAI)
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def zhou(db):
    return a_person("周岚", a_bureau())


@pytest.fixture
def protected(zhou):
    """The secret and the recovery codes of an authenticator in use."""
    secret = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    return secret, actions.confirm_authenticator(user=zhou, code=code_of(secret, AT), now=FRIDAY, at_system=AT)


def test_one_code_opens_one_browser(zhou, protected):
    code = code_of(protected[0], LATER)

    assert sorted(at_once(*[lambda: actions.use_code(user=zhou, code=code, at_system=LATER)] * 4), key=bool) == [False, False, False, True]


def test_one_recovery_code_opens_one_browser(zhou, protected):
    code = protected[1][0]
    use = [lambda: actions.use_recovery_code(user=zhou, code=code, now=FRIDAY, at_system=LATER)] * 4

    assert sorted(at_once(*use), key=bool) == [False, False, False, True]
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1


def test_of_two_who_confirm_one_telephone_one_gets_the_recovery_codes(zhou):
    secret = actions.prepare_authenticator(user=zhou, at_system=AT).secret
    confirm = [lambda: actions.confirm_authenticator(user=zhou, code=code_of(secret, AT), now=FRIDAY, at_system=AT)] * 2

    results = at_once(*confirm)

    assert sorted(isinstance(result, list) for result in results) == [False, True]
    assert isinstance(next(result for result in results if not isinstance(result, list)), Refusal)
    assert RecoveryCode.objects.count() == 10


def test_guesses_sent_together_are_counted_each(zhou):
    def guess():
        taken = actions.take_sign_in(name="周岚", address="203.0.113.7", devices={}, now=FRIDAY, at_system=AT)
        return bool(taken.refused)

    results = Counter(at_once(*[guess] * 10))

    most = LIMITS[TallyKind.NAME].tries
    assert results == {False: most, True: 10 - most}
    assert TryTally.objects.get(kind="NAME").count == most
