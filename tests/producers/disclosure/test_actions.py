import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationState
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import EditionState, Origin
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.models import Unit
from gongkai.lib.errors import BadInput, NotAllowed, NotFound, SomebodyWasFaster
from gongkai.producers.disclosure import api as disclosure
from gongkai.producers.disclosure.kinds import CauseOrigin, FoundFile
from gongkai.producers.disclosure.models import Cause, ImportedDocument
from tests.factories.disclosure import a_cause, a_file, the_duty, the_unit
from tests.races import at_once

pytestmark = pytest.mark.django_db
RECORDS = Path(__file__).parents[3] / "demo/records"
WITH_A_CLOCK = 58  # the rest: cadences, limits counted back from an auction, days before the terms began, nine of an unknown day
EXPECTED = Path(__file__).parents[2] / "core/catalogue/expected_entries.csv"


def import_one(file, actor, now):
    return disclosure.import_documents(documents=[file], actor=actor, now=now)


def the_import(actor, now, **head):
    """The cause of one imported document."""
    report = import_one(a_file(**head), actor, now)
    assert not report.refused
    return disclosure.get_cause(Cause.objects.get().uuid)


def test_registering_a_cause_opens_the_duty_with_the_entrys_limit(clerk, friday):
    cause = a_cause(actor=clerk, now=friday)

    (duty,) = ledger.list_obligations(subject=cause.uuid)
    assert (duty.uuid, duty.duty_code, duty.page) == (cause.obligation, "disclosure.publish", "disclosure:cause")
    assert (duty.caused_on, duty.last_day) == (date(2026, 10, 8), date(2026, 10, 21))  # ten working days; Saturday the 10th is worked
    assert duty.state is ObligationState.OPEN


def test_the_duty_belongs_to_the_units_post(clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    duty = the_duty(cause)
    post = organisations.get_duty_post(unit_id=cause.unit_id)
    assert post is not None
    assert duty.post_id == post.id


def test_a_cause_keeps_both_days_and_who_registered_it(clerk, friday):
    cause = a_cause(actor=clerk, now=friday, happened_on=date(2026, 9, 1), note="  合同已签  ", title=" 2026-17号\n地块成交 ")
    assert (cause.happened_on, cause.registered_at) == (date(2026, 9, 1), friday)
    assert (cause.registered_by, cause.origin) == ("周岚", CauseOrigin.REGISTERED)
    assert (cause.title, cause.note) == ("2026-17号 地块成交", "合同已签")


def test_registering_is_written_to_the_trail(clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    (row,) = audit.list_rows(subject=cause.uuid)
    assert (row.act, row.actor_name) == ("disclosure.register", "周岚")


def test_an_old_cause_keeps_the_old_law(openness_office, friday):
    old = a_cause(actor=openness_office, now=friday, entry="expro.notice", happened_on=date(2021, 8, 31))
    new = a_cause(actor=openness_office, now=friday, entry="expro.notice", happened_on=date(2021, 9, 1))
    assert the_duty(old).limit_text == "P10WD"
    assert the_duty(new).limit_text == "P15WD"


@pytest.mark.parametrize("entry", ["summary.yearly", "mineral.restore_plan"])
def test_a_cause_without_a_computable_limit_stands_without_a_duty(openness_office, friday, entry):
    cause = a_cause(actor=openness_office, now=friday, entry=entry)
    assert cause.obligation is None
    assert ledger.list_obligations(subject=cause.uuid) == []


def test_a_limit_counted_back_takes_the_day_of_the_coming_event(clerk, friday):
    cause = a_cause(actor=clerk, now=friday, entry="land.auction_notice", title="17号地块拍卖", happened_on=date(2026, 11, 20))
    assert the_duty(cause).last_day == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("wrong", "refusal", "words"),
    [
        ({"entry": "expro.notice_old"}, BadInput, "已经停用"),
        ({"title": " "}, BadInput, "请写明是哪一件事"),
        ({"happened_on": date(2026, 10, 10)}, BadInput, "在今天之后"),
        ({"happened_on": date(1900, 1, 1)}, BadInput, "不合情理"),
    ],
)
def test_what_cannot_be_registered_is_refused_and_leaves_nothing(openness_office, friday, wrong, refusal, words):
    with pytest.raises(refusal, match=words):
        a_cause(actor=openness_office, now=friday, **wrong)
    assert not Cause.objects.exists()


def test_an_unknown_entry_is_refused(clerk, friday):
    with pytest.raises(NotFound, match="nix"):
        disclosure.register_cause(entry_code="nix", title="x", happened_on=friday.date(), unit_id=1, note="", actor=clerk, now=friday)


def test_nobody_registers_for_a_unit_he_may_not_write_for(unit_head, clerk, friday):
    other = next(unit for unit in organisations.list_units() if unit.id not in clerk.units(Right.WRITE))
    with pytest.raises(NotAllowed, match="没有替这个单位登记的权限"):
        a_cause(actor=clerk, now=friday, unit_id=other.id)


def test_writing_begins_with_what_the_cause_knows(clerk, friday):
    cause = a_cause(actor=clerk, now=friday)

    publication = disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday)

    draft = publishing.get_draft(publication)
    assert (draft.content.title, draft.entry_code, draft.unit_id) == (cause.title, "land.result", cause.unit_id)
    assert draft.obligation == cause.obligation
    assert draft.state is EditionState.DRAFT
    assert disclosure.get_cause(cause.uuid).publication == publication
    assert disclosure.find_texts(causes=[cause.uuid]) == {cause.uuid: publication}


