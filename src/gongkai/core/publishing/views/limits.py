from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import LimitChip, ObligationRow
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing import showing
from gongkai.core.publishing.kinds import DraftDetail
from gongkai.foundation.ui.kinds import StepView
from gongkai.foundation.workdays import api as workdays


@dataclass(frozen=True)
class LimitView:
    """The duty behind a text (台账事项), with its chip."""

    uuid: UUID
    obligation: ObligationRow
    chip: LimitChip


def list_steps(detail: DraftDetail, now: datetime) -> list[StepView]:
    """The stepper of a text (审核步骤条), finished."""
    return showing.list_step_views(detail, publishing.get_step_facts(detail, now), now)


def find_limit(detail: DraftDetail, now: datetime) -> LimitView | None:
    """The duty that a text's release fulfils; None for a text without one."""
    if detail.obligation is None:
        return None
    obligation = ledger.get_obligation(detail.obligation)
    return LimitView(obligation.uuid, obligation, ledger.chip_of(obligation, now, workdays.get_calendar()))
