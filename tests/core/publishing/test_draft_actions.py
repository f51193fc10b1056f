from datetime import date, timedelta

import pytest
from django.db import connection

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import EditionState, IncomingFile, Origin
from gongkai.core.publishing.models import Edition, EditionWriter, FindingPass, Publication
from gongkai.foundation.accounts.kinds import Right
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from tests.factories.attachments import an_attachment
from tests.factories.publishing import ELEMENTS, ENTRY, a_content, a_draft, a_file, an_actor, the_unit_of

pytestmark = pytest.mark.django_db

WRONG = "<p>根据国办函[2020]109号规定，拟征收土地。</p>"


def test_a_draft_has_its_address_and_its_author_from_the_start(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)

    draft = publishing.get_draft(uuid)
    assert (draft.path, draft.author_name, draft.state, draft.number) == ("/d/2026/00001/", "周岚", EditionState.DRAFT, 1)
    assert draft.writers == {clerk.officer_id}
    assert not draft.is_public
    assert draft.index_number == ""


def test_path_numbers_are_counted_in_each_year(clerk, friday):
    first, second = a_draft(actor=clerk, now=friday), a_draft(actor=clerk, now=friday)
    later = a_draft(actor=clerk, now=friday + timedelta(days=100))

    paths = [publishing.get_draft(uuid).path for uuid in (first, second, later)]
    assert paths == ["/d/2026/00001/", "/d/2026/00002/", "/d/2027/00001/"]


def test_nobody_starts_a_text_for_another_unit(clerk, friday):
    with pytest.raises(NotAllowed, match="登记和起草"):
        a_draft(actor=clerk, now=friday, unit_id=the_unit_of(clerk) + 1)
    assert not Publication.objects.exists()


def test_an_unknown_entry_is_refused(clerk, friday):
    with pytest.raises(NotFound, match="没有代码为“land"):
        a_draft(actor=clerk, now=friday, entry_code="land.nothing")


def test_a_refused_start_takes_no_path_number(clerk, friday):
    with pytest.raises(BadInput):
        a_draft(actor=clerk, now=friday, content=a_content(title=" "))
    assert publishing.get_draft(a_draft(actor=clerk, now=friday)).path == "/d/2026/00001/"


def test_what_was_pasted_is_cleaned_and_the_author_told(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)

    saved = publishing.save_draft(
        publication=uuid, content=a_content(body_html="<p>一</p><img src='x'><script>y</script>"), seen_hash=None, actor=clerk, now=friday
    )

    assert saved.dropped == ("图片 1 处", "脚本 1 处")
    assert publishing.get_draft(uuid).content.body_html == "<p>一</p>\n"


def test_saving_what_is_there_changes_nothing(clerk, unit_head, friday):
    uuid = a_draft(actor=clerk, now=friday)
    helper = an_actor("陈默", {Right.WRITE: frozenset({the_unit_of(clerk)})})

    publishing.save_draft(publication=uuid, content=a_content(), seen_hash=None, actor=helper, now=friday + timedelta(hours=1))

    draft = publishing.get_draft(uuid)
    assert (draft.saved_by_name, draft.saved_at) == ("周岚", friday)
    assert draft.writers == {clerk.officer_id}


