"""Opening duties in bulk, each row checked: django-import-export, our way one by one and together, and a whole register sheet.

The same causes for everybody, in batches of a hundred, as a sheet goes. django-import-export writes the row and nothing else: its dates
are handed to it. Ours computes them, and writes the event, what waits for subscribers, and the audit trail besides.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from django.db import transaction
from import_export import resources
from tablib import Dataset

from bench import frame, obligations
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Opening
from gongkai.core.ledger.models import Obligation, Terms
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.moments import day_of, end_of
from gongkai.producers.disclosure import actions as disclosure
from gongkai.producers.disclosure.actions.registering import import_lines
from gongkai.producers.disclosure.duties import PUBLISH
from gongkai.producers.disclosure.models import SheetLine
from gongkai.producers.disclosure.queries.uploads import get_upload

Row = TypeVar("Row")
NOW = obligations.NOW
HUNDRED, WARM_UP = 100, 20
CAUSED_ON = date(2026, 9, 8)
COLUMNS = (
    "duty_code", "entry", "terms", "label", "subject", "unit", "post", "binding", "caused_on", "registered_at", "due_at", "last_day",
)  # fmt: skip
MAY_BE_EMPTY = {field.name for field in Obligation._meta.concrete_fields if field.null}


class _Rows(resources.ModelResource):  # type: ignore[misc]  # the library has no types
    """Obligations as django-import-export imports them: each row new, each validated by the model and its constraints."""

    class Meta:
        model = Obligation
        fields = COLUMNS
        import_id_fields = ("subject",)
        force_init_instance = True
        clean_model_instances = True

    def validate_instance(self, instance: Obligation, import_validation_errors: object = None, **named: bool) -> None:
        """As theirs, the whole of the model's own checks. Our models say `null`, not `blank`: else every row would be refused."""
        del import_validation_errors
        instance.full_clean(exclude=MAY_BE_EMPTY, **named)


class _RowsInBulk(_Rows):
    """The same with all that makes it fast: one statement for a batch, no difference to what was, no report."""

    class Meta:
        use_bulk = True
        batch_size = HUNDRED
        skip_diff = True
        skip_html_diff = True


@dataclass(frozen=True)
class Case:
    """What one row says."""

    number: int
    terms: Terms
    unit_id: int
    post_id: int | None
    subject: UUID


def draw_cases(count: int) -> list[Case]:
    """Rows over the limits, units and posts of the bureau."""
    stock = obligations.read_stock()
    limits, posts = stock.enforced, stock.posts
    return [Case(number, limits[number % len(limits)], *posts[number % len(posts)], uuid4()) for number in range(count)]


def import_with(resource: resources.ModelResource, cases: Sequence[Case]) -> None:
    """Hand the rows to django-import-export."""
    last_day = day_of(NOW) + timedelta(days=20)
    data = Dataset(headers=COLUMNS)
    for case in cases:
        data.append(
            (
                PUBLISH.code, case.terms.entry, case.terms.pk, f"第{case.number}号", case.subject, case.unit_id, case.post_id,
                case.terms.binding, CAUSED_ON, NOW, end_of(last_day), last_day,
            )
        )  # fmt: skip
    result = resource.import_data(data, raise_errors=True, use_transactions=False)
    if result.totals["new"] != len(cases):
        raise RuntimeError(str(result.totals))


def open_each(cases: Sequence[Case], actor: Actor) -> None:
    """Our way, one by one."""
    for case in cases:
        ledger.open_obligation(
            duty=PUBLISH,
            entry=case.terms.entry,
            subject=case.subject,
            label=f"第{case.number}号",
            unit_id=case.unit_id,
            caused_on=CAUSED_ON,
            actor=actor,
            now=NOW,
        )


def open_together(cases: Sequence[Case], actor: Actor) -> None:
    """Our way, together."""
    wanted = [
        Opening(
            duty=PUBLISH,
            entry=case.terms.entry,
            subject=case.subject,
            label=f"第{case.number}号",
            unit_id=case.unit_id,
            caused_on=CAUSED_ON,
        )
        for case in cases
    ]
    refused = [outcome.refusal for outcome in ledger.open_many(wanted, actor=actor, now=NOW) if outcome.refusal]
    if refused:
        raise RuntimeError(str(refused[0]))


def upload_register(count: int, actor: Actor) -> tuple[UUID, list[SheetLine]]:
    """A sheet of the land-market system, uploaded and read: its lines wait for being registered."""
    disclosure.load_sources()
    unit = organisations.get_unit(actor.unit_id or 0)
    head = "电子监管号,项目名称,合同签订日期,供地方式,承办单位"
    rows = (f"9901002026C{number:06},2026-{number}号地块,2026-9-7,挂牌出让,{unit.name}" for number in range(count))
    data = "\n".join([head, *rows]).encode()
    upload = disclosure.upload_sheet(source="land_market", name="供地.csv", data=data, actor=actor, now=NOW)
    disclosure.set_reading(upload=upload, reading=get_upload(upload, actor=actor).reading, actor=actor, now=NOW)
    lines = list(SheetLine.objects.filter(upload__uuid=upload, state="READY").order_by("number"))
    if len(lines) != count:
        raise RuntimeError(f"{len(lines)} lines instead of {count}")
    return upload, lines


def register(upload: UUID, lines: Sequence[SheetLine], actor: Actor) -> None:
    """What the import of a sheet does with a hundred of its lines."""
    import_lines(get_upload(upload, actor=actor), lines, actor=actor, now=NOW)
    refused = [line.refusal for line in lines if line.state != "IMPORTED"]
    if refused:
        raise RuntimeError(refused[0])


def measure(count: int) -> dict[str, frame.Figure]:
    """Rows a second of each way."""
    actor = accounts.find_actor(name="周岚", on=day_of(NOW))
    plain, bulk = _Rows(), _RowsInBulk()
    ways: dict[str, tuple[Callable[[Sequence[Case]], None], str]] = {
        "django-import-export": (lambda cases: import_with(plain, cases), "as it comes, with the model's validation"),
        "django-import-export in bulk": (lambda cases: import_with(bulk, cases), "use_bulk, no differences, with the model's validation"),
        "opened one by one": (lambda cases: open_each(cases, actor), "open_obligation: terms, date, event, subscribers, audit"),
        "opened together": (lambda cases: open_together(cases, actor), "open_many: the same rows and the same writing"),
    }
    figures = {}
    for name, (act, note) in ways.items():
        act(draw_cases(WARM_UP))
        figures[name] = _time(name, note, draw_cases(count), act)
    upload, lines = upload_register(count, actor)
    name, note = "register lines imported", "cells read and judged, cause, number, duty, event, audit: one publication a line"
    figures[name] = _time(name, note, lines, lambda part: register(upload, part, actor))
    return figures


def _time(name: str, note: str, rows: Sequence[Row], act: Callable[[Sequence[Row]], None]) -> frame.Figure:
    begin, processor = time.perf_counter(), time.process_time()
    for start in range(0, len(rows), HUNDRED):
        with transaction.atomic():
            act(rows[start : start + HUNDRED])
    seconds, worked = time.perf_counter() - begin, time.process_time() - processor
    return frame.Figure(name, len(rows) / seconds, "rows/s", f"{note}; {len(rows) / worked:,.0f} a second of our processor")
