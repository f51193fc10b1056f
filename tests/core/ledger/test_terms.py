from datetime import date

import pytest

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Binding, ChangeCause, EventKind, LimitUnit, PublicDisplay, TermsDraft, TermsPart
from gongkai.core.ledger.models import DateChange, Event, LocalTerms, Obligation, Terms
from gongkai.core.ledger.queries.versions import mark_of
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.organisations.models import Unit
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, SomebodyWasFaster
from tests.factories.ledger import a_proof, an_obligation, at, some_terms

pytestmark = pytest.mark.django_db

NOW = at("2026-10-09")


@pytest.fixture
def legal_office(bureau):
    """方正言, 科长 of 政策法规科."""
    return accounts.find_actor(name="方正言", on=NOW.date())


@pytest.fixture
def own_unit(clerk):
    """The unit of 周岚."""
    return Unit.objects.get(pk=clerk.unit_id)


def the_terms(entry="policy.rules"):
    return Terms.objects.get(entry=entry, is_current=True)


def confirm(actor, terms, display=PublicDisplay.YES, **changed):
    values = {"seen": mark_of(terms), "note": "法规库原文第21条", "actor": actor, "now": NOW, **changed}
    ledger.confirm_terms(terms=terms.pk, public_display=display, **values)
    terms.refresh_from_db()


def a_draft(**changed):
    values = {
        "entry": "policy.rules",
        "limit_text": "P10WD",
        "basis": "条例26条（修订）",
        "source": "政府信息公开条例修订本",
        "effective_from": date(2026, 9, 1),
    }
    return TermsDraft(**{**values, **changed})


def add(actor, draft, now=NOW):
    preview = ledger.preview_terms_version(draft=draft, now=now)
    return ledger.add_terms_version(draft=draft, seen=preview.digest, actor=actor, now=now)


def set_local(actor, *, unit_id=None, limit_text="P10WD", effective_from=date(2026, 10, 1), effective_to=None):
    return ledger.set_local_terms(
        entry="policy.rules", unit_id=unit_id, limit_text=limit_text, reason="局办公会第9次纪要",
        effective_from=effective_from, effective_to=effective_to, actor=actor, now=NOW,
    )  # fmt: skip


# --- loading


def test_everything_a_file_says_about_the_clock_is_kept(calendar):
    said = some_terms(
        entry="foi.reply", extend_amount=20, extend_unit=LimitUnit.WORKDAY, extend_cap_total=20, extend_approval="负责人同意",
        excluded_time="征求第三方意见所需时间", restart_on="收到补正", on_timeout="视为同意", rolls=False,
    )  # fmt: skip
    ledger.load_terms([said])
    assert ledger.find_terms(entry="foi.reply", on=NOW.date()) == said
    assert ledger.load_terms([said]).unchanged == 1


def test_what_the_legal_office_confirmed_survives_the_next_load(bureau, legal_office):
    review = some_terms(entry="land.result", public_display=PublicDisplay.REVIEW, is_verified=False)
    ledger.load_terms([review])
    terms = the_terms("land.result")
    confirm(legal_office, terms)

    assert ledger.load_terms([review]).unchanged == 1
    terms.refresh_from_db()
    assert (terms.is_verified, terms.public_display, terms.confirmed_by.name) == (True, "YES", legal_office.name)


def test_a_limit_that_changed_in_the_file_has_to_be_confirmed_again(bureau, legal_office, own_unit):
    review = some_terms(entry="land.result", is_verified=False)
    ledger.load_terms([review])
    row = an_obligation(own_unit, caused_on=date(2026, 9, 9), now=NOW, entry="land.result")
    confirm(legal_office, the_terms("land.result"))
    ledger.load_terms([some_terms("P15WD", entry="land.result", is_verified=False)])

    assert the_terms("land.result").confirmed_at is None
    assert ledger.get_obligation(row.uuid, now=NOW).limit_text == "P20WD"  # the old case keeps the old law
    assert Obligation.objects.get(uuid=row.uuid).terms.confirmed_at is not None


# --- confirming


def test_a_confirmation_carries_a_name_and_a_day(bureau, legal_office):
    terms = the_terms("land.result")
    assert terms.public_display == "REVIEW"
    confirm(legal_office, terms)

    assert (terms.confirmed_by.name, terms.confirmed_at) == (legal_office.name, NOW)
    (note,) = ledger.get_duty_terms(entry="land.result", now=NOW).history
    assert note.who == legal_office.name
    assert "由“待法规科确认”定为“可以”。法规库原文第21条" in note.words