def test_the_second_of_two_who_edit_is_told_and_overwrites_nothing(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    seen = publishing.get_draft(uuid).content_hash
    helper = an_actor("陈默", {Right.WRITE: frozenset({the_unit_of(clerk)})})
    publishing.save_draft(publication=uuid, content=a_content(title="他的标题"), seen_hash=seen, actor=helper, now=friday)

    with pytest.raises(SomebodyWasFaster, match="陈默在 10-09 10:20 改过"):
        publishing.save_draft(publication=uuid, content=a_content(title="我的标题"), seen_hash=seen, actor=clerk, now=friday)
    assert publishing.get_draft(uuid).content.title == "他的标题"


def test_somebody_of_another_unit_cannot_save(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday)
    stranger = an_actor("何静", {Right.WRITE: frozenset({the_unit_of(clerk) + 1})})

    with pytest.raises(NotAllowed):
        publishing.save_draft(publication=uuid, content=a_content(title="x"), seen_hash=None, actor=stranger, now=friday)


def test_an_element_the_entry_does_not_have_is_refused(clerk, friday):
    with pytest.raises(BadInput, match="没有“楼层”这项要素"):
        a_draft(actor=clerk, now=friday, content=a_content(elements={"楼层": "3"}))


def test_a_text_carries_only_files_of_its_own_unit(clerk, friday, sealed_root):
    unit = the_unit_of(clerk)
    own = an_attachment(unit_id=unit, actor=clerk, now=friday)
    foreign = an_attachment(unit_id=unit + 1, actor=clerk, now=friday)

    uuid = a_draft(actor=clerk, now=friday, content=a_content(attachments=(own.uuid,)))
    assert [file.name for file in publishing.get_draft(uuid).attachments] == ["补偿方案.pdf"]
    with pytest.raises(BadInput, match="不是这个单位上传的"):
        a_draft(actor=clerk, now=friday, content=a_content(attachments=(own.uuid, foreign.uuid)))


def test_files_come_in_their_order_and_another_order_is_another_content(clerk, friday, sealed_root):
    uuid = a_draft(actor=clerk, now=friday)
    first, second = publishing.attach_files(
        publication=uuid, files=[a_file("一.txt", "一".encode()), a_file("二.txt", "二".encode())], actor=clerk, now=friday
    ).stored
    hashes = set()
    for order in ((first, second), (second, first), (first,)):
        publishing.save_draft(publication=uuid, content=a_content(attachments=order), seen_hash=None, actor=clerk, now=friday)
        draft = publishing.get_draft(uuid)
        assert tuple(file.uuid for file in draft.attachments) == order
        hashes.add(draft.content_hash)
    assert len(hashes) == 3


def never_read():
    raise AssertionError("read although it cannot be kept")


def test_a_file_too_big_is_refused_by_its_size_and_never_read(clerk, friday, sealed_root):
    uuid = a_draft(actor=clerk, now=friday)
    huge = IncomingFile("大.pdf", 400 * 1024 * 1024, never_read)
    attached = publishing.attach_files(publication=uuid, files=[huge, a_file("小.txt", b"1")], actor=clerk, now=friday)
    assert len(attached.stored) == 1
    assert "“大.pdf”没有添加：文件有 400.0 MB" in attached.refused[0]


def test_nothing_is_read_for_somebody_without_the_right_or_for_a_text_in_review(clerk, unit_head, friday, sealed_root):
    uuid = a_draft(actor=clerk, now=friday)
    file = IncomingFile("一.txt", 1, never_read)
    with pytest.raises(NotAllowed):
        publishing.attach_files(publication=uuid, files=[file], actor=unit_head, now=friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    with pytest.raises(ActNotPossible):
        publishing.attach_files(publication=uuid, files=[file], actor=clerk, now=friday)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_read_and_sealed_outside_the_transaction(clerk, friday, sealed_root):
    uuid = a_draft(actor=clerk, now=friday)
    seen = []

    def read():
        seen.append(connection.in_atomic_block)
        return b"1"

    publishing.attach_files(publication=uuid, files=[IncomingFile("一.txt", 1, read)], actor=clerk, now=friday)
    assert seen == [False]


def test_the_gate_stops_a_wrong_document_number_and_a_missing_element(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=WRONG, elements=dict(list(ELEMENTS.items())[:2])))

    with pytest.raises(ActNotPossible, match="还不能送审：1 处必须改，1 处提醒"):
        publishing.submit(publication=uuid, actor=clerk, now=friday)
    assert publishing.get_draft(uuid).state is EditionState.DRAFT


def test_a_repair_is_put_in_on_the_server_and_the_finding_is_gone(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(title="转发国办函[2020]109号", body_html=WRONG))
    for finding in publishing.list_findings(uuid).standing:
        publishing.repair_finding(publication=uuid, key=finding.key, actor=clerk, now=friday)
        break

    draft = publishing.get_draft(uuid)
    assert draft.content.title == "转发国办函〔2020〕109号"
    (rest,) = publishing.list_findings(uuid).standing
    publishing.repair_finding(publication=uuid, key=rest.key, actor=clerk, now=friday)
    assert "国办函〔2020〕109号" in publishing.get_draft(uuid).content.body_html
    assert publishing.list_findings(uuid).standing == ()


def test_whoever_repairs_has_written_on_the_text(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=WRONG))
    helper = an_actor("陈默", {Right.WRITE: frozenset({the_unit_of(clerk)})})
    (finding,) = publishing.list_findings(uuid).standing

    publishing.repair_finding(publication=uuid, key=finding.key, actor=helper, now=friday)

    assert EditionWriter.objects.filter(officer__name="陈默").exists()


