from datetime import date, timedelta
from functools import partial
from threading import Thread
from typing import Any

import pytest
from django.db import connections

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox.models import Intent
from gongkai.foundation.outbox.worker import run_once
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure import api as disclosure
from gongkai.producers.disclosure.actions import registering, sheets
from gongkai.producers.disclosure.kinds import CauseOrigin, LineState, SheetField, SourceEntryRow, UploadState
from gongkai.producers.disclosure.models import Cause, RegisteredNumber, RegisterSource, SheetLine, SheetUpload
from gongkai.producers.disclosure.queries.uploads import get_upload, list_lines, list_unknown_words
from tests.factories.disclosure import the_duty
from tests.factories.outbox import later
from tests.factories.registers import HEAD, NOON, a_csv, a_row, agree, an_upload, import_all, work
from tests.producers.disclosure.test_tables import a_workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_clock")]


def counts_of(upload, actor):
    return {state.value: number for state, number in get_upload(upload, actor=actor).counts.items()}


def the_lines(upload, actor, friday, *states):
    lines, _ = list_lines(upload=get_upload(upload, actor=actor), states=states or list(LineState), actor=actor, now=friday, size=500)
    return lines


def the_cause(number=17):
    return disclosure.get_cause(Cause.objects.get(registered_number__number=f"9901002026B{number:05}").uuid)


def test_the_four_registers_are_there_once_and_stay_as_people_left_them(openness_office):
    assert actions.load_sources().created == 4
    RegisterSource.objects.filter(code="oa").update(name="OA 发文簿")
    assert actions.load_sources().unchanged == 4
    assert [source.name for source in disclosure.list_sources()] == ["土地市场动态监测监管系统", "征地审批", "双公示", "OA 发文簿"]
    assert all(source.entries for source in disclosure.list_sources())


def test_an_upload_registers_nothing_and_is_read_as_guessed(clerk, friday):
    actions.load_sources()
    upload = actions.upload_sheet(source="land_market", name="供地.csv", data=a_csv(a_row()), actor=clerk, now=friday)
    row = get_upload(upload, actor=clerk)
    assert row.state is UploadState.READING
    assert {part: row.reading.names[at] for part, at in row.reading.columns.items()} == dict(zip(SheetField, HEAD, strict=True))
    assert not Cause.objects.exists()


def test_each_row_becomes_a_cause_with_its_duty_and_its_number(clerk, friday):
    upload = an_upload(a_row(17), a_row(18, kind="协议出让", day="2026-09-30"), actor=clerk, now=friday)
    assert counts_of(upload, clerk) == {"ASIDE": 1, "READY": 2}

    row = import_all(upload, actor=clerk, now=friday)

    assert (row.state, row.counts[LineState.IMPORTED]) == (UploadState.IMPORTED, 2)
    cause = the_cause(17)
    assert (cause.title, cause.happened_on, cause.entry_code) == ("2026-17号地块", date(2026, 9, 7), "land.contract_result")
    assert (cause.origin, cause.registered_by) == (CauseOrigin.SHEET, "周岚")
    assert cause.note == "土地市场动态监测监管系统，电子监管号 9901002026B00017"
    duty = the_duty(cause)
    assert (duty.caused_on, duty.unit_id, duty.state) == (date(2026, 9, 7), cause.unit_id, ObligationState.OPEN)
    assert the_cause(18).entry_code == "land.negotiated_result"
    assert [line.act for line in audit.list_rows(subject=cause.uuid)] == ["disclosure.register_row"]
    acts = [line.act for line in audit.list_rows(subject=upload)]
    assert acts == ["disclosure.upload_sheet", "disclosure.read_columns", "disclosure.import_sheet", "disclosure.sheet_imported"]


def test_the_same_sheet_again_doubles_nothing(clerk, friday):
    rows = [a_row(number) for number in range(5)]
    import_all(an_upload(*rows, actor=clerk, now=friday), actor=clerk, now=friday)
    again = an_upload(*rows, actor=clerk, now=friday + timedelta(days=7))
    assert counts_of(again, clerk) == {"ASIDE": 1, "SAME": 5}
    with pytest.raises(ActNotPossible, match="没有可以导入的行"):
        agree(again, actor=clerk, now=friday)
    assert Cause.objects.count() == RegisteredNumber.objects.count() == 5


