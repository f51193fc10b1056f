from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import LimitChip, ObligationRow
from gongkai.core.publishing.kinds import DraftDetail
from gongkai.foundation.workdays import api as workdays


@dataclass(frozen=True)
class LimitView:
    """The duty behind a text (台账事项), with its chip."""

    uuid: UUID
    obligation: ObligationRow
    chip: LimitChip


def find_limit(detail: DraftDetail, now: datetime) -> LimitView | None:
    """The duty that a text's release fulfils; None for a text without one."""
    if detail.obligation is None:
        return None
    obligation = ledger.get_obligation(detail.obligation)
    return LimitView(obligation.uuid, obligation, ledger.chip_of(obligation, now, workdays.get_calendar()))
