"""A hundred lines at once: one that is refused hinders no other, and a line that owes several publications opens them all."""

from datetime import date

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.actions import openings
from gongkai.core.ledger.kinds import ObligationState, Opened
from gongkai.core.ledger.models import Obligation
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import BadInput
from gongkai.producers.disclosure import actions
from gongkai.producers.disclosure.actions import registering
from gongkai.producers.disclosure.kinds import LineState, SourceEntryRow
from gongkai.producers.disclosure.models import Cause, RegisteredNumber, RegisterSource, SheetLine, SourceEntry
from gongkai.producers.disclosure.queries.uploads import get_upload, list_lines
from gongkai.producers.disclosure.rules.sheets import read_entry, write_entry
from tests.factories.registers import a_csv, a_row, agree, an_upload, import_all, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_clock")]

HEAD = ("批文号", "项目名称", "收到批文日期", "事项")
OWED = ["expro.approval", "expro.materials", "expro.notice"]


def an_approval(actor, now, *, title="双桥村项目", day="2026-9-7", kind="批复"):
    data = a_csv(["临政土〔2026〕17号", title, day, kind], head=HEAD)
    return an_upload(actor=actor, now=now, source="expropriation", name="批文.csv", data=data)


def open_duties():
    rows = Obligation.objects.filter(state="OPEN").order_by("entry")
    return list(rows.values_list("entry", "caused_on"))


def test_an_approval_owes_three_publications_and_opens_all_of_them(openness_office, friday):
    import_all(an_approval(openness_office, friday), actor=openness_office, now=friday)

    assert open_duties() == [(entry, date(2026, 9, 7)) for entry in OWED]
    first = Cause.objects.get(registered_number__number__isnull=False)
    assert sorted(first.others.values_list("entry__code", flat=True)) == OWED[1:]
    assert len(set(Obligation.objects.values_list("label", flat=True))) == 3  # told apart in a list
    assert set(Cause.objects.values_list("title", flat=True)) == {"双桥村项目"}  # each text begins with the plain name
    assert len(audit.list_rows(subject=first.others.get(entry__code="expro.notice").uuid)) == 1


def test_the_same_approval_again_opens_nothing(openness_office, friday):
    import_all(an_approval(openness_office, friday), actor=openness_office, now=friday)
    again = an_approval(openness_office, friday)

    assert get_upload(again, actor=openness_office).count(LineState.SAME) == 1
    assert Obligation.objects.count() == 3


def test_another_day_moves_all_three_and_another_kind_takes_the_others_back(openness_office, friday):
    import_all(an_approval(openness_office, friday), actor=openness_office, now=friday)
    import_all(an_approval(openness_office, friday, day="2026-9-8"), actor=openness_office, now=friday, with_changes=True)
    assert open_duties() == [(entry, date(2026, 9, 8)) for entry in OWED]

    only = an_approval(openness_office, friday, day="2026-9-8", kind="征收土地公告")
    (line,), _ = list_lines(upload=get_upload(only, actor=openness_office), states=[LineState.CHANGED], actor=openness_office, now=friday)
    assert [one.label for one in line.differences] == ["公开事项", "同时要公开"]
    assert line.differences[1].new == "没有"
    import_all(only, actor=openness_office, now=friday, with_changes=True)
    assert open_duties() == [("expro.notice", date(2026, 9, 8))]
    assert Cause.objects.filter(withdrawn_at=None).count() == 1


def test_undoing_takes_all_back_and_a_text_begun_for_one_of_them_keeps_all(openness_office, friday):
    upload = an_approval(openness_office, friday)
    import_all(upload, actor=openness_office, now=friday)
    notice = Cause.objects.get(entry__code="expro.notice")
    actions.start_writing(cause=notice.uuid, actor=openness_office, now=friday)
    actions.start_undo(upload=upload, actor=openness_office, now=friday, at_system=friday)
    work()
    assert [entry for entry, _ in open_duties()] == OWED
    assert "已经起草" in SheetLine.objects.get(state="IMPORTED").refusal