def test_a_number_written_otherwise_is_no_other_thing(openness_office, friday):
    head = ("批文号", "项目名称", "收到批文日期", "事项")
    first = a_csv(["临政土〔2026〕17号", "双桥村项目", "2026-9-7", "批复"], head=head)
    again = a_csv(["临政土【2026】１７号", "双桥村项目", "2026.9.7", "征地批准文件"], head=head)
    import_all(an_upload(actor=openness_office, now=friday, source="expropriation", data=first), actor=openness_office, now=friday)
    assert counts_of(an_upload(actor=openness_office, now=friday, source="expropriation", data=again), openness_office)["SAME"] == 1


def test_a_change_is_shown_with_both_values_and_applied_only_when_confirmed(clerk, friday):
    import_all(an_upload(a_row(), actor=clerk, now=friday), actor=clerk, now=friday)
    before = the_duty(the_cause())
    changed = an_upload(a_row(title="2026-17号地块（一期）", day="2026-09-08"), a_row(18), actor=clerk, now=friday)
    (line,) = the_lines(changed, clerk, friday, LineState.CHANGED)
    assert [(one.label, one.old, one.new) for one in line.differences] == [
        ("名称", "2026-17号地块", "2026-17号地块（一期）"), ("事由日", "2026-09-07", "2026-09-08"),
    ]  # fmt: skip

    import_all(changed, actor=clerk, now=friday)
    assert the_cause().title == "2026-17号地块"
    assert counts_of(changed, clerk) == {"ASIDE": 1, "CHANGED": 1, "IMPORTED": 1}

    import_all(changed, actor=clerk, now=friday, with_changes=True)
    cause = the_cause()
    assert (cause.title, cause.happened_on) == ("2026-17号地块（一期）", date(2026, 9, 8))
    assert the_duty(cause).caused_on == date(2026, 9, 8)
    assert ledger.get_obligation(before.uuid).state is ObligationState.CANCELLED
    assert Cause.objects.count() == 2


def test_another_name_changes_no_clock(clerk, friday):
    import_all(an_upload(a_row(), actor=clerk, now=friday), actor=clerk, now=friday)
    duty = the_duty(the_cause())
    import_all(an_upload(a_row(title="另一个名称"), actor=clerk, now=friday), actor=clerk, now=friday, with_changes=True)
    after = the_duty(the_cause())
    assert (after.uuid, after.label, after.due_at) == (duty.uuid, "另一个名称", duty.due_at)


def test_what_has_a_text_is_not_changed_by_a_sheet(clerk, friday):
    import_all(an_upload(a_row(), actor=clerk, now=friday), actor=clerk, now=friday)
    disclosure.start_writing(cause=the_cause().uuid, actor=clerk, now=friday)
    changed = an_upload(a_row(day="2026-09-08"), actor=clerk, now=friday)
    import_all(changed, actor=clerk, now=friday, with_changes=True)
    (line,) = the_lines(changed, clerk, friday, LineState.REFUSED)
    assert "已经起草" in line.words
    assert the_cause().happened_on == date(2026, 9, 7)


def test_bad_rows_are_named_by_cell_edited_in_place_and_imported_afterwards(clerk, friday):
    upload = an_upload(a_row(17), a_row(18, day="2026-10-12"), a_row(19, unit="火星分局"), a_row(20, kind="租赁"), actor=clerk, now=friday)
    assert counts_of(upload, clerk) == {"ASIDE": 1, "READY": 1, "ERROR": 3}
    first, second, third = the_lines(upload, clerk, friday, LineState.ERROR)
    assert [(cell.text, cell.words[:8]) for cell in first.cells if cell.words] == [("2026-10-12", "2026-10-")]
    assert [cell.text for cell in second.cells if cell.words] == ["火星分局"]
    assert [(word.word, word.lines) for word in list_unknown_words(get_upload(upload, actor=clerk))] == [("火星分局", 1), ("租赁", 1)]
    import_all(upload, actor=clerk, now=friday)  # those that can be, first

    edits = {first.id: {2: "2026-10-08"}, second.id: {4: "开发利用科"}, third.id: {3: "挂牌出让"}}
    assert actions.edit_lines(upload=upload, edits=edits, actor=clerk, now=friday) == 3
    assert counts_of(upload, clerk) == {"ASIDE": 1, "READY": 3, "IMPORTED": 1}
    import_all(upload, actor=clerk, now=friday)
    assert Cause.objects.count() == 4


