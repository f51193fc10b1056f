"""The made-up causes of the demo bureau, so that the first screen of a new installation is not empty."""

import csv
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.organisations import api as organisations
from gongkai.lib.moments import SHANGHAI
from gongkai.producers.disclosure import api as disclosure


@transaction.atomic
def load_causes(source: Path, *, until: datetime) -> int:
    """Register the causes of a table as the people it names, at the moments it names (示范事项). Returns how many: again none.

    What would be registered after `until` is left out: the demo has not come so far.
    """
    unit_ids = {unit.code: unit.id for unit in organisations.list_units()}
    count = 0
    with source.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["登记时间"]).replace(tzinfo=SHANGHAI)
            happened_on = date.fromisoformat(row["事由日"])
            if at > until or disclosure.is_registered(title=row["名称"], happened_on=happened_on):
                continue
            disclosure.register_cause(
                entry_code=row["事项代码"],
                title=row["名称"],
                happened_on=happened_on,
                unit_id=unit_ids[row["承办单位代码"]],
                note=row["说明"],
                actor=accounts.find_actor(name=row["登记人"], on=at.date()),
                now=at,
            )
            count += 1
    return count