def test_writing_again_opens_the_same_text(clerk, friday):
    cause = a_cause(actor=clerk, now=friday)
    first = disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday)
    assert disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday) == first
    assert publishing.count_publications() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_once_both_end_at_one_text_or_one_is_told(clerk, friday):
    cause = a_cause(actor=clerk, now=friday)

    def begin():
        return disclosure.start_writing(cause=cause.uuid, actor=clerk, now=friday)

    results = at_once(begin, begin)

    assert publishing.count_publications() == 1
    begun = disclosure.get_cause(cause.uuid).publication
    assert begun in results
    assert all(result == begun or isinstance(result, SomebodyWasFaster) for result in results)


def test_nobody_writes_for_a_unit_he_may_not_write_for(clerk, secrecy_reviewer, friday):
    cause = a_cause(actor=clerk, now=friday)
    with pytest.raises(NotAllowed, match="起草"):
        disclosure.start_writing(cause=cause.uuid, actor=secrecy_reviewer, now=friday)


def test_an_imported_document_is_a_draft_with_a_cause_registered_afterwards(openness_office, friday):
    cause = the_import(openness_office, friday, source="白浦县人民政府", number="白政预告〔2026〕3号")

    assert (cause.origin, cause.happened_on, cause.registered_at) == (CauseOrigin.IMPORTED, date(2026, 9, 21), friday)
    assert cause.entry_code == "expro.pre_notice"
    draft = publishing.get_draft(cause.publication)
    assert (draft.origin, draft.source, draft.state) == (Origin.IMPORTED, "白浦县人民政府", EditionState.DRAFT)
    assert (draft.content.document_number, draft.content.formed_date) == ("白政预告〔2026〕3号", date(2026, 9, 21))
    assert "双桥村集体土地2.20公顷" in draft.text
    assert draft.obligation == cause.obligation


def test_the_unit_is_the_one_that_answers_to_the_entrys_usual_owner(openness_office, friday):
    cause = the_import(openness_office, friday)
    assert cause.unit_id == the_unit("征地科").id


def test_the_head_may_name_the_entry(openness_office, friday):
    assert the_import(openness_office, friday, entry="geo.plan").entry_code == "geo.plan"


def test_what_was_assumed_about_the_day_is_noted(openness_office, friday):
    cause = the_import(openness_office, friday, date="2025")
    assert cause.happened_on == date(2025, 12, 31)
    assert "事由日按当年最后一天计" in cause.note
    assert publishing.get_draft(cause.publication).content.formed_date is None


def test_an_import_without_a_computable_limit_says_so(openness_office, friday):
    report = import_one(a_file(title="2025年政务公开工作总结"), openness_office, friday)
    assert "周期" in report.imported[0].remark
    assert Cause.objects.get().obligation_id is None


def test_an_import_does_not_know_the_event_from_which_its_limit_is_counted_back(openness_office, friday):
    report = import_one(a_file(title="临自然资告字〔2026〕6号"), openness_office, friday)
    assert "往前倒数" in report.imported[0].remark
    assert Cause.objects.get().obligation_id is None


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ({"title": "放假通知"}, "看不出是哪一项公开事项：请在文件开头写一行“# entry: 事项代码”"),
        ({"entry": "nix"}, "没有代码为“nix”的事项"),
        ({"entry": "rer.lost_old"}, "已经停用"),
        ({"date": "2027-01-01"}, "在今天之后"),
        ({"date": "2099-13-45"}, "没有这一天"),
        ({"title": None, "text": "好。\n是。"}, "没有标题"),
        ({"text": ""}, "正文是空的"),
    ],
)
def test_a_refused_document_is_named_with_the_reason_and_leaves_nothing(openness_office, friday, head, words):
    report = import_one(a_file(**head), openness_office, friday)
    (refused,) = report.refused
    assert (refused.name, report.imported) == ("notice.txt", ())
    assert words in refused.reason
    assert not Cause.objects.exists()
    assert publishing.count_publications() == 0


