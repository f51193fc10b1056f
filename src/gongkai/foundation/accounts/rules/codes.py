"""Codes of the second step: time-based (RFC 6238, the arithmetic is `cryptography`'s) and written on paper."""

import base64
import re
import secrets
import unicodedata
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS = 6
STEP_SECONDS = 30
DRIFT = 1
"""Steps a telephone's clock may be ahead or behind."""
SECRET_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_GROUPS, RECOVERY_GROUP = 3, 4
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"  # nothing that looks like something else
NOISE = re.compile(r"[\s\-‐-―·]+")


def make_secret() -> str:
    """A new secret of an authenticator (验证器密钥), in base32 as people type it into their telephone."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def group_secret(secret: str) -> str:
    """A secret in groups of four, to be typed by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def build_address(secret: str, *, name: str, issuer: str) -> str:
    """The otpauth address by which an authenticator takes a secret (验证器地址), as text and as a square to be photographed."""
    return _totp(secret).get_provisioning_uri(name, issuer)


def find_step(secret: str, code: str, *, at_system: datetime, after: int | None) -> int | None:
    """The step of thirty seconds for which a code is right (验证码), None where it is wrong.

    `after` is the last step that was used: its code and every earlier one are refused: a code that somebody saw is worth nothing.
    """
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    now = int(at_system.timestamp()) // STEP_SECONDS
    for step in range(now - DRIFT, now + DRIFT + 1):
        if after is not None and step <= after:
            continue
        try:
            _totp(secret).verify(code.encode(), step * STEP_SECONDS)
        except InvalidToken:
            continue
        return step
    return None


def make_recovery_codes() -> list[str]:
    """Codes for the day the telephone is lost (恢复码): sixty random bits each, in groups that can be read from paper."""
    return [make_groups(RECOVERY_GROUPS, RECOVERY_GROUP) for _ in range(RECOVERY_CODES)]


def make_groups(groups: int, length: int) -> str:
    """Random letters and figures in groups, to be read out or copied by hand: five bits each."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(length)) for _ in range(groups))


def tidy_code(text: str) -> str:
    """A code as it is compared: without spaces and dashes, in half width, in small letters."""
    return NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def _totp(secret: str) -> TOTP:
    # SHA-1 is what every authenticator knows; here it is a keyed function, for which its collisions do not matter.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
