import csv
from collections.abc import Collection, Sequence
from datetime import datetime
from importlib import resources

from django.db import transaction

from gongkai.core.catalogue import api as catalogue
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.audit import api as audit
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.errors import BadInput, NotAllowed
from gongkai.lib.loading import LoadCount
from gongkai.producers.disclosure.actions.causes import About
from gongkai.producers.disclosure.kinds import SheetField, SourceEntryRow
from gongkai.producers.disclosure.models import RegisterSource, SourceEntry
from gongkai.producers.disclosure.rules.sheets import read_entry, split_words

LIST = "register_sources.csv"


@transaction.atomic
def load_sources() -> LoadCount:
    """Put the four usual registers on record (装入登记来源). What is there stays as people left it; again changes nothing."""
    text = resources.files("gongkai.producers.disclosure").joinpath(f"data/{LIST}").read_text(encoding="utf-8")
    known = set(RegisterSource.objects.values_list("code", flat=True))
    count = LoadCount()
    for order, row in enumerate(csv.DictReader(text.splitlines())):
        if row["code"] in known:
            count += LoadCount(unchanged=1)
            continue
        unit = organisations.find_unit_by_usual_name(row["unit"]) or organisations.get_bureau()
        source = RegisterSource.objects.create(
            code=row["code"],
            name=row["name"],
            number_label=row["number_label"],
            unit_id=unit.id,
            weekday=int(row["weekday"]),
            names={part.value: list(split_words(row[part.value])) for part in SheetField},
            order=order,
        )
        _keep_entries(source, [read_entry(one) for one in row["entries"].split("|")])
        count += LoadCount(created=1)
    return count


@transaction.atomic
def save_source(
    *,
    code: str,
    name: str,
    number_label: str,
    unit_id: int,
    weekday: int,
    entries: Sequence[SourceEntryRow],
    is_active: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what the openness office says about a register (改登记来源): who uploads it by when, where its rows lead.

    Raises: NotAllowed for others; BadInput; NotFound.
    """
    if not may_manage(actor):
        raise NotAllowed("登记来源由政务公开办设置。要改请找政务公开办。")
    if not entries:
        raise BadInput("至少选一项公开事项：不知道登记成什么，就不能导入。", field="entries")
    if not name.strip() or not number_label.strip() or not 1 <= weekday <= 7:
        raise BadInput("请写名称和编号叫什么，选每周几以前上传。", field="name")
    _check_words(entries)
    source = RegisterSource.objects.select_for_update().get(code=code)
    source.name, source.number_label = name.strip(), number_label.strip()
    source.unit_id, source.weekday, source.is_active = organisations.get_unit(unit_id).id, weekday, is_active
    source.save()
    source.entries.all().delete()
    _keep_entries(source, entries)
    about: About = {
        "source": code,
        "unit": unit_id,
        "weekday": weekday,
        "entries": "、".join("+".join((entry.code, *entry.also)) for entry in entries),
        "active": is_active,
    }
    audit.record(actor=actor, act="disclosure.save_source", subject=None, at=now, about=about)


def may_manage(actor: Actor) -> bool:
    """Whether somebody sets up registers (设置登记来源): who writes for the whole bureau does."""
    return actor.may(Right.WRITE, organisations.get_bureau().id)


def _check_words(entries: Sequence[SourceEntryRow]) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        for word in entry.words:
            if seen.setdefault(word, entry.code) != entry.code:
                raise BadInput(f"“{word}”写在两项公开事项下面，分不清登记成哪一项。请只留一处。", field="entries")


def _keep_entries(source: RegisterSource, entries: Collection[SourceEntryRow]) -> None:
    rows = [
        SourceEntry(
            source=source,
            entry_id=catalogue.get_entry(entry.code).id,
            also="；".join(catalogue.get_entry(code).code for code in entry.also),
            words="；".join(entry.words),
            position=position,
        )
        for position, entry in enumerate(entries)
    ]
    SourceEntry.objects.bulk_create(rows)