def test_a_doubled_row_counts_once_and_one_at_odds_is_named_until_it_is_mended(clerk, friday):
    upload = an_upload(a_row(17), a_row(17), a_row(17, title="别的"), actor=clerk, now=friday)
    assert counts_of(upload, clerk) == {"ASIDE": 1, "READY": 1, "DOUBLE": 1, "ERROR": 1}
    (line,) = the_lines(upload, clerk, friday, LineState.ERROR)
    assert [cell.words for cell in line.cells if cell.words] == ["编号和第 2 行相同，别的内容不同。请核对编号，或在来源系统里删去一行。"]
    actions.edit_lines(upload=upload, edits={line.id: {0: "9901002026B00099"}}, actor=clerk, now=friday)
    assert counts_of(upload, clerk) == {"ASIDE": 1, "READY": 2, "DOUBLE": 1}


def test_titles_totals_and_notes_are_told_apart_from_data(clerk, friday):
    title, total, note = ["供地情况表"], ["合计", "", "", "2", ""], ["制表人：周岚"]
    upload = an_upload(actor=clerk, now=friday, data=a_csv(title, HEAD, a_row(17), HEAD, a_row(18), total, note, head=None))
    assert counts_of(upload, clerk) == {"ASIDE": 5, "READY": 2}
    assert [(number, why) for number, why, _ in get_upload(upload, actor=clerk).asides] == [
        (1, "表头上面的标题"),
        (6, "合计"),
        (7, "表下的说明"),
    ]


def test_how_a_sheet_was_read_is_remembered_for_the_next(clerk, friday):
    actions.load_sources()
    head = ("流水", "地块", "哪一天", "怎么供")
    data = a_csv(["A1", "17号地块", "2026-9-7", "竞价"], head=head)
    upload = actions.upload_sheet(source="land_market", name="表.csv", data=data, actor=clerk, now=friday)
    row = get_upload(upload, actor=clerk)
    assert (row.reading.header, row.reading.columns) == ((), {})
    said = actions.guess_reading(row.id, row.source, sheet=0, header=(1,))
    columns = dict(zip(SheetField, range(4), strict=False))
    reading = type(said)(**{**said.__dict__, "columns": columns, "kinds": {**said.kinds, "竞价": "land.contract_result"}})
    actions.set_reading(upload=upload, reading=reading, actor=clerk, now=friday)
    assert counts_of(upload, clerk) == {"ASIDE": 1, "READY": 1}

    again = actions.upload_sheet(source="land_market", name="表.csv", data=data, actor=clerk, now=friday)
    guessed = get_upload(again, actor=clerk).reading
    assert (guessed.header, guessed.columns, guessed.kinds["竞价"]) == ((1,), columns, "land.contract_result")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({SheetField.TITLE: 1, SheetField.DAY: 2, SheetField.KIND: 3}, "请选哪一列是“电子监管号”"),
        ({SheetField.NUMBER: 0, SheetField.TITLE: 0, SheetField.DAY: 2, SheetField.KIND: 3}, "同一列不能当两样用"),
        ({SheetField.NUMBER: 0, SheetField.TITLE: 1, SheetField.DAY: 2}, "登记成哪一项公开事项"),
    ],
)
def test_a_reading_that_cannot_work_is_refused_and_keeps_the_upload(clerk, friday, columns, words):
    actions.load_sources()
    upload = actions.upload_sheet(source="land_market", name="表.csv", data=a_csv(a_row()), actor=clerk, now=friday)
    reading = get_upload(upload, actor=clerk).reading
    with pytest.raises(BadInput, match=words):
        actions.set_reading(upload=upload, reading=type(reading)(**{**reading.__dict__, "columns": columns}), actor=clerk, now=friday)
    assert get_upload(upload, actor=clerk).state is UploadState.READING
    assert SheetLine.objects.filter(upload__uuid=upload).count() == 2


