import pytest

from gongkai.foundation.triggers import rules
from gongkai.foundation.triggers.kinds import RowEvent, Trigger


def a_trigger(**known: object) -> Trigger:
    return Trigger(**({"name": "stone", "table": "stones", "event": RowEvent.UPDATE, "message": "不能改。"} | known))  # type: ignore[arg-type]  # as the test says


def test_a_trigger_without_condition_refuses_always():
    assert rules.refuses_when(a_trigger(), differs="IS NOT") == "1 = 1"


def test_condition_columns_and_purge_hold_together():
    trigger = a_trigger(condition="OLD.hard OR OLD.old", columns=("colour", "weight"), yields_to_purge=True)

    assert rules.refuses_when(trigger, differs="IS NOT") == (
        '(OLD.hard OR OLD.old) AND (OLD."colour" IS NOT NEW."colour" OR OLD."weight" IS NOT NEW."weight") AND '
        "NOT EXISTS (SELECT 1 FROM triggers_purgeopening opening WHERE opening.table_name = 'stones' AND opening.row_id = OLD.id)"
    )


def test_words_with_a_quotation_mark_stay_words():
    assert "RAISE(ABORT, 'it''s')" in rules.render_sqlite(a_trigger(message="it's"))
    assert "MESSAGE = 'it''s'" in rules.render_body(a_trigger(message="it's"))


def test_only_what_guards_against_removal_guards_against_emptying():
    assert len(rules.render_postgresql(a_trigger(event=RowEvent.DELETE))) == 3
    assert len(rules.render_postgresql(a_trigger(event=RowEvent.UPDATE))) == 2
    assert "TRUNCATE" not in rules.render_body(a_trigger(event=RowEvent.UPDATE))


@pytest.mark.parametrize(
    "known",
    [
        {"name": "Stone"},
        {"name": "stone; DROP TABLE stones"},
        {"name": "s" * 52},
        {"event": RowEvent.DELETE, "columns": ("colour",)},
        {"event": RowEvent.INSERT, "yields_to_purge": True},
        {"message": ""},
    ],
)
def test_a_trigger_that_cannot_be_is_refused(known):
    with pytest.raises(ValueError, match="Trigger"):
        rules.check_trigger(a_trigger(**known))


def test_differences_are_told_in_words():
    found = {"same": "x", "changed": "y", "left": "z"}

    assert rules.compare({"same": "x", "changed": "x", "gone": "x"}, found) == [
        "缺少触发器 gone。",
        "触发器 changed 与声明的不一样。",
        "多出触发器 left。",
    ]
