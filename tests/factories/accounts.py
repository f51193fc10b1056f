import base64
from datetime import date

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.utils import timezone

from gongkai.foundation.accounts.kinds import Role
from gongkai.foundation.accounts.models import PostRole, User
from tests.factories.organisations import a_holding, a_post, an_officer

PASSWORD = "jiangnan-yuhua-7"


def a_user(officer, password=PASSWORD, **known):
    """An account whose password its owner has chosen."""
    user = User(officer=officer, username=officer.name, **({"must_change_password": False} | known))
    user.set_password(password)
    user.save()
    return user


def code_of(secret, at=None):
    """What an authenticator with this secret shows at a moment of system time, now unless said otherwise."""
    moment = int((at or timezone.now()).timestamp())
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(moment).decode()


def a_role(post, role=Role.CLERK, scope=None):
    """A role of a post, for its own unit unless said otherwise."""
    return PostRole.objects.create(post=post, role=role.value, scope=scope or post.unit)


def a_person(name, unit, role=Role.CLERK, scope=None, **known):
    """Somebody in service with an account, a post and one role; gives the account."""
    officer = an_officer(name)
    post = a_post(unit)
    a_holding(post, officer, known.pop("from_date", date(2024, 3, 1)), known.pop("to_date", None))
    a_role(post, role, scope)
    return a_user(officer, **known)
