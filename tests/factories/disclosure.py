from datetime import date, datetime
from typing import Any

from gongkai.core.catalogue import api as catalogue
from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import ObligationRow
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import UnitRow
from gongkai.producers.disclosure import api as disclosure
from gongkai.producers.disclosure.kinds import CauseRow, FoundFile

TEXT = "拟征收双桥村集体土地2.20公顷，用于道路建设。"


def a_file(*, name="notice.txt", title="双桥村征收土地预公告", date="2026-09-21", text=TEXT, **head):
    """A document file as somebody hands it in."""
    lines = {"title": title, "date": date, **head}
    said = "\n".join(f"# {key}: {value}" for key, value in lines.items() if value is not None)
    return FoundFile(name, f"{said}\n\n{text}\n".encode())


def the_unit(usual_name: str) -> UnitRow:
    """The unit of the demo bureau that answers to a name."""
    unit = organisations.find_unit_by_usual_name(usual_name)
    assert unit is not None
    return unit


def the_duty(cause: CauseRow) -> ObligationRow:
    """The duty that a cause opened."""
    assert cause.obligation is not None
    return ledger.get_obligation(cause.obligation)


def a_cause(*, actor: Actor, now: datetime, entry: str = "land.result", title: str = "2026-17号地块挂牌出让成交", **known) -> CauseRow:
    """A registered cause. The day is the one before `now` unless it is told; the unit is the one that usually does this work."""
    values: dict[str, Any] = {"happened_on": date(2026, 10, 8), "note": ""} | known
    if "unit_id" not in values:
        values["unit_id"] = the_unit(catalogue.get_entry(entry).owner_usual_name).id
    return disclosure.register_cause(entry_code=entry, title=title, actor=actor, now=now, **values)
