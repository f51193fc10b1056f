import csv
import re
from datetime import date, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from gongkai.core.catalogue.kinds import Category
from gongkai.core.catalogue.rules import Sources, TitleRule, build_terms, choose_code, limit_of, superseded_codes
from gongkai.core.catalogue.tables import read_columns, read_duties, read_table, read_title_rules
from gongkai.core.ledger.kinds import Binding, LimitUnit, PublicDisplay, TermsRow

RECORDS = Path(__file__).parents[3] / "demo/records"
EXPECTED = list(csv.DictReader((Path(__file__).parent / "expected_entries.csv").read_text(encoding="utf-8").splitlines()))
DUTIES = {row["code"]: row for row in read_table("duties")}
DEADLINES = {row["id"]: row for row in read_table("deadlines")}


def title_of(record: str) -> str:
    (title,) = re.findall("^# title: (.*)$", (RECORDS / record).read_text(encoding="utf-8"), re.MULTILINE)
    return str(title)


@pytest.fixture(scope="module")
def terms():
    sources = Sources(DUTIES, DEADLINES, read_table("duty_versions"), {row["code"]: row["name"] for row in read_table("sources")})
    return build_terms(sources)


def terms_of(terms, entry):
    return [row for row in terms if row.entry == entry]


def test_every_sample_record_has_an_expectation():
    assert {row["record"] for row in EXPECTED} == {str(path.relative_to(RECORDS)) for path in RECORDS.rglob("*.txt")}
    assert len(EXPECTED) == 98


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["record"])
def test_a_record_finds_its_entry_by_its_title(row):
    assert choose_code(title_of(row["record"]), read_title_rules()) == row["entry"]


@pytest.mark.parametrize("row", read_table("title_rules"), ids=lambda row: row["entry"])
def test_a_title_rule_chooses_an_entry_for_its_own_example(row):
    assert row["entry"] in DUTIES
    assert choose_code(row["example"], read_title_rules()) == row["entry"]


@pytest.mark.parametrize("title", ["", "通知", "关于国庆值班的安排", "违法用地案件通报", "办公用房装修方案", "今天天气"])
def test_a_title_that_fits_nothing_has_no_entry(title):
    assert choose_code(title, read_title_rules()) is None


def test_the_first_rule_that_fits_wins():
    rules = [TitleRule("预公告", "first"), TitleRule("公告", "second")]
    assert choose_code("征收土地预公告", rules) == "first"
    assert choose_code("征收土地公告", rules) == "second"


@pytest.mark.parametrize(
    "title", ["临自然资告字[2026]6号", "临自然资告字【2026】6号", "临自然资告字﹝2026﹞6號", "临自然资 告字〔2026〕 6号"]
)
def test_brackets_of_a_number_may_be_of_any_kind(title):
    assert choose_code(title, read_title_rules()) == "land.auction_notice"


def test_all_duties_of_the_handbook_are_there():
    assert len(DUTIES) == 187
    assert len(DEADLINES) == 123


def test_copied_data_names_no_web_address():
    tables = ("duties", "local_duties", "deadlines", "duty_versions", "sections", "sources", "title_rules", "laws")
    text = "".join(f"{value}\n" for name in tables for row in read_table(name) for value in row.values())
    assert not re.search(r"https?:|www\.|\.(com|cn|org|net)\b", text)


def test_every_section_has_one_category_and_an_english_address():
    sections = read_table("sections")
    assert {row["section_zh"] for row in sections} == {row["section_zh"] for row in read_duties()}
    assert len({row["slug"] for row in sections}) == len({row["order"] for row in sections}) == len(sections)
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", row["slug"]) for row in sections)
    assert {row["category"] for row in sections} == set(Category.values())


def test_every_source_and_deadline_of_a_duty_is_known():
    names = {row["code"] for row in read_table("sources")} | {"memory"}
    assert {row["source"].rstrip("†") for row in DUTIES.values()} <= names
    assert {row["deadline_id"] for row in DUTIES.values()} - {""} <= set(DEADLINES)


