from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from gongkai.foundation.audit import rules
from gongkai.foundation.audit.exporting import read_export, write_export
from gongkai.foundation.audit.kinds import START, AuditRow, Fault, FaultKind, Head, Link

NOON = datetime(2026, 10, 9, 4, 0, tzinfo=UTC)


def a_row(number: int, **changes: object) -> AuditRow:
    return replace(
        AuditRow(
            id=number * 10,
            at=NOON + timedelta(minutes=number),
            recorded_at=NOON + timedelta(minutes=number),
            officer_id=7,
            actor_name="周岚",
            via="",
            act="publishing.save",
            subject=UUID(int=number),
            about={"edition": number, "note": "说明"},
        ),
        **changes,  # type: ignore[arg-type]
    )


def a_chain(count: int, start: Head = START) -> list[Link]:
    links, digest = [], start.digest
    for position in range(start.position + 1, start.position + count + 1):
        row = a_row(position)
        content = rules.content_digest(row)
        digest = rules.link_digest(digest, position, row.id, content)
        links.append(Link(position, row.id, content, digest, row))
    return links


def faults_of(links: Sequence[Link], **known: object) -> list[tuple[FaultKind, int | None]]:
    found = rules.check_chain(links, **known)  # type: ignore[arg-type]
    return [(fault.kind, fault.position) for fault in found if isinstance(fault, Fault)]


def test_a_chain_that_nobody_touched_is_whole():
    assert faults_of(a_chain(5)) == []
    assert faults_of([]) == []


def test_a_stretch_is_proved_from_the_link_before_it():
    links = a_chain(5)

    assert faults_of(links[2:], start=Head(2, links[1].digest)) == []
    assert faults_of(links[2:], start=Head(2, links[0].digest)) == [(FaultKind.BROKEN, 3)]


@pytest.mark.parametrize(
    "changes",
    [
        {"at": NOON},
        {"recorded_at": NOON},
        {"officer_id": None},
        {"actor_name": "张三"},
        {"via": "gongkai review"},
        {"act": "publishing.start"},
        {"subject": None},
        {"about": {"edition": 3, "note": "别的"}},
        {"about": {}},
        {"id": 31},
    ],
)
def test_a_row_of_which_anything_was_changed_is_named(changes):
    links = a_chain(5)
    assert links[2].row is not None
    links[2] = replace(links[2], row=replace(links[2].row, **changes))

    assert faults_of(links) == [(FaultKind.CHANGED, 3)]


def test_the_zone_in_which_a_database_tells_an_instant_changes_nothing():
    links = a_chain(1)
    assert links[0].row is not None
    elsewhere = links[0].row.at.astimezone(timezone(timedelta(hours=8)))

    assert faults_of([replace(links[0], row=replace(links[0].row, at=elsewhere))]) == []


def test_a_record_that_is_gone_is_named():
    links = a_chain(5)
    links[2] = replace(links[2], row=None)

    assert faults_of(links) == [(FaultKind.REMOVED, 3)]


def test_rows_that_are_gone_with_their_links_are_named_once():
    links = a_chain(6)
    words = [found.words for found in rules.check_chain([*links[:1], *links[3:]]) if isinstance(found, Fault)]

    assert words == ["链上第 2 至 3 行不见了：连同封条被删除。"]


def test_a_row_pulled_out_and_the_rest_numbered_anew_is_named():
    links = a_chain(5)
    closed = [*links[:2], *(replace(link, position=link.position - 1) for link in links[3:])]

    assert faults_of(closed) == [(FaultKind.BROKEN, 3), (FaultKind.BROKEN, 4)]


def test_two_rows_that_exchanged_their_places_are_named():
    links = a_chain(5)
    second, third = links[1], links[2]
    links[1], links[2] = replace(third, position=2), replace(second, position=3)

    assert faults_of(links) == [(FaultKind.BROKEN, 2), (FaultKind.BROKEN, 3), (FaultKind.BROKEN, 4)]


