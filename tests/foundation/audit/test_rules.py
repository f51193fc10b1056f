from gongkai.foundation.audit.rules import NOTE_LENGTH, tidy_about


def test_notes_are_kept_as_they_are():
    about: dict[str, str | int | bool | None] = {"edition": 3, "is_late": True, "reason": "要素以原件为准", "step": None}

    assert tidy_about(about) == about


def test_a_text_that_is_content_and_no_note_is_cut_and_marked():
    kept = str(tidy_about({"reason": "长" * 5000})["reason"])

    assert len(kept) == NOTE_LENGTH
    assert kept.endswith("长…")


def test_a_note_of_the_greatest_length_is_kept_whole():
    assert tidy_about({"reason": "长" * NOTE_LENGTH}) == {"reason": "长" * NOTE_LENGTH}


def test_the_callers_notes_are_not_changed():
    about = {"reason": "a\0b"}
    tidy_about(about)

    assert about == {"reason": "a\0b"}
