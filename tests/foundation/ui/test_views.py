from datetime import datetime

import pytest
from django.http import HttpRequest
from django.urls import reverse

from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.ui.api import register_counter
from gongkai.foundation.ui.context import desk_frame, find_address, list_navigation
from gongkai.foundation.ui.kinds import OpenItems
from gongkai.lib.moments import SHANGHAI


def test_the_line_on_secrets_stands_on_every_page(sign_in, client) -> None:
    line = "本系统不得存储、处理涉密信息"
    browser = sign_in("周岚")
    for name in ("ui:components", "ui:preferences"):
        assert line in browser.get(reverse(name)).content.decode()
    assert line in client.get(reverse("accounts:login")).content.decode()
    assert line in browser.get("/desk/no-such-page/").content.decode()


def test_the_bar_shows_the_day_the_week_and_the_saturday_that_is_worked(sign_in) -> None:
    page = sign_in("周岚").get(reverse("ui:preferences")).content.decode()
    assert "10月9日 周五" in page
    assert "明天周六上班（国庆调休）" in page
    assert "第41周" in page


def test_the_sidebar_says_who_is_at_work_and_lets_him_out_by_post(sign_in) -> None:
    page = sign_in("周岚").get(reverse("ui:preferences")).content.decode()
    assert "周岚" in page
    assert "自然资源开发利用科" in page
    assert f'<form action="{reverse("accounts:logout")}" method="post">' in page


def test_an_entry_one_may_not_use_is_absent(sign_in) -> None:
    page = sign_in("周岚").get(reverse("ui:preferences")).content.decode()
    assert "公开台账" in page
    assert f'href="{reverse("outbox:jobs")}"' not in page


def test_the_entry_of_the_page_one_is_on_is_marked(rf) -> None:
    request: HttpRequest = rf.get(reverse("outbox:jobs"))
    request.resolver_match = type("Match", (), {"namespace": "outbox"})()
    entries = list_navigation(request, Actor(officer_id=1, name="卫东来", rights={Right.MANAGE_JOBS: frozenset({1})}))
    assert [entry.label for entry in entries if entry.is_current] == ["设置"]


def test_an_entry_of_several_pages_leads_to_the_first_that_one_may_use_and_shows_them_as_tabs(sign_in) -> None:
    office = sign_in("何静").get(reverse("calendars:list")).content.decode()
    admin = sign_in("卫东来").get(reverse("calendars:list")).content.decode()

    assert f'href="{reverse("calendars:list")}" aria-current="true"' in office
    assert "后台任务" not in office
    assert f'<a href="{reverse("outbox:jobs")}" aria-current="true"' in admin
    assert f'<a href="{reverse("calendars:list")}" aria-current="page">工作日历' in admin


def test_a_page_that_does_not_exist_has_no_address() -> None:
    assert find_address("nowhere:nothing") == ""
    assert find_address("") == ""


def test_the_frame_of_somebody_not_signed_in_is_bare_and_asks_nothing_of_the_database(rf) -> None:
    frame = desk_frame(rf.get("/"))
    assert frame["frame"] == "ui/bare.html"
    assert frame["navigation"] == []
    assert not frame["make_up_note"]


def test_the_portal_gets_no_frame_of_the_desk(rf, settings) -> None:
    settings.SITE = "portal"
    assert desk_frame(rf.get("/")) == {}


def test_appearance_is_chosen_without_script_and_kept(sign_in) -> None:
    browser = sign_in("周岚")
    browser.post(reverse("ui:preferences"), {"theme": "dark", "size": "large", "keys": "off"})
    page = browser.get(reverse("ui:preferences")).content.decode()
    assert '<html lang="zh-CN" data-theme="dark" data-size="large">' in page
    assert 'data-keys="off"' in page


def test_an_appearance_that_does_not_exist_is_refused_and_an_old_cookie_is_ignored(sign_in) -> None:
    browser = sign_in("周岚")
    assert "还不能继续" in browser.post(reverse("ui:preferences"), {"theme": "pink"}).content.decode()
    browser.cookies["desk_theme"] = 'x" onload="'
    assert "data-theme" not in browser.get(reverse("ui:preferences")).content.decode()


def test_the_component_page_needs_a_login(client, db) -> None:
    assert client.get(reverse("ui:components")).status_code == 302


def test_a_wrong_address_keeps_the_frame_of_who_is_signed_in(sign_in) -> None:
    answer = sign_in("周岚").get("/desk/no-such-page/")
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()
    assert "退出登录" in answer.content.decode()


def test_the_policy_for_scripts_and_styles_is_strict(sign_in) -> None:
    policy = sign_in("周岚").get(reverse("ui:components"))["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


def test_the_frame_costs_few_queries(sign_in, django_assert_max_num_queries) -> None:
    browser = sign_in("周岚")
    browser.get(reverse("ui:components"))
    with django_assert_max_num_queries(12):
        browser.get(reverse("ui:components"))


def test_what_waits_is_counted_beside_its_entry_and_only_one_entry_may_be_red(rf, settings, monkeypatch) -> None:
    settings.DESK_NAVIGATION = [
        {"label": "我的今日", "icon": "today", "url": "ui:preferences", "right": None, "presses": True},
        {"label": "信息发布", "icon": "publish", "url": "ui:components", "right": None},
    ]
    counters = {name: lambda *_: OpenItems(4, 1) for name in ("ui:preferences", "ui:components")}
    monkeypatch.setattr("gongkai.foundation.ui.context.COUNTERS", counters)
    request = rf.get("/")
    request.now = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
    first, second = list_navigation(request, Actor(officer_id=1, name="周岚"))
    assert (first.count, first.is_pressing, second.count, second.is_pressing) == (4, True, 4, False)


def test_an_entry_has_one_counter(monkeypatch) -> None:
    monkeypatch.setattr("gongkai.foundation.ui.registry.COUNTERS", {})
    register_counter("ui:preferences", lambda *_: OpenItems(0))
    with pytest.raises(ValueError, match="counted twice"):
        register_counter("ui:preferences", lambda *_: OpenItems(0))
