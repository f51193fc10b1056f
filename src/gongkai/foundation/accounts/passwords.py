"""One-time passwords: made by us, so long and random that guessing them is hopeless whatever the hash costs."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password

from gongkai.foundation.accounts.rules import make_groups

GROUPS = 4
GROUP_LENGTH = 4
ITERATIONS = 20_000


def make_one_time_password() -> str:
    """Eighty random bits in four groups that can be read out on the telephone (一次性密码)."""
    return make_groups(GROUPS, GROUP_LENGTH)


def hash_one_time_password(password: str) -> str:
    """Hash of a one-time password, with few iterations: forty-five accounts at the first start take half a second, not a dozen.

    Stretching protects what people choose, which can be guessed; eighty random bits cannot. Django hashes it again in full at the first
    sign-in, evens out the time of a wrong try, and the password a person chooses then has the full cost from the beginning.
    """
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return str(hasher.encode(password, hasher.salt(), iterations=ITERATIONS))
    return make_password(password)
