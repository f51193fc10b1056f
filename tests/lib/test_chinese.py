import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.lib.chinese import fold, normalise, normalise_question, normalise_with_origins, simplify

MIXED = st.text(st.sampled_from("征補償營村的号號第年〔〕[]（）【】20019０２，, .-—\u3000 \n\tA㎡①\u200b\x00é○"), max_size=60)


def test_traditional_characters_become_simplified_one_by_one():
    assert simplify("關於大營村土地徵收補償的通知") == "关于大营村土地征收补偿的通知"


def test_gaps_of_the_dictionary_are_filled_by_hand():
    assert simplify("衞生二○二○年⻓江") == "卫生二〇二〇年长江"


@given(st.text())
def test_simplifying_keeps_the_length_and_is_done_at_once(text):
    once = simplify(text)
    assert len(once) == len(text)
    assert simplify(once) == once


@pytest.mark.parametrize("character", list("的一是不了在人有我他这中大来上国地到说们为子和你于后里么干系台发面著"))
def test_common_simplified_characters_stay(character):
    assert simplify(character) == character


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Ａ１ｂ", "a1b"),
        ("㎡", "m2"),
        ("Ⅲ类", "iii类"),
        ("①征地", " 1 征地"),
        ("大\u200b营\ufeff村\u00ad", "大营村"),
        ("葛\U000e0100城", "葛城"),
        ("大\x00营", "大 营"),
        ("大\ud800营", "大 营"),
        ("a—b–c―d－e−f", "a-b-c-d-e-f"),
        ("(1)[2]【3】〖4〗｛5｝﹝6﹞（7）［8］", "〔1〕〔2〕〔3〕〔4〕〔5〕〔6〕〔7〕〔8〕"),
        ("一\r\n二\u2028三", "一\n\n二\n三"),
    ],
)
def test_a_character_is_folded(written, compared):
    assert fold(written) == compared


@pytest.mark.parametrize(
    "written",
    [
        "自然资发〔2020〕12号",
        "自然资发[2020]12号",
        "自然资发（２０２０）１２号",
        "自然资发【2020】第12号",
        "自然资发﹝2020﹞第012號",
        "自然资发 〔 2020 〕 第 12 号",
        "自然资发〔2020年〕12号",
        "自然资发2020年第012号",
        "自然资发2020第12号",
    ],
)
def test_a_document_number_has_one_form(written):
    assert normalise(written) == "自然资发〔2020〕12号"
    assert normalise_question(written) == "自然资发〔2020〕12号"


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("第012号", "第012号"),
        ("A-2020-03", "a-2020-03"),
        ("〔2020〕120号", "〔2020〕120号"),
        ("〔2020〕000号", "〔2020〕0号"),
        ("2020年12月", "2020年12月"),
        ("12020年第12号", "12020年第12号"),
    ],
)
def test_what_is_no_document_number_keeps_its_zeros_and_signs(written, compared):
    assert normalise(written) == compared


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("1,389.25", "1389.25"),
        ("12,345,678元", "12345678元"),
        ("１，３８９．２５", "1389.25"),
        ("2019,202", "2019,202"),
        ("2019,2020", "2019,2020"),
        ("编号101，102，103", "编号101，102，103"),
    ],
)
def test_marks_of_thousands_go(written, compared):
    assert normalise(written) == compared


def test_blanks_inside_chinese_go_from_a_text_and_stay_in_a_question():
    assert normalise("大 营\u3000村 A 区\n二 组") == "大营村 a 区\n二组"
    assert normalise_question("征地\u3000补偿") == "征地 补偿"


@given(MIXED)
def test_origins_belong_to_the_normalised_text(text):
    normalised, origins = normalise_with_origins(text)
    assert normalised == normalise(text)
    assert len(origins) == len(normalised)
    assert origins == sorted(origins)
    assert all(0 <= place < len(text) for place in origins)


@given(MIXED)
def test_normalising_twice_changes_no_letter(text):
    once = normalise(text)
    letters = [character for character in normalise(once) if unicodedata.category(character)[0] in "LN"]
    assert letters == [character for character in once if unicodedata.category(character)[0] in "LN"]


@pytest.mark.parametrize("piece", [" ", "0", "〔", "〔2020〕", "〔2020〕0", "大 ", "1，234", "2020年 "])
def test_a_long_repetition_costs_no_more_than_a_long_text(piece):
    text = "〔2020" + piece * (200_000 // len(piece))
    started = time.perf_counter()
    normalise(text)
    assert time.perf_counter() - started < 2