def test_an_entry_without_a_computable_limit_is_registered_and_no_clock_runs(openness_office, friday):
    actions.load_sources()
    RegisterSource.objects.get(code="oa").entries.all().delete()
    row = disclosure.get_source("oa")
    entries = [SourceEntryRow("mineral.restore_plan", "", ())]
    values: dict[str, Any] = {"name": row.name, "number_label": row.number_label, "unit_id": row.unit_id, "weekday": 5, "is_active": True}
    actions.save_source(code="oa", entries=entries, actor=openness_office, now=friday, **values)
    data = a_csv(["临自然资〔2026〕9号", "石门矿区修复方案", "2026-9-30"], head=("文号", "标题", "印发日期"))
    upload = an_upload(actor=openness_office, now=friday, source="oa", data=data)
    import_all(upload, actor=openness_office, now=friday)
    assert Cause.objects.get().obligation_id is None
    assert get_upload(upload, actor=openness_office).counts[LineState.IMPORTED] == 1


def test_nobody_registers_rows_of_units_he_may_not_write_for_and_the_openness_office_does(clerk, openness_office, friday):
    rows = [a_row(17), a_row(18, unit="征地科")]
    mine = an_upload(*rows, actor=clerk, now=friday)
    assert counts_of(mine, clerk) == {"ASIDE": 1, "READY": 1, "ERROR": 1}
    assert "没有替征地科登记的权限" in "".join(
        cell.words for line in the_lines(mine, clerk, friday, LineState.ERROR) for cell in line.cells
    )
    assert counts_of(an_upload(*rows, actor=openness_office, now=friday), openness_office)["READY"] == 2


def test_a_right_that_was_lost_since_the_check_keeps_the_row_out(clerk, unit_head, friday):
    upload = an_upload(a_row(17), actor=clerk, now=friday)
    agree(upload, actor=clerk, now=friday)
    SheetUpload.objects.update(imported_by_id=unit_head.officer_id)  # as if his post had changed hands: he holds no right to write
    assert not unit_head.units(Right.WRITE)
    work()
    assert counts_of(upload, clerk) == {"ASIDE": 1, "ERROR": 1}
    assert not Cause.objects.exists()


def test_who_may_not_write_cannot_upload_and_others_do_not_see_the_sheet(clerk, secrecy_reviewer, openness_office, friday):
    upload = an_upload(a_row(), actor=clerk, now=friday)
    with pytest.raises(NotAllowed, match="不能上传登记表"):
        actions.upload_sheet(source="land_market", name="x.csv", data=a_csv(a_row()), actor=secrecy_reviewer, now=friday)
    with pytest.raises(NotFound, match="没有这份登记表"):
        get_upload(upload, actor=secrecy_reviewer)
    assert get_upload(upload, actor=openness_office).file_name == "供地.csv"


def test_the_numbers_on_the_button_are_those_that_are_imported(clerk, friday):
    upload = an_upload(a_row(17), actor=clerk, now=friday)
    with pytest.raises(SomebodyWasFaster, match="行数变了"):
        actions.start_import(upload=upload, ready=2, changes=None, actor=clerk, now=friday, at_system=NOON)
    agree(upload, actor=clerk, now=friday)
    with pytest.raises(ActNotPossible, match="导入中"):
        agree(upload, actor=clerk, now=friday)
    assert Intent.objects.count() == 1


def test_an_import_goes_by_hundreds_and_shows_how_far_it_is(clerk, friday):
    upload = an_upload(*(a_row(number) for number in range(230)), actor=clerk, now=friday)
    agree(upload, actor=clerk, now=friday)
    work(1)
    assert counts_of(upload, clerk) == {"ASIDE": 1, "READY": 130, "IMPORTED": 100}
    assert list(Intent.objects.values_list("progress_done", "progress_total")) == [(100, 230)]
    assert work() == 3
    assert Cause.objects.count() == 230


def test_killed_in_the_middle_of_a_hundred_it_goes_on_without_doubles(clerk, friday, monkeypatch):
    upload = an_upload(*(a_row(number) for number in range(150)), actor=clerk, now=friday)
    agree(upload, actor=clerk, now=friday)
    open_duties, done = registering._open_duties, []

    def die_in_the_second_hundred(*args, **named):
        open_duties(*args, **named)
        done.append(1)
        if len(done) == 2:
            raise SystemExit("kill -9")

    monkeypatch.setattr(registering, "_open_duties", die_in_the_second_hundred)
    with pytest.raises(SystemExit):
        work()
    assert Cause.objects.count() == RegisteredNumber.objects.count() == 100  # the second hundred left nothing behind
    assert Intent.objects.get().state == "RUNNING"
    monkeypatch.setattr(registering, "_open_duties", open_duties)

    for minute in range(2, 6):
        run_once(partial(later, minutes=minute), "another worker")

    assert get_upload(upload, actor=clerk).state is UploadState.IMPORTED
    assert Cause.objects.count() == RegisteredNumber.objects.count() == 150
    assert len(ledger.list_obligations(subject=the_cause(149).uuid)) == 1