def test_open_cases_are_confirmed_with_their_terms(bureau, legal_office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW, entry="land.result")
    assert ledger.get_obligation(row.uuid).public_display is PublicDisplay.REVIEW
    confirm(legal_office, the_terms("land.result"))
    assert ledger.get_obligation(row.uuid).public_display is PublicDisplay.YES


@pytest.mark.parametrize("who", ["clerk", "unit_head", "openness_office"])
def test_only_the_legal_office_confirms(request, bureau, who):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed, match="确认期限条款"):
        confirm(actor, the_terms())
    with pytest.raises(NotAllowed):
        set_local(actor)
    with pytest.raises(NotAllowed):
        add(actor, a_draft())
    with pytest.raises(NotAllowed):
        confirm(SYSTEM, the_terms())


def test_an_internal_limit_is_never_shown_to_citizens(bureau, legal_office):
    terms = the_terms("monitor.daily")
    with pytest.raises(ActNotPossible, match="内部要求"):
        confirm(legal_office, terms)
    confirm(legal_office, terms, PublicDisplay.NO)
    with pytest.raises(BadInput, match="定下来"):
        confirm(legal_office, terms, PublicDisplay.REVIEW)


def test_what_changed_since_it_was_read_is_not_confirmed(bureau, legal_office):
    terms = the_terms("land.result")
    seen = mark_of(terms)
    Terms.objects.filter(pk=terms.pk).update(limit_text="P15WD")
    with pytest.raises(SomebodyWasFaster, match="刚被改过"):
        confirm(legal_office, terms, seen=seen)
    with pytest.raises(NotFound):
        ledger.confirm_terms(terms=0, public_display=PublicDisplay.YES, seen="", note="", actor=legal_office, now=NOW)


# --- limits of our own


def test_a_stricter_limit_of_our_own_gives_a_target(bureau, legal_office, own_unit):
    set_local(legal_office)
    set_local(legal_office, unit_id=own_unit.pk, limit_text="P15WD")
    row = an_obligation(own_unit, caused_on=date(2026, 10, 9), now=at("2026-10-09", "10:30"))

    assert (row.target_day, row.last_day) == (date(2026, 10, 29), date(2026, 11, 5))  # the unit's own fifteen working days


@pytest.mark.parametrize(
    ("limit_text", "words"), [("P20WD", "一样"), ("P25WD", "只能更严"), ("P21D", "长假会拖长"), ("min:P5WD", "不能比"), ("20天", "写法")]
)
def test_what_is_not_stricter_is_refused_in_words(bureau, legal_office, limit_text, words):
    with pytest.raises((ActNotPossible, BadInput), match=words):
        set_local(legal_office, limit_text=limit_text)
    assert not LocalTerms.objects.exists()


def test_it_has_to_be_stricter_than_every_version_of_its_time(bureau, legal_office):
    add(legal_office, a_draft(effective_from=date(2027, 1, 1), limit_text="P5WD"))
    with pytest.raises(ActNotPossible, match="2027年1月1日起"):
        set_local(legal_office)
    set_local(legal_office, effective_to=date(2026, 12, 31))
    with pytest.raises(BadInput, match="只能有一条"):
        set_local(legal_office, limit_text="P12WD", effective_to=date(2026, 12, 31))


def test_when_the_law_overtakes_it_the_page_says_so(bureau, legal_office, own_unit):
    set_local(legal_office, limit_text="P12WD", effective_from=date(2026, 1, 1))
    add(legal_office, a_draft(limit_text="P10WD"))
    (local,) = ledger.get_duty_terms(entry="policy.rules", now=NOW).locals

    assert "只能更严" in local.refusal
    row = an_obligation(own_unit, caused_on=date(2026, 10, 9), now=at("2026-10-09", "11:00"))
    assert row.target_day is None


def test_one_that_was_taken_back_gives_no_more_targets(bureau, legal_office, own_unit):
    uuid = set_local(legal_office)
    ledger.withdraw_local_terms(local=uuid, reason="改用新办法", actor=legal_office, now=NOW)
    assert an_obligation(own_unit, caused_on=date(2026, 10, 9), now=at("2026-10-09", "11:00")).target_day is None
    with pytest.raises(ActNotPossible, match="已经停用"):
        ledger.withdraw_local_terms(local=uuid, reason="再一次", actor=legal_office, now=NOW)
    assert set_local(legal_office)  # its place is free


