"""Who writes on a text: the lease of an opened page, taking over, automatic saves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds.editing import EditWindow
from gongkai.core.publishing.models import EditLease
from gongkai.core.publishing.rules.leasing import LEASE, HeldBySomebody, is_on_top
from gongkai.foundation.accounts.kinds import Right
from gongkai.foundation.audit import api as audit
from gongkai.lib.errors import ActNotPossible, NotAllowed, SomebodyWasFaster
from tests.factories.publishing import a_content, a_draft, an_actor, the_unit_of

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 10, 9, 2, 20, tzinfo=UTC)


def a_window(at_system=MORNING):
    return EditWindow(uuid4(), at_system)


def later(window: EditWindow, by: timedelta) -> EditWindow:
    return EditWindow(window.token, window.at_system + by)


@pytest.fixture
def colleague(bureau, clerk):
    """何静, who may write for the clerk's unit."""
    return an_actor("何静", {Right.WRITE: frozenset({the_unit_of(clerk)})}, the_unit_of(clerk))


@pytest.fixture
def text(clerk, friday) -> UUID:
    return a_draft(actor=clerk, now=friday)


def acts(uuid):
    return [row.act for row in audit.list_rows(subject=uuid)]


def test_the_second_is_told_who_and_since_when(text, clerk, colleague, friday):
    publishing.open_editor(publication=text, window=a_window(), actor=clerk, now=friday)

    holder = publishing.open_editor(publication=text, window=a_window(), actor=colleague, now=friday + timedelta(minutes=3))

    assert (holder.officer_name, holder.since, holder.is_here) == ("周岚", friday, False)


def test_a_page_without_a_sign_of_life_holds_nothing_for_long(text, clerk, colleague, friday):
    first = a_window()
    publishing.open_editor(publication=text, window=first, actor=clerk, now=friday)
    just_before = a_window(first.at_system + LEASE - timedelta(seconds=1))
    assert not publishing.open_editor(publication=text, window=just_before, actor=colleague, now=friday).is_here

    assert publishing.open_editor(publication=text, window=a_window(first.at_system + LEASE), actor=colleague, now=friday).is_here


def test_a_sign_of_life_prolongs_and_takes_nothing_back(text, clerk, colleague, friday):
    mine = a_window()
    publishing.open_editor(publication=text, window=mine, actor=clerk, now=friday)
    assert publishing.hold_editor(publication=text, window=later(mine, LEASE / 2), actor=clerk, now=friday).is_here
    assert not publishing.open_editor(publication=text, window=a_window(MORNING + LEASE), actor=colleague, now=friday).is_here

    theirs = a_window(MORNING + LEASE)
    publishing.take_over(publication=text, window=theirs, actor=colleague, now=friday)
    told = publishing.hold_editor(publication=text, window=later(mine, LEASE), actor=clerk, now=friday)
    assert (told.officer_name, told.taken_from, told.is_here) == ("何静", "周岚", False)
    assert EditLease.objects.get().window == theirs.token


def test_taking_over_is_in_the_trail_and_names_from_whom(text, clerk, colleague, friday):
    publishing.open_editor(publication=text, window=a_window(), actor=clerk, now=friday)
    publishing.take_over(publication=text, window=a_window(), actor=colleague, now=friday)

    assert acts(text).count("publishing.take_over") == 1
    publishing.take_over(publication=text, window=a_window(), actor=colleague, now=friday)
    assert acts(text).count("publishing.take_over") == 1  # from oneself there is nothing to take over


def test_whoever_may_not_write_holds_nothing(text, secrecy_reviewer, friday):
    for act in (publishing.open_editor, publishing.hold_editor, publishing.take_over):
        with pytest.raises(NotAllowed):
            act(publication=text, window=a_window(), actor=secrecy_reviewer, now=friday)
    assert not EditLease.objects.exists()


def test_a_text_in_review_is_held_by_nobody(text, clerk, friday):
    publishing.open_editor(publication=text, window=a_window(), actor=clerk, now=friday)
    publishing.submit(publication=text, actor=clerk, now=friday)
    assert not EditLease.objects.exists()
    with pytest.raises(ActNotPossible, match="审核中"):
        publishing.open_editor(publication=text, window=a_window(), actor=clerk, now=friday)


def test_a_closed_page_gives_back_only_what_it_holds(text, clerk, colleague, friday):
    old, new = a_window(), a_window()
    publishing.open_editor(publication=text, window=old, actor=clerk, now=friday)
    publishing.open_editor(publication=text, window=new, actor=clerk, now=friday)
    publishing.close_editor(publication=text, token=old.token, actor=clerk)
    publishing.close_editor(publication=text, token=new.token, actor=colleague)
    assert EditLease.objects.exists()

    publishing.close_editor(publication=text, token=new.token, actor=clerk)
    assert not EditLease.objects.exists()


def save(text, actor, now, *, window, seen, **known):
    return publishing.save_draft(publication=text, content=a_content(**known), seen_hash=seen, actor=actor, now=now, window=window)


def test_nobody_saves_into_a_text_another_has_open(text, clerk, colleague, friday):
    seen = publishing.get_draft(text).content_hash
    publishing.open_editor(publication=text, window=a_window(), actor=clerk, now=friday)

    with pytest.raises(HeldBySomebody, match="周岚从 10-09 10:20 起在改这份稿"):
        save(text, colleague, friday, window=a_window(), seen=seen, title="他的标题")

    assert publishing.get_draft(text).content.title != "他的标题"