def test_of_two_people_who_import_the_same_sheet_the_second_finds_it_registered(clerk, openness_office, friday):
    rows = [a_row(number) for number in range(3)]
    mine, hers = an_upload(*rows, actor=clerk, now=friday), an_upload(*rows, actor=openness_office, now=friday)
    agree(mine, actor=clerk, now=friday)
    agree(hers, actor=openness_office, now=friday)
    work()
    assert sorted([counts_of(mine, clerk).get("IMPORTED", 0), counts_of(hers, openness_office).get("IMPORTED", 0)]) == [0, 3]
    assert counts_of(hers, openness_office) == {"ASIDE": 1, "SAME": 3}
    assert Cause.objects.count() == 3


def test_what_another_registered_otherwise_meanwhile_is_not_overwritten_unseen(clerk, openness_office, friday):
    mine, hers = an_upload(a_row(), actor=clerk, now=friday), an_upload(a_row(title="她的写法"), actor=openness_office, now=friday)
    import_all(mine, actor=clerk, now=friday)
    import_all(hers, actor=openness_office, now=friday)
    (line,) = the_lines(hers, openness_office, friday, LineState.REFUSED)
    assert "刚由别人登记，内容不同" in line.words
    actions.recheck(upload=hers, actor=openness_office, now=friday)
    assert counts_of(hers, openness_office) == {"ASIDE": 1, "CHANGED": 1}


def test_an_import_is_undone_within_a_day_and_can_be_done_again(clerk, friday):
    rows = [a_row(number) for number in range(130)]
    upload = an_upload(*rows, actor=clerk, now=friday)
    import_all(upload, actor=clerk, now=friday)
    cause = the_cause(5)

    actions.start_undo(upload=upload, actor=clerk, now=friday, at_system=NOON)
    work()

    assert get_upload(upload, actor=clerk).state is UploadState.UNDONE
    assert counts_of(upload, clerk) == {"ASIDE": 1, "UNDONE": 130}
    assert ledger.get_obligation(cause.obligation).state is ObligationState.CANCELLED
    assert disclosure.get_cause(cause.uuid).withdrawn_at is not None
    assert disclosure.list_causes(unit_ids={cause.unit_id}).rows == ()
    with pytest.raises(ActNotPossible, match="登记已经撤销"):
        disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday)
    assert not RegisteredNumber.objects.exists()
    again = an_upload(*rows, actor=clerk, now=friday)
    assert import_all(again, actor=clerk, now=friday).counts[LineState.IMPORTED] == 130


def test_undoing_spares_what_something_was_built_on_and_says_so(clerk, friday):
    upload = an_upload(a_row(17), a_row(18), a_row(19), actor=clerk, now=friday)
    import_all(upload, actor=clerk, now=friday)
    disclosure.start_writing(cause=the_cause(17).uuid, actor=clerk, now=friday)
    import_all(an_upload(a_row(19, title="后来的名称"), actor=clerk, now=friday), actor=clerk, now=friday, with_changes=True)

    actions.start_undo(upload=upload, actor=clerk, now=friday, at_system=NOON)
    work()

    row = get_upload(upload, actor=clerk)
    assert (row.state, row.counts[LineState.IMPORTED], row.counts[LineState.UNDONE]) == (UploadState.IMPORTED, 2, 1)
    assert [line.words[:5] for line in the_lines(upload, clerk, friday, LineState.IMPORTED)] == ["已经起草，", "后来又有改"]
    assert the_cause(17).withdrawn_at is None


def test_undoing_a_change_gives_back_what_was_there(clerk, friday):
    import_all(an_upload(a_row(), actor=clerk, now=friday), actor=clerk, now=friday)
    changed = an_upload(a_row(title="改了", day="2026-09-08"), actor=clerk, now=friday)
    import_all(changed, actor=clerk, now=friday, with_changes=True)
    actions.start_undo(upload=changed, actor=clerk, now=friday, at_system=NOON)
    work()
    cause = the_cause()
    assert (cause.title, cause.happened_on, the_duty(cause).caused_on) == ("2026-17号地块", date(2026, 9, 7), date(2026, 9, 7))
    assert (cause.withdrawn_at, the_duty(cause).state) == (None, ObligationState.OPEN)