# --- a version by hand


def test_a_version_for_the_past_moves_what_was_shown_and_nothing_else(bureau, legal_office, own_unit):
    before = an_obligation(own_unit, caused_on=date(2026, 8, 31), now=NOW, label="以前的")
    within = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW, label="其间的")
    closed = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW, label="办结的")
    ledger.fulfil(obligation=closed.uuid, evidence=a_proof(), actor=SYSTEM, now=NOW)

    preview = ledger.preview_terms_version(draft=a_draft(), now=NOW)
    (move,) = preview.moves
    assert (move.obligation.uuid, move.from_day, move.to_day) == (within.uuid, date(2026, 10, 27), date(2026, 10, 13))
    assert not Terms.objects.filter(entry="policy.rules", is_by_hand=True).exists()  # looking changes nothing

    assert add(legal_office, a_draft()) == 1
    assert ledger.get_obligation(within.uuid).last_day == date(2026, 10, 13)
    assert ledger.get_obligation(before.uuid).limit_text == "P20WD"
    assert ledger.get_obligation(closed.uuid).limit_text == "P20WD"


def test_who_looked_at_the_old_day_has_to_look_again(bureau, legal_office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW)
    seen = Obligation.objects.get(uuid=row.uuid).moves
    add(legal_office, a_draft())
    assert Obligation.objects.get(uuid=row.uuid).moves == seen + 1


def test_each_moved_case_has_a_change_and_an_event(bureau, legal_office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW)
    add(legal_office, a_draft())
    change = DateChange.objects.get(obligation_id=row.id)

    assert (change.cause, change.from_day, change.to_day) == (ChangeCause.TERMS.value, date(2026, 10, 27), date(2026, 10, 13))
    event = Event.objects.get(obligation_id=row.id, kind=EventKind.MOVED.value)
    assert "由 2026-10-27 改为 2026-10-13" in event.note
    assert AuditRecord.objects.get(act="ledger.add_terms").about["moved"] == 1
    ledger.sweep(now=at("2026-10-14"))
    assert Event.objects.filter(obligation_id=row.id, kind=EventKind.BECAME_OVERDUE.value).count() == 1


def test_what_was_overdue_stays_told_and_is_told_again_for_its_new_day(bureau, legal_office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 8, 3), now=NOW)
    ledger.sweep(now=NOW)
    add(legal_office, a_draft(limit_text="P60WD", effective_from=date(2026, 8, 1)))
    ledger.sweep(now=at("2027-03-01"))

    moments = Event.objects.filter(obligation_id=row.id, kind=EventKind.BECAME_OVERDUE.value).values_list("at", flat=True)
    assert [str(moment.astimezone(NOW.tzinfo).date()) for moment in moments.order_by("at")] == ["2026-09-01", "2026-10-31"]


def test_a_list_that_changed_since_it_was_shown_is_not_moved(bureau, legal_office, own_unit):
    preview = ledger.preview_terms_version(draft=a_draft(), now=NOW)
    an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW)
    with pytest.raises(SomebodyWasFaster, match="重新看一遍"):
        ledger.add_terms_version(draft=a_draft(), seen=preview.digest, actor=legal_office, now=NOW)
    assert not DateChange.objects.exists()


def test_two_who_add_the_same_version_move_a_case_once(bureau, legal_office, own_unit):
    an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW)
    preview = ledger.preview_terms_version(draft=a_draft(), now=NOW)
    given = {"draft": a_draft(), "seen": preview.digest, "actor": legal_office, "now": NOW}
    ledger.add_terms_version(**given)
    with pytest.raises(SomebodyWasFaster):
        ledger.add_terms_version(**given)
    assert DateChange.objects.count() == 1


def test_a_case_that_cannot_be_computed_stays_and_says_why(bureau, legal_office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW)
    draft = a_draft(limit_text="PT48H")
    (move,) = ledger.preview_terms_version(draft=draft, now=NOW).moves
    assert "几点几分" in move.refusal
    assert add(legal_office, draft) == 0
    assert ledger.get_obligation(row.uuid).limit_text == "P20WD"


