"""SM3 (国密杂凑算法, GB/T 32905), by OpenSSL where it has it, else by the lines below: the same digest, only slower (decision 0008)."""

import hashlib
from collections.abc import Callable

START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
BLOCK = 64
MASK = 0xFFFFFFFF


def sm3(data: bytes) -> str:
    """The digest of some bytes (SM3 杂凑值), 64 hexadecimal figures."""
    return _digest(data)


def sm3_of_ours(data: bytes) -> str:
    """The same without OpenSSL. GB/T 32905-2016, 5."""
    state: tuple[int, ...] = START
    padded = data + b"\x80" + bytes((55 - len(data)) % BLOCK) + (len(data) * 8).to_bytes(8, "big")
    for begin in range(0, len(padded), BLOCK):
        state = _compress(state, padded[begin : begin + BLOCK])
    return "".join(f"{word:08x}" for word in state)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = _expand(block)
    a, b, c, d, e, f, g, h = state
    for i in range(64):
        constant = 0x79CC4519 if i < 16 else 0x7A879D8A
        turned = _turn(a, 12)
        ss1 = _turn((turned + e + _turn(constant, i % 32)) & MASK, 7)
        ff = a ^ b ^ c if i < 16 else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if i < 16 else (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ turned) + (words[i] ^ words[i + 4])) & MASK
        tt2 = (gg + h + ss1 + words[i]) & MASK
        a, b, c, d, e, f, g, h = tt1, a, _turn(b, 9), c, _p0(tt2), e, _turn(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def _expand(block: bytes) -> list[int]:
    words = [int.from_bytes(block[i : i + 4], "big") for i in range(0, BLOCK, 4)]
    for i in range(16, 68):
        words.append(_p1(words[i - 16] ^ words[i - 9] ^ _turn(words[i - 3], 15)) ^ _turn(words[i - 13], 7) ^ words[i - 6])
    return words


def _turn(word: int, by: int) -> int:
    return ((word << by) | (word >> (32 - by))) & MASK


def _p0(word: int) -> int:
    return word ^ _turn(word, 9) ^ _turn(word, 17)


def _p1(word: int) -> int:
    return word ^ _turn(word, 15) ^ _turn(word, 23)


def _by_openssl(data: bytes) -> str:
    return hashlib.new("sm3", data).hexdigest()


def _choose() -> Callable[[bytes], str]:
    # A build without SM3, or one that a policy restricts, says so only when it is asked for it.
    try:
        _by_openssl(b"")
    except ValueError:
        return sm3_of_ours
    return _by_openssl


_digest = _choose()