def test_after_a_day_nothing_is_undone(clerk, friday):
    upload = an_upload(a_row(), actor=clerk, now=friday)
    import_all(upload, actor=clerk, now=friday)
    with pytest.raises(ActNotPossible, match="过了一天"):
        actions.start_undo(upload=upload, actor=clerk, now=friday + timedelta(days=1, minutes=5), at_system=NOON)


def test_a_sheet_thrown_away_leaves_no_names_behind_and_old_lines_go(clerk, friday):
    upload = an_upload(a_row(), actor=clerk, now=friday)
    actions.discard(upload=upload, actor=clerk, now=friday)
    assert not SheetLine.objects.exists()
    old = an_upload(a_row(), actor=clerk, now=friday)
    import_all(old, actor=clerk, now=friday)
    an_upload(a_row(18), actor=clerk, now=friday + timedelta(days=31))
    assert not SheetLine.objects.filter(upload__uuid=old).exists()
    assert Cause.objects.exists()


def test_of_two_sheets_in_a_workbook_the_one_that_fits_is_taken_and_another_can_be(clerk, friday):
    data = a_workbook(["说明"], ["请按月填"], title="说明", more={"九月": [HEAD, a_row(17)], "十月": [HEAD, a_row(18), a_row(19)]})
    upload = an_upload(actor=clerk, now=friday, name="供地.xlsx", data=data)
    row = get_upload(upload, actor=clerk)
    assert (row.sheets[row.reading.sheet], row.count(LineState.READY)) == ("九月", 1)
    other = actions.guess_reading(row.id, row.source, sheet=2)
    actions.set_reading(upload=upload, reading=other, actor=clerk, now=friday)
    assert get_upload(upload, actor=clerk).count(LineState.READY) == 2


def test_the_week_shows_what_came_and_reminds_of_what_did_not(clerk, friday):
    import_all(an_upload(a_row(17), a_row(18), actor=clerk, now=friday), actor=clerk, now=friday)
    week = {row.source.code: row for row in disclosure.list_week(friday)}
    assert (week["land_market"].rows, week["land_market"].is_late_reminder) == (2, False)
    assert week["dual"].due_day == date(2026, 10, 8)  # Tuesday the 6th is a holiday
    assert week["dual"].is_late_reminder
    assert not week["oa"].is_late_reminder  # its day is today
    assert not {row.source.code for row in disclosure.list_week(friday + timedelta(days=3)) if row.imported_at}


def test_only_the_openness_office_sets_up_registers(clerk, openness_office, friday):
    actions.load_sources()
    row = disclosure.get_source("dual")
    values: dict[str, Any] = {"code": "dual", "name": "信用双公示", "number_label": "文号", "unit_id": row.unit_id, "weekday": 4}
    values["is_active"] = False
    two = [SourceEntryRow("license.dual", "", ("许可",)), SourceEntryRow("penalty.dual", "", ("许可", "处罚"))]
    with pytest.raises(NotAllowed, match="政务公开办"):
        actions.save_source(**values, entries=two, actor=clerk, now=friday)
    with pytest.raises(BadInput, match="“许可”写在两项"):
        actions.save_source(**values, entries=two, actor=openness_office, now=friday)
    actions.save_source(**values, entries=two[:1], actor=openness_office, now=friday)
    assert "dual" not in {source.code for source in disclosure.list_sources()}
    with pytest.raises(ActNotPossible, match="停用"):
        actions.upload_sheet(source="dual", name="x.csv", data=a_csv(a_row()), actor=openness_office, now=friday)


@pytest.mark.postgresql
def test_two_workers_on_one_import_take_turns_by_the_hundred(clerk, friday):
    """Both steps run at once on two connections: the register's row lock makes the second see what the first has done."""
    upload = an_upload(*(a_row(number) for number in range(150)), actor=clerk, now=friday)
    agree(upload, actor=clerk, now=friday)
    pk = SheetUpload.objects.get(uuid=upload).pk
    errors = []

    def step():
        try:
            sheets._import_hundred(pk, friday)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    workers = [Thread(target=step) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert errors == []
    assert Cause.objects.count() == RegisteredNumber.objects.count() == 150
