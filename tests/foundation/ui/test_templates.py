from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Engine, Template
from django.template.loader import render_to_string

from gongkai.core.ledger.kinds import LimitChip, LimitState
from gongkai.foundation.ui.kinds import StepMark, StepView
from gongkai.foundation.ui.samples import CHIPS, ICONS, SampleForm
from gongkai.lib.enums import LabelledEnum
from gongkai.lib.moments import SHANGHAI


def show(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def symbols() -> set[str]:
    found = finders.find("ui/icons.svg")
    assert isinstance(found, str)
    return {element.get("id", "") for element in ET.parse(found).iter() if element.get("id")}


@pytest.mark.parametrize(
    ("source", "moment", "text"),
    [
        ("{{ m|day }}", datetime(2026, 10, 8, 17, 0, tzinfo=UTC), "2026-10-09"),
        ("{{ m|day }}", date(2026, 10, 9), "2026-10-09"),
        ("{{ m|day_long }}", date(2026, 10, 9), "2026年10月9日"),
        ("{{ m|day_short }}", date(2026, 10, 9), "10-09 周五"),
        ("{{ m|weekday }}", date(2026, 10, 10), "周六"),
        ("{{ m|clock }}", datetime(2026, 10, 9, 2, 20, tzinfo=UTC), "10:20"),
        ("{{ m|instant }}", datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI), "2026-10-09 10:20"),
        ("{{ m|day }}{{ m|day_long }}{{ m|day_short }}{{ m|weekday }}{{ m|clock }}{{ m|instant }}{{ m|thousands }}", None, ""),
        ("{{ m|thousands }}", 1091, "1,091"),
        ("{{ m|thousands }}", 0, "0"),
        ("{{ m|css }}", LimitState.DUE_SOON, "due-soon"),
    ],
)
def test_formats_are_those_of_the_style_of_the_house(source: str, moment: object, text: str) -> None:
    assert show(source, m=moment) == text


@pytest.mark.parametrize("state", LimitState)
def test_every_state_of_a_limit_has_a_shape_a_word_and_a_colour(state: LimitState) -> None:
    html = show('{% include "ui/_chip.html" %}', chip=LimitChip(state=state, words="还剩 5 个工作日"))
    name = state.value.lower().replace("_", "-")
    parts = finders.find("ui/css/parts.css")
    assert isinstance(parts, str)
    assert f".chip-{name}" in Path(parts).read_text(encoding="utf-8")
    assert f"#state-{name}" in html
    assert f"state-{name}" in symbols()
    assert "还剩 5 个工作日" in html


def test_the_component_page_shows_every_state_of_a_limit() -> None:
    assert {chip.state for chip in CHIPS} >= {state.value for state in LimitState}


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    assert set(ICONS) <= symbols()
    assert {f"state-{chip.state.lower().replace('_', '-')}" for chip in CHIPS} <= symbols()


def test_an_icon_is_silent_for_screen_readers() -> None:
    assert show('{% icon "today" %}').startswith('<svg class="icon" width="16" height="16" aria-hidden="true" focusable="false">')


def test_a_chip_leads_to_its_receipt() -> None:
    html = show(
        '{% include "ui/_chip.html" with href="/x/" why="为什么是周六" %}',
        chip=LimitChip(state=LimitState.RUNNING, words="还剩 1 个工作日"),
    )
    assert '<a class="why" href="/x/" data-key-why>为什么是周六</a>' in html


def test_the_current_step_is_announced() -> None:
    html = show(
        '{% include "ui/_stepper.html" %}', steps=[StepView("起草", StepMark.DONE, "周岚"), StepView("科室审核", StepMark.CURRENT, "陈默")]
    )
    assert html.count('aria-current="step"') == 1
    assert "已通过。" in html


def test_errors_stand_on_top_and_at_their_field() -> None:
    html = show('{% include "ui/_form.html" %}', form=SampleForm({"title": "", "kind": "PLAN", "happened_on": "昨天"}))
    assert "还不能继续：2 处要改" in html
    assert html.index('href="#id_title"') < html.index('id="id_title"')
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert html.count('id="id_title_helptext"') == 1
    assert html.count('id="id_title_error"') == 1


def test_a_field_that_may_stay_empty_says_so() -> None:
    html = show('{% include "ui/_field.html" %}', field=SampleForm()["note"])
    assert "（可不填）" in html
    assert "（可不填）" not in show('{% include "ui/_field.html" %}', field=SampleForm()["title"])


def test_every_kind_of_field_has_a_label_that_belongs_to_it() -> None:
    html = show('{% include "ui/_form.html" %}', form=SampleForm())
    for name in ("title", "happened_on", "kind", "note", "original", "is_checked"):
        assert f'<label for="id_{name}"' in html
    assert "<legend>公开到哪里" in html


def test_hidden_fields_stay_hidden_and_the_summary_names_them_not() -> None:
    class Sealed(forms.Form):
        seen_hash = forms.CharField(widget=forms.HiddenInput)

    html = show('{% include "ui/_field.html" %}', field=Sealed()["seen_hash"])
    assert html.strip() == '<input type="hidden" name="seen_hash" id="id_seen_hash">'


def test_a_binding_is_said_in_words() -> None:
    class Binding(LabelledEnum):
        LAW = "LAW", "法定"

    assert ">法定<" in show('{% include "ui/_binding.html" %}', binding=Binding.LAW)


def test_progress_needs_no_script_and_no_style() -> None:
    html = show('{% include "ui/_progress.html" %}', done=301, total=1204)
    assert '<progress value="301" max="1204"' in html
    assert "301／1,204" in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_stand_alone(name: str) -> None:
    html = render_to_string(name)
    assert "<h1>" in html
    assert "本系统不得存储、处理涉密信息" in html


def test_no_template_of_the_desk_has_inline_style_or_script() -> None:
    engine = Engine.get_default()
    for name in ("ui/desk.html", "ui/bare.html", "ui/components.html", "outbox/jobs.html"):
        source = engine.get_template(name).source
        assert " style=" not in source
        assert "<style" not in source
        assert " on" + "click=" not in source
