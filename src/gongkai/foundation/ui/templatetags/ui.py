"""Formats and icons of ui.md 3.4, 4.22 and 6, in every template without loading."""

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.foundation.ui import rules
from gongkai.lib.moments import SHANGHAI, day_of

register = template.Library()


def _as_day(moment: date) -> date:
    return day_of(moment) if isinstance(moment, datetime) else moment


@register.filter
def day(moment: date | datetime | None) -> str:
    """Day in tables and data: 2026-10-09. Empty for None."""
    return "" if not moment else _as_day(moment).isoformat()


@register.filter
def day_long(moment: date | datetime | None) -> str:
    """Day in running text: 2026年10月9日. Empty for None."""
    return "" if not moment else rules.say_day(_as_day(moment))


@register.filter
def day_short(moment: date | datetime | None) -> str:
    """Day on the desk, this year: 10-09 周五. Empty for None."""
    return "" if not moment else rules.say_day_short(_as_day(moment))


@register.filter
def weekday(moment: date | datetime | None) -> str:
    """Weekday: 周五. Empty for None."""
    return "" if not moment else rules.say_weekday(_as_day(moment))


@register.filter
def why(moment: date | datetime | None) -> str:
    """Words of the link from a day to its receipt: 怎么算, or 为什么是周六 where the day surprises."""
    return rules.say_why(_as_day(moment) if moment else None)


@register.filter
def clock(moment: datetime | None) -> str:
    """Time of day, 24 hours: 10:20. Empty for None."""
    return "" if not moment else f"{moment.astimezone(SHANGHAI):%H:%M}"


@register.filter
def instant(moment: datetime | None) -> str:
    """Day and time: 2026-10-09 10:20. Empty for None."""
    return "" if not moment else f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@register.filter
def thousands(number: float | None) -> str:
    """Number with separators: 1,091. Empty for None, 0 for zero."""
    return "" if number is None else f"{number:,}"


@register.filter
def css(code: object) -> str:
    """A stored code as part of a class name: DUE_SOON becomes due-soon."""
    return str(getattr(code, "value", code)).lower().replace("_", "-")


@register.filter
def widget_kind(field: Any) -> str:
    """Kind of a form field's control, for `_field.html`: text, textarea, select, checkbox, choices, file, hidden."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    kinds = {
        "CheckboxInput": "checkbox",
        "CheckboxSelectMultiple": "choices",
        "RadioSelect": "choices",
        "Select": "select",
        "SelectMultiple": "select",
        "Textarea": "textarea",
        "ClearableFileInput": "file",
        "FileInput": "file",
    }
    return next((kinds[base.__name__] for base in type(widget).__mro__ if base.__name__ in kinds), "text")


@register.simple_tag
def icon(name: str, kind: str = "") -> SafeString:
    """An icon of our own sprite. Always with a word beside it: screen readers do not hear it. `kind` adds a class."""
    return format_html(
        '<svg class="icon{}" width="16" height="16" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {kind}" if kind else "",
        static("ui/icons.svg"),
        name,
    )