def test_a_version_taken_back_gives_the_days_back(bureau, legal_office, own_unit):
    row = an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW)
    add(legal_office, a_draft())
    version = Terms.objects.get(entry="policy.rules", is_by_hand=True)
    preview = ledger.preview_withdrawal(terms=version.pk, now=NOW)
    given = {"terms": version.pk, "reason": "看错了文号", "actor": legal_office, "now": NOW}
    assert ledger.withdraw_terms_version(seen=preview.digest, **given) == 1

    assert ledger.get_obligation(row.uuid).last_day == date(2026, 10, 27)
    assert [change.to_day for change in DateChange.objects.order_by("id")] == [date(2026, 10, 13), date(2026, 10, 27)]
    with pytest.raises(ActNotPossible):
        ledger.withdraw_terms_version(seen=preview.digest, **given)


def test_a_version_that_replaced_one_of_the_file_gives_way_to_it_again(bureau, legal_office):
    filed = the_terms()
    add(legal_office, a_draft(effective_from=filed.effective_from))
    filed.refresh_from_db()
    assert filed.is_current is False
    version = the_terms()
    preview = ledger.preview_withdrawal(terms=version.pk, now=NOW)
    ledger.withdraw_terms_version(terms=version.pk, reason="误加", seen=preview.digest, actor=legal_office, now=NOW)
    assert the_terms().pk == filed.pk


def test_the_file_does_not_touch_a_version_that_was_added_by_hand(bureau, legal_office):
    filed = the_terms()
    add(legal_office, a_draft(effective_from=filed.effective_from))
    assert ledger.load_terms([some_terms(effective_from=filed.effective_from)]).unchanged == 1
    assert the_terms().limit_text == "P10WD"
    with pytest.raises(ActNotPossible, match="手工加的"):
        ledger.preview_withdrawal(terms=filed.pk, now=NOW)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"limit_text": "二十天"}, "写法"),
        ({"effective_to": date(2026, 8, 1)}, "止日"),
        ({"basis": " "}, "依据"),
        ({"source": ""}, "来源"),
    ],
)
def test_a_version_that_cannot_be_read_is_refused(bureau, changed, words):
    with pytest.raises(BadInput, match=words):
        ledger.preview_terms_version(draft=a_draft(**changed), now=NOW)


def test_a_version_for_an_unknown_duty_is_not_found(bureau):
    with pytest.raises(NotFound):
        ledger.preview_terms_version(draft=a_draft(entry="no.such"), now=NOW)


# --- lists


def test_the_list_counts_its_parts_with_what_lists_them(bureau, legal_office):
    set_local(legal_office)
    add(legal_office, a_draft(entry="org.profile"))
    found = ledger.list_terms(words="", part=TermsPart.ALL, now=NOW)
    for part in TermsPart:
        assert len(ledger.list_terms(words="", part=part, now=NOW).lines) == found.counts[part], part
    assert found.counts[TermsPart.LOCAL] == found.counts[TermsPart.BY_HAND] == 1
    assert found.counts[TermsPart.UNVERIFIED] > 30
    assert found.counts[TermsPart.CADENCE] > 10


def test_the_list_finds_by_words(bureau):
    lines = ledger.list_terms(words="征收 公告 县级以上", part=TermsPart.ALL, now=NOW).lines
    assert "expro.notice" in {line.version.terms.entry for line in lines}
    assert all("征收" in str(line.version.terms) for line in lines)


def test_a_duty_shows_all_its_versions_newest_first(bureau):
    duty = ledger.get_duty_terms(entry="credit.pub_general", now=NOW)
    assert [version.terms.limit_text for version in duty.versions] == ["P12M", "P36M", "P12M"]
    assert [version.is_held for version in duty.versions] == [True, False, False]
    with pytest.raises(NotFound):
        ledger.get_duty_terms(entry="no.such", now=NOW)


def test_the_lists_cost_the_same_however_many_versions(bureau, legal_office, own_unit, django_assert_num_queries):
    for month in range(1, 9):
        add(legal_office, a_draft(effective_from=date(2027, month, 1)))
        set_local(legal_office, limit_text="P2D", effective_from=date(2027, month, 2))
        an_obligation(own_unit, caused_on=date(2026, 9, 22), now=NOW)
    with django_assert_num_queries(2):
        ledger.list_terms(words="", part=TermsPart.ALL, now=NOW)
    with django_assert_num_queries(4):
        ledger.get_duty_terms(entry="policy.rules", now=NOW)


def test_promises_and_habits_can_be_confirmed_without_being_shown(bureau, legal_office):
    terms = the_terms("publish.unit_review")
    assert terms.binding == Binding.INTERNAL.value
    confirm(legal_office, terms, PublicDisplay.NO)
    assert terms.is_verified