def test_an_entry_whose_owner_is_no_unit_is_refused_with_advice(openness_office, friday):
    unit = Unit.objects.get(pk=the_unit("征地科").id)
    Unit.objects.filter(pk=unit.pk).update(usual_names=[], name="别的科", short_name="别的")
    (refused,) = import_one(a_file(), openness_office, friday).refused
    assert "没有单位用这个通称" in refused.reason


def test_nobody_imports_for_units_he_may_not_write_for(clerk, friday):
    (refused,) = import_one(a_file(), clerk, friday).refused
    assert refused.reason.startswith("“征收土地预公告（现场）”（expro.pre_notice）由征地管理科承办，周岚没有替这个单位导入的权限。")
    assert "何静（政务公开办主任）" in refused.reason


def test_a_document_without_a_day_comes_in_but_opens_no_duty_that_would_look_punctual(openness_office, friday):
    (row,) = import_one(a_file(date="unknown"), openness_office, friday).imported
    assert "事由日按导入日计" in row.remark
    assert "不算按时也不算逾期" in row.remark
    assert Cause.objects.get().obligation_id is None


def test_one_refused_document_does_not_keep_the_others_out(openness_office, friday):
    third = a_file(name="3.txt", title="双桥村征地补偿登记公告", text="请于10月20日前登记地上附着物。")
    files = [a_file(name="1.txt"), FoundFile("2.txt", b"\x00"), third]
    report = disclosure.import_documents(documents=files, actor=openness_office, now=friday)
    assert [row.name for row in report.imported] == ["1.txt", "3.txt"]
    assert [row.name for row in report.refused] == ["2.txt"]


def test_the_same_document_comes_in_once(openness_office, friday):
    files = [a_file(name="a.txt"), a_file(name="b.txt"), a_file(name="c.txt", title="双桥村征收土地预公告（转载）")]
    first = disclosure.import_documents(documents=files, actor=openness_office, now=friday)
    again = disclosure.import_documents(documents=files, actor=openness_office, now=friday + timedelta(days=1))
    assert ([row.name for row in first.imported], first.known) == (["a.txt"], ("b.txt", "c.txt"))
    assert (again.imported, again.known) == ((), ("a.txt", "b.txt", "c.txt"))
    assert Cause.objects.count() == publishing.count_publications() == 1


def test_a_dry_run_says_what_would_happen_and_changes_nothing(openness_office, friday):
    files = [a_file(name="a.txt"), a_file(name="b.txt"), a_file(name="c.txt", title="放假通知", text="十月一日至七日放假，请周知。")]
    trial = disclosure.import_documents(documents=files, actor=openness_office, now=friday, dry_run=True)
    assert not Cause.objects.exists()
    assert not ImportedDocument.objects.exists()
    assert publishing.count_publications() == 0
    assert disclosure.import_documents(documents=files, actor=openness_office, now=friday) == trial


@pytest.fixture
def records():
    return [FoundFile(str(path.relative_to(RECORDS)), path.read_bytes()) for path in sorted(RECORDS.rglob("*.txt"))]


def test_all_sample_records_come_in_under_their_entries_and_again_without_doubles(openness_office, friday, records):
    report = disclosure.import_documents(documents=records, actor=openness_office, now=friday)

    assert report.refused == ()
    expected = {row["record"]: row["entry"] for row in csv.DictReader(EXPECTED.read_text(encoding="utf-8").splitlines())}
    assert {row.name: row.entry_code for row in report.imported} == expected
    causes = list(Cause.objects.select_related("obligation"))
    assert len(causes) == publishing.count_publications() == 98
    assert all(cause.publication_id and cause.registered_at == friday for cause in causes)
    assert sum(cause.obligation_id is not None for cause in causes) == WITH_A_CLOCK

    again = disclosure.import_documents(documents=records, actor=openness_office, now=friday)
    assert (len(again.known), again.imported, again.refused) == (98, (), ())
