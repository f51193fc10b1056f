import hashlib

import pytest

from gongkai.foundation.audit import sm3

# GB/T 32905-2016, appendix A; and the empty text.
EXAMPLES = {
    b"": "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}


@pytest.mark.parametrize(("data", "digest"), EXAMPLES.items())
def test_both_ways_give_the_digests_of_the_standard(data, digest):
    assert sm3.sm3(data) == digest
    assert sm3.sm3_of_ours(data) == digest


@pytest.mark.parametrize("length", [1, 55, 56, 57, 63, 64, 65, 119, 120, 1000])
def test_our_own_lines_pad_as_openssl_does(length):
    data = bytes(i * 7 % 256 for i in range(length))

    assert sm3.sm3_of_ours(data) == hashlib.new("sm3", data).hexdigest()


def test_a_machine_whose_openssl_has_no_sm3_gets_the_same_digest_from_ours(monkeypatch):
    def refuse(_name: str, _data: bytes) -> None:
        raise ValueError("unsupported hash type sm3")

    monkeypatch.setattr(hashlib, "new", refuse)

    assert sm3._choose() is sm3.sm3_of_ours