def test_two_pages_of_one_person_do_not_overwrite_each_other(text, clerk, friday):
    seen = publishing.get_draft(text).content_hash
    one, two = a_window(), a_window()
    save(text, clerk, friday, window=one, seen=seen, title="第一页")
    with pytest.raises(SomebodyWasFaster, match="另一个窗口"):
        save(text, clerk, friday, window=two, seen=seen, title="第二页")
    assert publishing.get_draft(text).content.title == "第一页"


def test_a_page_whose_answer_was_lost_goes_on_from_what_it_saved(text, clerk, friday):
    seen, mine = publishing.get_draft(text).content_hash, a_window()
    save(text, clerk, friday, window=mine, seen=seen, title="写到一半")

    save(text, clerk, friday, window=mine, seen=seen, title="写完了")  # the answer with the new hash never came

    assert publishing.get_draft(text).content.title == "写完了"


@pytest.mark.parametrize(("seen", "here", "is_fine"), [("a", "", True), ("b", "a", True), ("b", "b", False), ("b", "", False)])
def test_what_counts_as_written_on_top(seen, here, is_fine):
    assert is_on_top(seen_hash=seen, current_hash="a", saved_here=here) is is_fine


def test_of_automatic_saves_the_first_goes_into_the_trail(text, clerk, friday):
    mine = a_window()
    for number in range(3):
        content = a_content(title=f"第 {number} 次")
        publishing.save_draft(publication=text, content=content, seen_hash=None, actor=clerk, now=friday, window=mine, is_automatic=True)
    assert acts(text).count("publishing.save") == 1
    publishing.save_draft(publication=text, content=a_content(title="按了保存"), seen_hash=None, actor=clerk, now=friday, window=mine)
    assert acts(text).count("publishing.save") == 2


# The pages


def at(name, uuid):
    return reverse(f"publishing:{name}", args=[uuid])


def fields(page, **known):
    """What the form on a page sends, as the page holds it."""
    form = page.context["form"]
    draft = page.context["draft"]
    values = {"seen_hash": draft.content_hash, "title": draft.content.title, "document_number": "", "formed_date": ""}
    person = page.context["request"].actor.officer_id
    values |= {"body": draft.content.body_html, "window": str(page.context["window"]), "person": str(person)}
    values |= {field.html_name: field.value() or "" for field in form.element_fields}
    return values | known


def test_the_second_reads_only_and_may_take_over(sign_in, text):
    first, second = sign_in("周岚"), sign_in("何静")
    mine = first.get(at("draft", text))

    page = second.get(at("draft", text))
    words = page.content.decode()
    assert "周岚从" in words
    assert "您现在只能看" in words
    assert 'id="draft"' not in words

    opened = second.post(at("take-over", text), follow=True)
    assert 'id="draft"' in opened.content.decode()
    told = first.post(at("hold", text), {"window": mine.context["window"]})
    assert told.status_code == 409
    assert "何静在 10-09 10:2" in told.content.decode()


def test_who_was_taken_over_loses_nothing_and_chooses(sign_in, text):
    first, second = sign_in("周岚"), sign_in("何静")
    mine = fields(first.get(at("draft", text)), title="双桥村征收土地预公告（第二次）")
    second.get(at("draft", text))
    theirs = second.post(at("take-over", text), follow=True)
    second.post(at("draft", text), fields(theirs, title="何静改的标题"))

    refused = first.post(at("draft", text), mine)
    words = refused.content.decode()
    assert refused.status_code == 409
    assert "在改这份稿" in words
    assert "双桥村征收土地预公告（第二次）" in words
    assert publishing.get_draft(text).content.title == "何静改的标题"

    replace = {**mine, "replace": publishing.get_draft(text).content_hash}
    assert first.post(at("draft", text), replace).status_code == 302
    assert publishing.get_draft(text).content.title == "双桥村征收土地预公告（第二次）"
    assert acts(text).count("publishing.take_over") == 2


def test_an_automatic_save_answers_with_the_page_of_what_is_stored(sign_in, text):
    browser = sign_in("周岚")
    page = browser.get(at("draft", text))

    answer = browser.post(at("draft", text), fields(page, title="自动存的标题", auto="1"))

    words = answer.content.decode()
    assert answer.status_code == 200
    assert "已自动保存" in words
    assert publishing.get_draft(text).content_hash in words
    assert publishing.get_draft(text).content.title == "自动存的标题"


def test_a_page_opened_by_one_is_not_saved_in_the_name_of_another(sign_in, text):
    page = sign_in("周岚").get(at("draft", text))
    browser = sign_in("何静")
    answer = browser.post(at("draft", text), fields(page, title="谁写的", auto="1"))
    assert answer.status_code == 409
    assert "现在登录的是何静" in answer.content.decode()
    assert publishing.get_draft(text).content.title != "谁写的"


def test_looking_at_the_head_takes_no_text(sign_in, text):
    assert sign_in("周岚").head(at("draft", text)).status_code == 200
    assert not EditLease.objects.exists()


def test_a_closed_page_frees_the_text_at_once(sign_in, text):
    first = sign_in("周岚")
    page = first.get(at("draft", text))
    assert first.post(at("leave", text), {"window": page.context["window"]}).status_code == 204
    assert 'id="draft"' in sign_in("何静").get(at("draft", text)).content.decode()