def test_undone_they_are_all_gone_and_can_be_registered_again(openness_office, friday):
    upload = an_approval(openness_office, friday)
    import_all(upload, actor=openness_office, now=friday)
    actions.start_undo(upload=upload, actor=openness_office, now=friday, at_system=friday)
    work()
    assert open_duties() == []
    assert not RegisteredNumber.objects.exists()
    assert Cause.objects.filter(withdrawn_at=None).count() == 0

    import_all(an_approval(openness_office, friday), actor=openness_office, now=friday)
    assert [entry for entry, _ in open_duties()] == OWED


def test_what_was_registered_before_the_law_was_known_is_shown_as_a_change(openness_office, friday):
    actions.load_sources()
    SourceEntry.objects.filter(entry__code="expro.approval").update(also="")
    import_all(an_approval(openness_office, friday), actor=openness_office, now=friday)
    assert [entry for entry, _ in open_duties()] == OWED[:1]

    SourceEntry.objects.filter(entry__code="expro.approval").update(also="expro.materials；expro.notice")
    later = an_approval(openness_office, friday)
    assert get_upload(later, actor=openness_office).count(LineState.CHANGED) == 1
    import_all(later, actor=openness_office, now=friday, with_changes=True)
    assert [entry for entry, _ in open_duties()] == OWED
    assert Obligation.objects.filter(state="CANCELLED").count() == 0  # what stood already goes on


def test_what_a_line_owes_is_written_with_plus_signs_and_kept(openness_office, friday):
    row = read_entry(" expro.approval ＋ expro.notice ＝ 批复；征地批准文件")
    assert row == SourceEntryRow("expro.approval", "", ("批复", "征地批准文件"), ("expro.notice",))
    assert read_entry(write_entry(row)) == row
    assert read_entry("expro.notice").also == ()

    actions.load_sources()
    source = RegisterSource.objects.get(code="expropriation")
    actions.save_source(
        code="expropriation", name=source.name, number_label=source.number_label, unit_id=source.unit_id, weekday=3, is_active=True,
        entries=[row], actor=openness_office, now=friday,
    )  # fmt: skip
    assert SourceEntry.objects.get(source=source).also == "expro.notice"


def test_of_a_hundred_one_that_is_refused_hinders_no_other(clerk, friday, monkeypatch):
    upload = an_upload(*(a_row(number) for number in range(6)), actor=clerk, now=friday)
    open_many = openings.open_many

    def refuse_the_third(wanted, **named):
        found = open_many(wanted, **named)
        return [
            Opened(None, BadInput("名称不能用。")) if one.label == "2026-3号地块" else row for one, row in zip(wanted, found, strict=True)
        ]

    monkeypatch.setattr(ledger, "open_many", refuse_the_third)
    row = import_all(upload, actor=clerk, now=friday)

    assert (row.count(LineState.IMPORTED), row.count(LineState.REFUSED)) == (5, 1)
    assert SheetLine.objects.get(state="REFUSED").refusal == "名称不能用。"
    assert Cause.objects.count() == RegisteredNumber.objects.count() == Obligation.objects.filter(state="OPEN").count() == 5


def test_a_hundred_lines_cost_no_more_queries_than_ten(clerk, friday, django_assert_max_num_queries):
    for number, most in ((10, 60), (100, 60)):
        upload = an_upload(*(a_row(number * 1000 + at) for at in range(number)), actor=clerk, now=friday)
        row = get_upload(upload, actor=clerk)
        lines = list(SheetLine.objects.filter(upload_id=row.id, state="READY").order_by("number"))
        with django_assert_max_num_queries(most):
            registering.import_lines(row, lines, actor=clerk, now=friday)
    assert Obligation.objects.filter(state=ObligationState.OPEN.value).count() == 110


def test_two_lines_with_one_number_are_registered_once(clerk, friday):
    upload = an_upload(a_row(1), a_row(2), actor=clerk, now=friday)
    SheetLine.objects.filter(key="9901002026B00002").update(key="9901002026B00001", cells=a_row(1))
    agree(upload, actor=clerk, now=friday)
    work()
    assert sorted(SheetLine.objects.exclude(state="ASIDE").values_list("state", flat=True)) == ["IMPORTED", "SAME"]
    assert Cause.objects.count() == 1