def test_versions_of_a_duty_follow_each_other_without_gap():
    for duty, versions in groupby(read_table("duty_versions"), key=lambda row: row["duty"]):
        rows = list(versions)
        assert rows[-1]["to"] == "", duty
        for older, newer in pairwise(rows):
            assert date.fromisoformat(older["to"]) + timedelta(days=1) == date.fromisoformat(newer["from"])


def test_an_older_version_is_no_entry_of_its_own(terms):
    older = superseded_codes(read_table("duty_versions"))
    assert older == {
        "expro.notice_old", "expro.plan_notice_old", "rer.lost_old", "credit.pub_2019_general", "credit.pub_2019_serious", "credit.pub_old",
    }  # fmt: skip
    assert {row.entry for row in terms} == set(DUTIES) - older


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("expro.notice", [("P10WD", None, date(2021, 8, 31)), ("P15WD", date(2021, 9, 1), None)]),
        ("expro.plan_notice", [("P45D", None, date(2019, 12, 31)), ("min:P30D", date(2020, 1, 1), None)]),
        ("rer.lost", [("min:P15WD", None, date(2024, 5, 20)), ("P0D", date(2024, 5, 21), None)]),
        (
            "credit.pub_general",
            [
                ("P12M", date(2019, 7, 1), date(2023, 4, 30)),
                ("P36M", date(2023, 5, 1), date(2026, 3, 31)),
                ("P12M", date(2026, 4, 1), None),
            ],
        ),
        ("foi.review_response", [("P10D", None, date(2023, 12, 31)), ("P10WD", date(2024, 1, 1), None)]),
        ("finance.budget", [("P20D", None, None)]),
        ("land.result", [("P10WD", None, None)]),
        ("org.profile", [("P20WD", date(2019, 5, 15), None)]),
    ],
)
def test_terms_are_dated_by_their_versions_and_deadlines(terms, entry, expected):
    assert [(row.limit_text, row.effective_from, row.effective_to) for row in terms_of(terms, entry)] == expected


def test_limits_of_a_duty_never_overlap(terms):
    assert len({(row.entry, row.effective_from) for row in terms}) == len(terms)


@pytest.mark.parametrize(
    ("entry", "is_verified"),
    [
        ("org.profile", True),  # both seen
        ("land.supply_plan", False),  # duty and deadline from memory
        ("expro.payment", False),  # the duty from memory, its twenty working days seen
        ("monitor.home", False),  # an excerpt without an original
        ("refused.reassess", True),  # no deadline, the duty seen
    ],
)
def test_only_what_was_seen_counts_as_verified(terms, entry, is_verified):
    (row,) = terms_of(terms, entry)
    assert row.is_verified is is_verified


def test_the_source_says_where_duty_and_limit_were_seen(terms):
    (payment,) = terms_of(terms, "expro.payment")
    assert payment.source == "凭记忆，未核实；期限：公开法规库：政府信息公开条例（2019-04-03）"
    (budget,) = terms_of(terms, "finance.budget")
    assert budget.source == "公开法规库：预算法（2018-12-29）"


def test_binding_display_and_holder_come_with_the_limit(terms):
    (notice, current) = terms_of(terms, "expro.notice")
    assert (current.binding, current.public_display, current.holder) == (Binding.LAW, PublicDisplay.YES, "县级以上地方人民政府")
    assert notice.public_display is PublicDisplay.REVIEW


@pytest.mark.parametrize(
    ("deadline", "limit"),
    [
        ("proactive.publish", "P20WD"),
        ("consult.major_decision", "min:P30D"),
        ("annual.government_publish", "fixed:03-31"),
        ("opinion.other_reply", "PT48H"),
        ("expro.annual_price_adjust", "P3Y"),
        ("request.excess_delay", "none"),
    ],
)
def test_a_deadline_reads_as_one_limit(deadline, limit):
    assert limit_of(DEADLINES[deadline]) == limit