def test_two_links_that_exchanged_their_records_are_named_as_moved():
    links = a_chain(4)
    first, third = links[0], links[2]
    links[0], links[2] = replace(first, record_id=third.record_id, row=third.row), replace(third, record_id=first.record_id, row=first.row)

    assert (FaultKind.MOVED, 1) in faults_of(links)
    assert (FaultKind.MOVED, 3) in faults_of(links)


def test_a_row_put_in_between_with_the_rest_moved_up_is_named():
    links = a_chain(4)
    row = a_row(9)
    content = rules.content_digest(row)
    new = Link(3, row.id, content, rules.link_digest(links[1].digest, 3, row.id, content), row)
    moved = [*links[:2], new, *(replace(link, position=link.position + 1) for link in links[2:])]

    assert faults_of(moved) == [(FaultKind.BROKEN, 4), (FaultKind.BROKEN, 5)]


def test_a_chain_computed_anew_is_told_by_a_head_that_was_kept_elsewhere():
    kept = {link.position: link.digest for link in a_chain(5)}
    forged, digest = [], Head().digest
    for link in a_chain(5):
        row = replace(link.row, actor_name="张三") if link.position == 2 and link.row else link.row
        assert row is not None
        content = rules.content_digest(row)
        digest = rules.link_digest(digest, link.position, link.record_id, content)
        forged.append(replace(link, content=content, digest=digest, row=row))

    assert faults_of(forged) == []
    assert faults_of(forged, anchors={1: kept[1], 4: kept[4]}) == [(FaultKind.REWRITTEN, 4)]


def test_an_end_that_was_cut_off_is_told_by_a_head_that_was_kept_elsewhere():
    links = a_chain(5)

    (cut,) = rules.tell_cut(Head(3, links[2].digest), {5: links[4].digest})
    assert cut.words == "链的末尾被截掉：第 4 至 5 行不见了，另存的链头到第 5 行。"
    assert list(rules.tell_cut(Head(5, links[4].digest), {5: links[4].digest})) == []


def test_only_a_row_emptied_by_a_purge_and_told_of_passes():
    links = a_chain(3)
    row = links[1].row
    assert row is not None
    left = replace(row, about=dict(rules.PURGED))
    told = {links[1].record_id: rules.content_digest(left)}

    def second(row: AuditRow) -> list[Link]:
        return [links[0], replace(links[1], row=row), links[2]]

    assert faults_of(second(left), redacted=told) == []
    assert faults_of(second(left)) == [(FaultKind.CHANGED, 2)]
    assert faults_of(second(replace(left, actor_name="张三")), redacted=told) == [(FaultKind.CHANGED, 2)]
    other = replace(row, about={"edition": 99})
    assert faults_of(second(other), redacted={row.id: rules.content_digest(other)}) == [(FaultKind.CHANGED, 2)]


def test_an_export_read_back_is_the_same_chain():
    links = a_chain(3)

    exported = read_export("".join(write_export(links)))

    assert (exported.start, list(exported.links)) == (Head(), links)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "文件是空的"),
        ("公文", "第 1 行不是审计链的一行"),
        ('{"position": 1}', "这不是导出的审计链"),
        ('{"format":"gongkai-audit-1","position":0,"digest":"' + "0" * 64 + '"}\n{"position":1}', "第 2 行缺内容"),
    ],
)
def test_a_file_that_is_no_chain_is_refused_in_words(text, words):
    with pytest.raises(ValueError, match=words):
        read_export(text)


def test_lines_of_a_file_in_another_order_or_twice_are_named():
    first, second = a_chain(2)

    assert faults_of([second, first])[0] == (FaultKind.REMOVED, 1)
    assert (FaultKind.BROKEN, 1) in faults_of([second, first])
    assert (FaultKind.BROKEN, 1) in faults_of([first, first])


def test_heads_are_read_back_from_their_lines():
    head = Head(12, "ab" * 32)

    assert rules.read_anchors(rules.write_anchor(head, NOON) + "\n") == {12: head.digest}
    with pytest.raises(ValueError, match="链头文件第 1 行读不懂"):
        rules.read_anchors("12 abc")
