from datetime import date, datetime
from typing import TypedDict
from uuid import UUID, uuid4

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Binding, Duty, Evidence, ObligationRow, ObligationState, PublicDisplay, TermsRow
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.organisations.kinds import UnitKind
from gongkai.foundation.organisations.models import Post, Unit
from gongkai.lib.moments import SHANGHAI, end_of

PUBLISH = Duty(code="test.publish", label="主动公开", page="test:page")


class Papers(TypedDict):
    """What a movement of a clock rests on."""

    reason: str
    article: str
    document: str


def at(day: str, clock: str = "10:20") -> datetime:
    """A moment in the bureau's time zone."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI)


def some_terms(limit: str = "P20WD", **changed) -> TermsRow:
    """Terms as the duty list has them; article 26 unless told otherwise."""
    values = {
        "entry": "policy.rules",
        "label": "规章、行政规范性文件",
        "limit_text": limit,
        "basis": "条例26条",
        "source": "政府信息公开条例",
        "is_verified": True,
        "deadline_id": "proactive.publish",
        "binding": Binding.LAW,
        "public_display": PublicDisplay.YES,
        "holder": "本机关",
        "clock_start": "形成或者变更之日",
    }
    return TermsRow(**{**values, **changed})


def a_unit(name: str = "自然资源开发利用科", *, with_post: bool = True) -> Unit:
    """A department of the bureau, with the post that its obligations belong to."""
    bureau = Unit.objects.filter(kind=UnitKind.BUREAU.value).first() or Unit.objects.create(
        code="B", name="临澄市自然资源和规划局", short_name="市局", kind=UnitKind.BUREAU.value
    )
    code = f"U{Unit.objects.count()}"
    unit = Unit.objects.create(code=code, name=name, short_name=name, kind=UnitKind.DEPARTMENT.value, parent=bureau)
    if with_post:
        Post.objects.create(code=f"{code}-P", unit=unit, title="公开专员", is_duty_post=True)
    return unit


def an_obligation(
    unit: Unit,
    *,
    caused_on: date,
    now: datetime,
    label: str = "关于规范存量住宅用地信息公开的通知",
    subject: UUID | None = None,
    entry: str = "policy.rules",
) -> ObligationRow:
    """An open obligation under the terms that are loaded for the entry."""
    return ledger.open_obligation(
        duty=PUBLISH, entry=entry, subject=subject or uuid4(), label=label, unit_id=unit.pk, caused_on=caused_on, actor=SYSTEM, now=now
    )


def a_proof(reference: str = "2026/00231") -> Evidence:
    """A publication that discharges a duty."""
    return Evidence(kind="publication", reference=reference, label="本门户已公开")


def a_row(last_day: date, **changed) -> ObligationRow:
    """A row without a database, for rules."""
    values = {
        "id": 1,
        "uuid": uuid4(),
        "duty_code": "test.publish",
        "duty_label": "主动公开",
        "entry": "policy.rules",
        "label": "一份文件",
        "subject": uuid4(),
        "unit_id": 1,
        "unit_name": "自然资源开发利用科",
        "post_id": None,
        "holder": "本机关",
        "binding": Binding.LAW,
        "public_display": PublicDisplay.YES,
        "basis": "条例26条",
        "limit_text": "P20WD",
        "caused_on": date(2026, 9, 9),
        "registered_at": at("2026-09-09"),
        "due_at": end_of(last_day),
        "last_day": last_day,
        "target_day": None,
        "is_provisional": False,
        "is_minimum": False,
        "state": ObligationState.OPEN,
        "fulfilled_at": None,
        "overdue_since": None,
        "page": "test:page",
    }
    return ObligationRow(**{**values, **changed})
