from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from gongkai.core.ledger import api as ledger
from gongkai.core.ledger import rules
from gongkai.core.ledger.kinds import Evidence, LimitChip, ObligationRow
from gongkai.core.ledger.queries.rows import DETAIL_PAGE
from gongkai.core.ledger.registry import DUTIES, EVIDENCE_ACTS, list_entry_groups
from gongkai.foundation.accounts.api import DeskRequest
from gongkai.foundation.accounts.kinds import Actor, Right
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import day_of
from gongkai.lib.workcalendar import WorkCalendar

FREE_WEEKEND = 5
NO_UUID = UUID(int=0)


@dataclass(frozen=True)
class LedgerLine:
    """One row of the ledger as its table shows it. `officer`: who holds its post today. `work`: where the work is done, may be empty.

    `href` is its own page, `receipt` its receipt. `kind`: what the catalogue calls it, where the catalogue knows it.
    `act`: where something grave can be done to what is its proof, for who may: 紧急下线.
    """

    row: ObligationRow
    chip: LimitChip
    is_late: bool
    limit_words: str
    evidence: str
    why: str
    href: str
    receipt: str
    kind: str
    officer: str = ""
    work: str = ""
    work_words: str = ""
    act: str = ""
    act_words: str = ""


def visible_units(request: DeskRequest) -> frozenset[int]:
    """Units whose ledger this person sees: those of the right, and always his own."""
    own = request.actor.unit_id
    return request.actor.units(Right.SEE_LEDGER) | (frozenset() if own is None else {own})


def get_visible(request: DeskRequest, uuid: UUID) -> ObligationRow:
    """The obligation of an address, when this person may see it. Raises: NotFound."""
    row = ledger.get_obligation(uuid, now=request.now)
    if row.unit_id not in visible_units(request):
        raise NotFound("台账里没有这件事项，或者它属于您看不到的单位。")
    return row


def lines_of(rows: Sequence[ObligationRow], request: DeskRequest) -> list[LedgerLine]:
    """Rows as lines of a table, with their proofs and the holders of their posts: three queries, however many rows."""
    evidence = ledger.list_evidence(obligation_ids=[row.id for row in rows])
    holders = {post.id: post.holder.name for post in organisations.list_posts(on=day_of(request.now)) if post.holder}
    calendar = workdays.get_calendar()
    acts = list_acts(rows, evidence, request.actor)
    names = {code: name for group in list_entry_groups() for code, name in group.entries.items()}
    return [
        line_of(
            row,
            request,
            calendar,
            "、".join(proof.label for proof in evidence.get(row.id, [])),
            officer=holders.get(row.post_id, "") if row.post_id else "",
            kind=names.get(row.entry, ""),
            act=acts.get(row.id, ("", "")),
        )
        for row in rows
    ]


def line_of(
    row: ObligationRow,
    request: DeskRequest,
    calendar: WorkCalendar,
    evidence: str,
    *,
    officer: str = "",
    kind: str = "",
    act: tuple[str, str] = ("", ""),
) -> LedgerLine:
    """One obligation as a line of a page: chip, limit in words, and whether its day surprises."""
    is_weekend = row.last_day is not None and row.last_day.weekday() >= FREE_WEEKEND
    return LedgerLine(
        row=row,
        chip=ledger.chip_of(row, request.now, calendar),
        is_late=row.overdue_since is not None,
        limit_words=rules.say_limit(rules.parse_limit(row.limit_text)),
        evidence=evidence,
        why=f"为什么是{rules.say_weekday(row.last_day)}" if is_weekend and row.last_day else "怎么算",
        href=_address(DETAIL_PAGE, row.uuid),
        receipt=_address("ledger:receipt", row.uuid),
        kind=kind or row.duty_label,
        officer=officer,
        work=address_of_work(row.page, row.subject),
        work_words=words_of_work(row),
        act=act[0],
        act_words=act[1],
    )


def list_acts(rows: Sequence[ObligationRow], evidence: Mapping[int, Sequence[Evidence]], actor: Actor) -> dict[int, tuple[str, str]]:
    """What this person can do to the proofs of some rows (对凭据的动作): address and words, by row. One query for each kind of act."""
    found: dict[int, tuple[str, str]] = {}
    for kind, act in EVIDENCE_ACTS.items():
        units = actor.units(act.right)
        proofs = [
            (row.id, proof.reference) for row in rows if row.unit_id in units for proof in evidence.get(row.id, ()) if proof.kind == kind
        ]
        targets = act.find_targets([reference for _, reference in proofs]) if proofs else {}
        found |= {row: (_address(act.page, targets[reference]), act.label) for row, reference in proofs if reference in targets}
    return found


def kind_of(row: ObligationRow) -> str:
    """What the catalogue calls an obligation (事项名称); what its duty is called where the catalogue does not know it."""
    return next((group.entries[row.entry] for group in list_entry_groups() if row.entry in group.entries), row.duty_label)


def words_of_work(row: ObligationRow) -> str:
    """What the button says that leads to the work: 打开事由, 打开文稿."""
    duty = DUTIES.get(row.duty_code)
    return f"打开{(duty.work if duty else '') or row.duty_label}"


def address_of_work(page: str, subject: UUID) -> str:
    """Where the work itself is done; empty when its page does not exist in this installation."""
    return "" if page == DETAIL_PAGE else _address(page, subject)


def _address(page: str, uuid: UUID) -> str:
    return _pattern(page).replace(str(NO_UUID), str(uuid))


@cache
def _pattern(page: str) -> str:
    """The address of a page for no uuid at all: looking an address up for each of fifty rows costs more than reading them."""
    try:
        return reverse(page, args=[NO_UUID])
    except NoReverseMatch:
        return ""
