from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.search.kinds import RelaxationKind
from gongkai.core.search.marking import make_excerpt, mark
from gongkai.core.search.rules import IDS_PER_DAY, MOST_TERMS, first_id, list_attempts, number_key, read_question


def terms_of(typed):
    return [clause.shown for clause in read_question(typed).clauses]


def relaxations_of(typed):
    return [relaxed.kind for relaxed, _ in list_attempts(read_question(typed), literal=False) if relaxed]


def marked(fragments):
    return [fragment.text for fragment in fragments if fragment.is_match]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("双桥村 补偿标准", ["双桥村", "补偿标准"]),
        ("双桥村，补偿标准。", ["双桥村", "补偿标准"]),
        ("自然资发[2020]第012号", ["自然资发〔2020〕12号"]),
        ("征地 征地", ["征地"]),
        ("徵地", ["征地"]),
        ("", []),
        ("、。！？*", []),
        ('"征地" OR 1=1; --', ["征地", "or", "1", "1"][:3]),
    ],
)
def test_a_question_is_read_as_terms(typed, terms):
    assert terms_of(typed) == terms


def test_a_question_has_at_most_twelve_terms_and_says_that_it_was_cut():
    question = read_question(" ".join(f"村{number}" for number in range(20)))
    assert len(question.clauses) == MOST_TERMS
    assert question.is_shortened


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(typed):
    question = read_question(typed)
    assert len(question.clauses) <= MOST_TERMS
    for _, match in list_attempts(question, literal=False):
        assert match.clauses


def test_two_ways_of_writing_a_document_number_are_equal():
    assert number_key("自然资发〔2020〕12号") == number_key("自然资发[2020]第012号") != number_key("自然资发〔2020〕121号")


def test_what_is_given_up_comes_in_the_order_letters_words_most_words():
    assert relaxations_of("和服") == [RelaxationKind.LITERAL]
    assert relaxations_of("双桥村征地补偿标准是多少") == [RelaxationKind.WORDS, RelaxationKind.MOST_WORDS]


def test_literal_mode_looks_up_no_words():
    assert all(not clause.is_word for _, match in list_attempts(read_question("和服"), literal=True) for clause in match.clauses)


def test_ids_of_a_day_end_where_those_of_the_next_begin():
    assert first_id(date(2026, 10, 10)) - first_id(date(2026, 10, 9)) == IDS_PER_DAY


@pytest.mark.parametrize(
    ("typed", "text", "marks"),
    [
        ("征地补偿", "關於徵地補償的通知", ["徵地補償"]),
        ("大营村", "在大 营 村口", ["大 营 村"]),
        ("自然资发〔2020〕12号", "依据自然资发（２０２０）第012号文", ["自然资发（２０２０）第012号"]),
        ("2020", "2020年，20201231", ["2020"]),
        ("征地 补偿", "征地补偿", ["征地补偿"]),
    ],
)
def test_what_was_found_is_marked_in_the_original_words(typed, text, marks):
    assert marked(mark(text, read_question(typed).clauses)) == marks


def test_an_excerpt_shows_the_place_that_answers_most_of_the_question():
    body = "补偿。" + "一" * 400 + "双桥村的补偿标准" + "二" * 400
    fragments = make_excerpt(body, read_question("双桥村 补偿标准").clauses)
    assert marked(fragments) == ["双桥村", "补偿标准"]
    assert fragments[0].text == fragments[-1].text == "…"
    assert sum(len(fragment.text) for fragment in fragments) <= 142


def test_an_excerpt_without_a_hit_is_the_beginning():
    assert make_excerpt("开头" + "一" * 300, ())[0].text.startswith("开头")
