import pytest

from gongkai.lib.keyring import CannotOpen, make_key_line, read_keyring

OLD, NEW = make_key_line("k1"), make_key_line("k2")


def test_what_was_sealed_opens_for_its_owner_alone():
    ring = read_keyring(OLD)
    sealed = ring.seal("秘密", owner="account 1")

    assert "秘密" not in sealed
    assert ring.open(sealed, owner="account 1") == "秘密"
    assert ring.seal("秘密", owner="account 1") != sealed
    with pytest.raises(CannotOpen):
        ring.open(sealed, owner="account 2")


@pytest.mark.parametrize("broken", ["", "k1", "k1:", "k1:!!!", "k1:AAAA", "k9:AAAA", "k1:汉字"])
def test_what_is_not_whole_does_not_open(broken):
    with pytest.raises(CannotOpen):
        read_keyring(OLD).open(broken, owner="account 1")


def test_a_changed_letter_is_found():
    ring = read_keyring(OLD)
    sealed = ring.seal("x", owner="a")
    changed = sealed[:-5] + ("A" if sealed[-5] != "A" else "B") + sealed[-4:]

    with pytest.raises(CannotOpen):
        ring.open(changed, owner="a")


def test_a_new_key_seals_and_the_old_one_still_opens():
    before, after = read_keyring(OLD), read_keyring(f"# keys\n\n{OLD}{NEW}")
    sealed = before.seal("x", owner="a")

    assert after.open(sealed, owner="a") == "x"
    assert not after.is_current(sealed)
    assert after.is_current(after.seal("x", owner="a"))
    assert before.digest("x", purpose="p") in after.digests("x", purpose="p")
    with pytest.raises(CannotOpen, match="没有编号为 k2"):
        before.open(after.seal("x", owner="a"), owner="a")


def test_a_digest_belongs_to_its_purpose_and_key():
    ring = read_keyring(OLD)

    assert ring.digest("x", purpose="p") == ring.digest("x", purpose="p") != ring.digest("x", purpose="q")
    assert ring.digest("x", purpose="p") != read_keyring(make_key_line("k1")).digest("x", purpose="p")


@pytest.mark.parametrize(
    ("text", "words"), [("", "没有密钥"), ("k1 short", "第 1 行写法不对"), (OLD + OLD, "编号 k1 前面已有"), (f"{OLD}K2 {OLD}", "第 2 行")]
)
def test_a_key_file_that_is_not_right_is_refused_without_showing_a_key(text, words):
    with pytest.raises(ValueError, match=words) as refused:
        read_keyring(text)
    assert OLD.split()[1] not in str(refused.value)


def test_a_ring_never_shows_its_keys():
    assert OLD.split()[1] not in repr(read_keyring(OLD))
    assert repr(read_keyring(OLD)) == "KeyRing(k1)"
