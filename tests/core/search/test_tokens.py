import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.search.tokens import canonical, canonical_with_origins, needle_of, phrase_of, pieces_of, runs_of, tokens_of
from gongkai.core.search.words import is_word, list_short_words
from gongkai.lib.chinese import normalise

GOLDEN = json.loads((Path(__file__).parents[2] / "data/search_tokens.json").read_text(encoding="utf-8"))
TEXT = st.text(st.sampled_from("征地補償大營村号號第年〔〕[]（）20194０２,，. -—\u3000\nA㎡①\u200b\x00"), max_size=40)


@pytest.mark.parametrize("golden", GOLDEN, ids=[golden["text"][:20] for golden in GOLDEN])
def test_tokens_and_words_are_those_of_the_golden_file(golden):
    # A difference means that stored rows cannot be taken out any more: raise RULES_VERSION, then write the file anew.
    assert list(tokens_of(runs_of(normalise(golden["text"])))) == golden["tokens"]
    assert sorted(list_short_words(canonical(golden["text"]))) == golden["words"]


@given(TEXT)
def test_every_position_of_a_chinese_run_starts_one_token(text):
    runs = runs_of(normalise(text))
    assert sum(len(run) if "\u4e00" <= run[0] <= "\u9fff" else 1 for run in runs) == len(list(tokens_of(runs)))


@given(TEXT, st.integers(0, 20), st.integers(1, 10))
def test_a_piece_of_a_chinese_run_is_a_phrase_of_its_tokens(text, start, length):
    for run in runs_of(normalise(text)):
        piece = run[start : start + length]
        if len(piece) < 2 or not "\u4e00" <= piece[0] <= "\u9fff" or piece.startswith("号"):
            continue
        tokens, is_prefix = phrase_of((piece,))
        have = list(tokens_of([run]))
        assert not is_prefix
        assert any(have[place : place + len(tokens)] == tokens for place in range(len(have)))


@given(TEXT)
def test_each_character_of_a_canonical_text_knows_where_it_comes_from(text):
    reduced, places = canonical_with_origins(text)
    assert reduced == canonical(text)
    assert len(reduced) == len(places)
    assert all(0 <= place < len(text) for place in places)


def test_a_number_is_looked_for_whole_and_chinese_anywhere():
    assert needle_of(("2020",)) == " 2020 "
    assert needle_of(("大营村",)) == "大营村"
    assert needle_of(("g", "2020", "15", "号")) == " g 2020 15 号"


def test_pieces_are_pairs_single_characters_and_whole_numbers():
    assert pieces_of(["大营村", "2020"]) == {"大", "营", "村", "大营", "营村", "2020"}


@pytest.mark.parametrize("word", ["征地", "补偿", "土地", "公告"])
def test_a_common_two_character_word_is_looked_up_as_a_word(word):
    assert is_word(word)


@pytest.mark.parametrize("letters", ["划地", "征", "征地补偿", "12", "a地"])
def test_anything_else_is_looked_up_letter_by_letter(letters):
    assert not is_word(letters)


def test_a_word_across_two_others_is_none():
    assert "和服" not in list_short_words(canonical("提供产品和服务"))
    assert {"产品", "服务"} <= list_short_words(canonical("提供产品和服务"))
