"""Secrets at rest: sealed with a key from a file, and keyed digests by which what must not be stored can be found again.

A key file has one key a line, `id key`, the key 32 bytes in URL-safe base64; the newest stands last and seals. Older ones open what they
sealed. What is sealed is bound to its purpose and owner: copied into another row it does not open.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
LINE = re.compile(r"([a-z0-9-]{1,16})\s+([A-Za-z0-9_-]{43}=)")


class CannotOpen(Exception):
    """What is sealed cannot be opened: its key is not in the file, or it was changed or belongs to somebody else."""


@dataclass(frozen=True)
class KeyRing:
    """The keys of an installation (密钥), the newest last."""

    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        """Which keys there are, never a key: a ring may stand in a traceback."""
        return f"KeyRing({', '.join(self.keys)})"

    @property
    def newest(self) -> str:
        """Id of the key that seals now."""
        return list(self.keys)[-1]

    def seal(self, text: str, *, owner: str) -> str:
        """The text as it may be stored (封存). `owner` says what it is and whose, and is needed to open it."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._derive(self.newest, "seal")).encrypt(nonce, text.encode(), owner.encode())
        return f"{self.newest}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, owner: str) -> str:
        """The text again. Raises: CannotOpen."""
        key_id, _, body = sealed.partition(":")
        if key_id not in self.keys:
            raise CannotOpen(f"密钥文件里没有编号为 {key_id} 的密钥")
        try:
            data = base64.urlsafe_b64decode(body)
            return AESGCM(self._derive(key_id, "seal")).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], owner.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise CannotOpen("封存的内容和密钥对不上") from error

    def is_current(self, sealed: str) -> bool:
        """Whether the newest key sealed it."""
        return sealed.partition(":")[0] == self.newest

    def digest(self, text: str, *, purpose: str) -> str:
        """A digest to store beside or instead of a text (密钥摘要), by the newest key. Without the key nobody can try texts against it."""
        return self._digest(self.newest, text, purpose)

    def digests(self, text: str, *, purpose: str) -> list[str]:
        """Every digest under which the text may be stored: one for each key."""
        return [self._digest(key_id, text, purpose) for key_id in self.keys]

    def _digest(self, key_id: str, text: str, purpose: str) -> str:
        return f"{key_id}:{hmac.new(self._derive(key_id, f'digest {purpose}'), text.encode(), hashlib.sha256).hexdigest()}"

    def _derive(self, key_id: str, use: str) -> bytes:
        # One key for each use, so that no output of one says anything about another.
        return hmac.new(self.keys[key_id], use.encode(), hashlib.sha256).digest()


def read_keyring(text: str) -> KeyRing:
    """The keys of a key file. Raises: ValueError, in words without any key."""
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"密钥文件第 {number} 行写法不对，应是“编号 密钥”，密钥为 32 字节的 base64")
        if match[1] in keys:
            raise ValueError(f"密钥文件第 {number} 行的编号 {match[1]} 前面已有")
        keys[match[1]] = base64.urlsafe_b64decode(match[2])
    if not keys:
        raise ValueError("密钥文件里没有密钥")
    return KeyRing(keys)


def make_key_line(key_id: str) -> str:
    """A line for a key file with a new key (新密钥)."""
    return f"{key_id} {base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n"
