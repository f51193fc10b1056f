from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import EditionState, Origin
from gongkai.core.publishing.models import Publication
from gongkai.foundation.workdays import api as workdays
from tests.factories.publishing import a_content, a_draft, a_text_in_review

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_clock(bureau, settings, friday):
    settings.BUSINESS_CLOCK = "demo"
    workdays.anchor_demo_clock(at=friday, system_now=friday)


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def states():
    return [publishing.get_draft(uuid).state for uuid in Publication.objects.order_by("id").values_list("uuid", flat=True)]


def test_drafts_are_submitted_as_somebody_and_those_that_stay_are_named(clerk, friday):
    a_draft(actor=clerk, now=friday)
    a_draft(actor=clerk, now=friday, content=a_content(title="缺要素的稿", elements={}))

    answer = run("submit_drafts", "--as", "周岚")

    assert "没有送审：缺要素的稿\n    还不能送审：3 处提醒" in answer
    assert "共 2 份草稿，送审 1 份，留着 1 份。" in answer
    assert states() == [EditionState.IN_REVIEW, EditionState.DRAFT]


def test_a_reason_lets_imported_originals_through(clerk, friday):
    a_draft(actor=clerk, now=friday, content=a_content(elements={}, document_number="国办函[2020]109号"), origin=Origin.IMPORTED)

    assert "送审 1 份" in run("submit_drafts", "--as", "何静", "--pass-reason", "历史原件，照原样公开")
    assert {row.officer_name for row in publishing.list_findings(Publication.objects.get().uuid).passed.values()} == {"何静"}


def test_a_dry_run_submits_nothing(clerk, friday):
    a_draft(actor=clerk, now=friday)
    assert "送审 0 份，留着 1 份" in run("submit_drafts", "--as", "周岚", "--dry-run")
    assert states() == [EditionState.DRAFT]


@pytest.mark.parametrize("words", [["submit_drafts", "--as", "查无此人"], ["pass_reviews", "--as", "查无此人"]])
def test_an_unknown_name_is_refused_in_words(words):
    with pytest.raises(CommandError, match="查无此人"):
        run(*words)


def test_each_reviewer_passes_only_his_own_step(clerk, friday):
    a_text_in_review(actor=clerk, now=friday)

    assert "陈默：通过 1 步。" in run("pass_reviews", "--as", "陈默")
    assert "陈默：通过 0 步。" in run("pass_reviews", "--as", "陈默")
    assert "周岚：通过 0 步。" in run("pass_reviews", "--as", "周岚")
    assert "林晓：通过 1 步。" in run("pass_reviews", "--as", "林晓")
    assert publishing.count_published() == 0
    assert "顾长青：通过 1 步。" in run("pass_reviews", "--as", "顾长青")
    assert publishing.count_published() == 1


def test_everybody_in_turn_makes_all_of_it_public(clerk, friday):
    for number in range(3):
        a_text_in_review(actor=clerk, now=friday, content=a_content(title=f"稿{number}"))

    answer = run("pass_reviews", "--everybody")

    assert "共通过 9 步，0 份没有通过。" in answer
    assert publishing.count_published() == 3


def test_a_dry_run_passes_nothing(clerk, friday):
    a_text_in_review(actor=clerk, now=friday)
    assert "陈默：等他审 1 份。" in run("pass_reviews", "--as", "陈默", "--dry-run")
    assert publishing.count_review_queue(actor=clerk) == 0


def test_three_counts_agree(clerk, friday):
    a_text_in_review(actor=clerk, now=friday)
    a_draft(actor=clerk, now=friday)
    run("pass_reviews", "--everybody")

    answer = run("publication_counts")

    assert "已公开：1\n" in answer
    assert "征地信息：1\n" in answer
    assert "分类合计：1\n名录长度：1\n未公开：1" in answer


def test_the_review_terms_are_loaded_once():
    assert "新增 0 行，改动 0 行，不变 6 行" in run("load_review_terms")
