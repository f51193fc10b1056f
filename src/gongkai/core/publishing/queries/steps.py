from datetime import date, datetime

from gongkai.core.ledger import api as ledger
from gongkai.core.publishing import rules
from gongkai.core.publishing.duties import STEP_DUTIES
from gongkai.core.publishing.kinds import DraftDetail, StepFacts, StepKind
from gongkai.foundation.accounts import api as accounts
from gongkai.foundation.delegations import api as delegations
from gongkai.lib.moments import day_of


def get_step_facts(detail: DraftDetail, now: datetime) -> StepFacts:
    """What the stepper says of a text's steps (步骤概况). The one that waits keeps the limit it was opened with.

    A constant number of queries.
    """
    waiting, today = detail.waiting, day_of(now)
    limits = list_limits(today)
    if waiting is None:
        return StepFacts(limits)
    duty = ledger.list_open(subjects=[waiting.uuid], now=now).get(waiting.uuid)
    if duty is not None:
        limits[waiting.kind] = ledger.say_limit(ledger.parse_limit(duty.limit_text))
    return StepFacts(limits, list_deciders(detail, waiting.kind, today), duty.last_day if duty else None, duty.due_at if duty else None)


def list_limits(on: date) -> dict[StepKind, str]:
    """How long each step may take on that day, in words (各步期限). One query."""
    entries = {kind: duty.entry for kind, duty in STEP_DUTIES.items() if duty.entry}
    terms = ledger.find_many_terms(entries=list(entries.values()), on=on)
    return {kind: ledger.say_limit(ledger.parse_limit(terms[entry].limit_text)) for kind, entry in entries.items() if entry in terms}


def list_deciders(detail: DraftDetail, kind: StepKind, on: date) -> tuple[str, ...]:
    """Who may decide a step of a text on that day (可审的人): with the right for its unit, no writer, no passer; then deputies."""
    right, barred = rules.STEP_RIGHTS[kind], detail.writers | detail.passers
    holders = accounts.list_entitled(right=right, unit_id=detail.unit_id, on=on)
    own = [name for officer, name in holders.items() if officer not in barred]
    lent = [
        f"{one.name}（代{one.principal_name}）"
        for one in delegations.list_delegates(right=right, on=on)
        if one.principal_id in holders and one.officer_id not in holders and not {one.officer_id, one.principal_id} & barred
    ]
    return (*own, *lent)