def test_a_warning_passes_with_a_reason_and_a_name_and_only_for_these_words(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(elements={}))
    report = publishing.list_findings(uuid)
    assert report.warnings == 3
    for finding in report.standing:
        publishing.pass_finding(publication=uuid, key=finding.key, reason="正文里没有这一项", actor=clerk, now=friday)

    report = publishing.list_findings(uuid)
    assert report.standing == ()
    assert {row.officer_name for row in report.passed.values()} == {"周岚"}
    publishing.submit(publication=uuid, actor=clerk, now=friday)


def test_a_finding_is_passed_once_and_only_while_it_is_there(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(elements={}))
    key = publishing.list_findings(uuid).standing[0].key
    publishing.pass_finding(publication=uuid, key=key, reason="正文里没有这一项", actor=clerk, now=friday)

    with pytest.raises(ActNotPossible, match="周岚已经为这一处写过理由"):
        publishing.pass_finding(publication=uuid, key=key, reason="正文里没有这一项", actor=clerk, now=friday)
    with pytest.raises(ActNotPossible, match="已经没有了"):
        publishing.pass_finding(publication=uuid, key="0" * 32, reason="正文里没有这一项", actor=clerk, now=friday)
    with pytest.raises(BadInput, match="理由"):
        publishing.pass_finding(publication=uuid, key=publishing.list_findings(uuid).standing[0].key, reason="", actor=clerk, now=friday)
    assert FindingPass.objects.count() == 1


def test_a_block_in_a_text_of_our_own_is_passed_by_nobody(clerk, openness_office, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=WRONG))
    (finding,) = publishing.list_findings(uuid).standing

    for actor in (clerk, openness_office):
        with pytest.raises(ActNotPossible, match="必须改"):
            publishing.pass_finding(publication=uuid, key=finding.key, reason="原文如此", actor=actor, now=friday)


def test_an_imported_original_keeps_its_number_with_a_reason_of_the_openness_office(clerk, openness_office, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=WRONG), origin=Origin.IMPORTED, source="旧网站")
    (finding,) = publishing.list_findings(uuid).standing

    with pytest.raises(NotAllowed, match="只有政务公开办"):
        publishing.pass_finding(publication=uuid, key=finding.key, reason="历史原文如此", actor=clerk, now=friday)
    publishing.pass_finding(publication=uuid, key=finding.key, reason="历史原文如此", actor=openness_office, now=friday)
    publishing.submit(publication=uuid, actor=clerk, now=friday)
    assert publishing.get_draft(uuid).state is EditionState.IN_REVIEW


def test_one_reason_for_all_that_stands_or_for_nothing(clerk, openness_office, friday):
    content = a_content(body_html=WRONG, elements={})
    own = a_draft(actor=clerk, now=friday, content=content)
    old = a_draft(actor=clerk, now=friday, content=content, origin=Origin.IMPORTED)

    publishing.submit_with_reason(publication=old, reason="历史原文如此", actor=openness_office, now=friday)
    assert publishing.get_draft(old).state is EditionState.IN_REVIEW
    with pytest.raises(ActNotPossible, match="必须改"):
        publishing.submit_with_reason(publication=own, reason="历史原文如此", actor=openness_office, now=friday)
    assert not FindingPass.objects.filter(edition__publication__uuid=own).exists()


def test_a_formed_day_is_kept(clerk, friday):
    uuid = a_draft(actor=clerk, now=friday, content=a_content(formed_date=date(2026, 10, 9)))
    assert publishing.get_draft(uuid).content.formed_date == date(2026, 10, 9)


def test_one_publication_has_one_text_on_its_way(clerk, friday, bureau):
    uuid = a_draft(actor=clerk, now=friday)
    edition = Edition.objects.get(publication__uuid=uuid)
    assert Edition.objects.filter(publication=edition.publication).count() == 1
    assert publishing.get_draft(uuid).entry_code == ENTRY
