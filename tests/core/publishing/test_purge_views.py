"""The pages of 涉密清除: who sees what, what they say, and that no word of the text is on them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.core.publishing.actions import purge as actions
from gongkai.core.publishing.kinds import PurgeState
from gongkai.core.publishing.models import Purge
from gongkai.core.publishing.rules.purge import BY_HAND
from tests.factories.publishing import Reviewers, a_content, a_publication

pytestmark = pytest.mark.django_db

SECRET = "鱻龘靐齾"
FORM = {"reason": "网上巡查发现", "paper": "保密清〔2026〕1号"}


@pytest.fixture
def publication(clerk, unit_head, secrecy_reviewer, signer, friday, demo_clock, portal_root):
    content = a_content(title=f"{SECRET}征收土地预公告")
    return a_publication(actor=clerk, by=Reviewers(unit_head, secrecy_reviewer, signer), now=friday, content=content)


@pytest.fixture
def purge(publication, secrecy_reviewer, friday) -> Purge:
    uuid = actions.request_purge(publication=publication, actor=secrecy_reviewer, now=friday, **FORM)
    return Purge.objects.get(uuid=uuid)


def test_the_page_of_a_text_offers_it_to_the_secrecy_reviewer_alone(sign_in, publication):
    address = reverse("publishing:draft", args=[publication])
    link = reverse("purges:request", args=[publication])

    assert link in sign_in("林晓").get(address).content.decode()
    assert link not in sign_in("周岚").get(address).content.decode()


def test_asking_says_what_will_happen_shows_no_word_and_takes_down(sign_in, publication):
    browser = sign_in("林晓")
    page = browser.get(reverse("purges:request", args=[publication])).content.decode()
    assert "不能恢复" in page
    assert SECRET not in page

    answer = browser.post(reverse("purges:request", args=[publication]), FORM, follow=True)

    assert "待另一人批准" in answer.content.decode()
    assert SECRET not in answer.content.decode()
    assert Purge.objects.get().state == PurgeState.REQUESTED.value


def test_a_form_without_words_comes_back_with_what_was_typed(sign_in, publication):
    answer = sign_in("林晓").post(reverse("purges:request", args=[publication]), {"reason": "巡查发现", "paper": ""})

    assert answer.status_code == 422
    assert "巡查发现" in answer.content.decode()
    assert not Purge.objects.exists()


@pytest.mark.parametrize("name", ["周岚", "何静", "顾长青"])
def test_who_has_no_part_in_it_sees_neither_list_nor_purge(sign_in, purge, name):
    browser = sign_in(name)

    assert browser.get(reverse("purges:list")).status_code == 403
    assert browser.get(reverse("purges:purge", args=[purge.uuid])).status_code == 404
    assert browser.post(reverse("purges:approve", args=[purge.uuid])).status_code == 404
    assert browser.get(reverse("purges:request", args=[purge.publication.uuid])).status_code == 403


def test_the_security_administrator_approves_and_the_one_who_asked_cannot(sign_in, purge):
    asker = sign_in("林晓")
    assert "要由另一个人批准" in asker.get(reverse("purges:purge", args=[purge.uuid])).content.decode()
    assert asker.post(reverse("purges:approve", args=[purge.uuid])).status_code == 403
    browser = sign_in("安若素")
    page = browser.get(reverse("purges:purge", args=[purge.uuid])).content.decode()
    assert "批准清除" in page
    assert SECRET not in page

    answer = browser.post(reverse("purges:approve", args=[purge.uuid]), follow=True)

    assert "正在逐处清除。可以离开此页。" in answer.content.decode()
    assert browser.post(reverse("purges:approve", args=[purge.uuid])).status_code == 409


def test_not_approving_wants_a_reason(sign_in, purge):
    browser = sign_in("安若素")
    assert browser.post(reverse("purges:refuse", args=[purge.uuid]), {"reason": ""}).status_code == 422

    answer = browser.post(reverse("purges:refuse", args=[purge.uuid]), {"reason": "已核定不涉密"}, follow=True)

    assert "已核定不涉密" in answer.content.decode()


def test_backups_are_listed_with_what_to_do_and_confirmed_with_a_note(sign_in, purge, security, friday):
    actions.approve_purge(purge=purge.uuid, actor=security, now=friday, at_system=timezone.now())
    Purge.objects.filter(pk=purge.pk).update(state=PurgeState.CLEARED.value, cleared_at=friday)
    assert "还没有确认" in sign_in("安若素").get(reverse("purges:purge", args=[purge.uuid])).content.decode()
    browser = sign_in("卫东来")
    page = browser.get(reverse("purges:purge", args=[purge.uuid])).content.decode()
    assert page.count("确认已处理") == len(BY_HAND)
    address = reverse("purges:confirm", args=[purge.uuid, "hand.backups"])
    assert browser.post(address, {"hand-backups-note": ""}).status_code == 422

    answer = browser.post(address, {"hand-backups-note": "两份，已重做"}, follow=True)

    assert "卫东来" in answer.content.decode()
    assert "确认：两份，已重做" in answer.content.decode()


def test_the_lists_cost_the_same_for_many(sign_in, purge, django_assert_max_num_queries):
    browser = sign_in("安若素")
    browser.get(reverse("purges:list"))
    with django_assert_max_num_queries(14):
        browser.get(reverse("purges:list"))


@pytest.fixture
def security(bureau):
    from gongkai.foundation.accounts import api as accounts  # noqa: PLC0415
    from tests.conftest import FRIDAY  # noqa: PLC0415

    return accounts.find_actor(name="安若素", on=FRIDAY.date())
