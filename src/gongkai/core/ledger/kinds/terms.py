from dataclasses import dataclass
from datetime import date

from gongkai.core.ledger.kinds.states import Binding, LimitUnit, PublicDisplay


@dataclass(frozen=True)
class Duty:
    """A kind of obligation that some app opens (职责). `page` is the address name that shows its subject, by the subject's uuid.

    `entry` names the terms; None: told each time one is opened. `is_held` False: whoever may decide it does it, no post holds it, so that
    it is nobody's on 我的今日 and is not reassigned. `work`: what people call that page (事由, 文稿), else the label.
    """

    code: str
    label: str
    page: str
    entry: str | None = None
    is_held: bool = True
    work: str = ""


@dataclass(frozen=True, kw_only=True)
class TermsRow:
    """One dated version of a limit (期限条款). Both days included, None is open.

    `limit_text` as in the duty list: `P20WD`, `min:P30D`, `fixed:01-31`, `PT48H`, `cadence:1Q`, `none`. `rolls`: whether a last day that
    is a day off moves to the next working day; it speaks only of calendar days, months and years.

    `extend_…`: how far the law lets it be extended (`extend_unit` None: in its own unit) and who approves; an amount or a cap that the law
    does not name is None. `excluded_time`, `restart_on`, `on_timeout`: the law's words for what stops it, makes it begin again, and follows
    its end.
    `stop_from_next_day`: the day on which an opinion is asked for still counts. `stop_includes_answer`: the day on which the answer
    arrives does not. The statute says neither; the legal office decides.
    """

    entry: str
    label: str
    limit_text: str
    basis: str
    source: str
    is_verified: bool
    deadline_id: str
    binding: Binding
    public_display: PublicDisplay
    holder: str
    clock_start: str
    effective_from: date | None = None
    effective_to: date | None = None
    note: str = ""
    rolls: bool = True
    extend_amount: int | None = None
    extend_unit: LimitUnit | None = None
    extend_max_times: int | None = None
    extend_cap_total: int | None = None
    extend_approval: str = ""
    excluded_time: str = ""
    restart_on: str = ""
    on_timeout: str = ""
    stop_from_next_day: bool = True
    stop_includes_answer: bool = True

    @property
    def may_be_extended(self) -> bool:
        """Whether the law knows an extension (延长) of it."""
        return self.extend_amount is not None or bool(self.extend_approval)


@dataclass(frozen=True)
class Limit:
    """A limit as the rules read it (期限). `is_minimum`: at least that long. `month` and `day` only for a date in the year."""

    unit: LimitUnit
    amount: int = 0
    is_minimum: bool = False
    month: int = 0
    day: int = 0
    cadence: str = ""