def test_duties_and_deadlines_agree_about_the_number():
    differing = {
        code
        for code, row in DUTIES.items()
        if row["deadline_id"] and DEADLINES[row["deadline_id"]]["unit"] not in {"daily", "weekly", "monthly"}
        if row["time_limit"] != limit_of(DEADLINES[row["deadline_id"]])
    }
    assert differing == {"monitor.new_media"}  # two weeks, said in two ways


def test_every_law_is_listed_once_with_what_was_seen():
    laws = read_table("laws")
    assert len({law["code"] for law in laws}) == len(laws)
    assert {law["is_verified"] for law in laws} == {"yes", "no"}
    assert next(law for law in laws if law["code"] == "OGIR")["title_zh"] == "政府信息公开条例"


def test_what_the_bureau_added_itself_stands_beside_the_handbook():
    own = {row["code"] for row in read_duties()} - set(DUTIES)
    assert own == {row["code"] for row in read_table("local_duties")} == {"news.work"}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("foi.reply", (20, LimitUnit.WORKDAY, None, 20)),
        ("petition.handle", (30, LimitUnit.DAY, 1, None)),
        ("proposal.npc", (None, None, None, None)),
        ("org.profile", (None, None, None, None)),
    ],
)
def test_how_far_a_limit_may_be_extended_comes_with_it(terms, entry, expected):
    row = terms_of(terms, entry)[-1]
    assert (row.extend_amount, row.extend_unit, row.extend_max_times, row.extend_cap_total) == expected


def test_what_stops_a_limit_and_what_begins_it_anew_come_with_it(terms):
    (reply,) = terms_of(terms, "foi.reply")
    assert reply.excluded_time == "征求第三方意见所需时间；征求其他机关意见所需时间"
    assert reply.extend_approval == "政府信息公开工作机构负责人同意并告知申请人"
    assert {row.on_timeout for row in terms} >= {"视为同意公开", "视为放弃申请，不再处理"}
    assert any(row.restart_on.startswith("收到补正的申请之日起") for row in terms)


def test_every_movement_rule_of_a_used_deadline_arrives(terms):
    used = {row.deadline_id for row in terms}
    for deadline in DEADLINES.values():
        rows = [row for row in terms if row.deadline_id == deadline["id"]]
        assert bool(rows) == (deadline["id"] in used)
        for row in rows:
            assert row.extend_approval == deadline["extend_approval"]
            assert (row.restart_on, row.on_timeout) == (deadline["restart_on"], deadline["on_timeout"])


def test_only_publicity_maxima_and_inspection_windows_do_not_roll(terms):
    still: set[TermsRow] = {row for row in terms if not row.rolls}
    assert {row.entry for row in still} == {
        "credit.pub_minor", "credit.pub_general", "credit.pub_serious", "monitor.home", "monitor.news", "monitor.notice",
        "monitor.new_media",
    }  # fmt: skip
    assert all(row.rolls for row in terms_of(terms, "finance.budget"))


def test_no_basis_has_half_width_punctuation(terms):
    assert not [row.basis for row in terms if set(row.basis) & set(";,")]
    assert terms_of(terms, "finance.budget")[0].basis == "条例20条(七)；预算法14条"


def test_every_cadence_of_a_column_is_a_duty_of_the_catalogue(terms):
    known = {row.entry for row in terms}
    columns = read_columns()
    assert {column.cadence for column in columns.values()} | {column.line for column in columns.values()} <= known | {""}
    news, index = columns["news.work"], columns["policy.on_request_list"]
    assert (news.cadence, news.line, news.is_own) == ("monitor.daily", "monitor.news", False)
    assert (index.cadence, index.is_own) == ("policy.on_request_list", True)
    assert columns["land.housing_stock"].is_own
    assert columns["policy.rules"].cadence == ""
    assert columns["policy.rules"].line == "monitor.notice"
