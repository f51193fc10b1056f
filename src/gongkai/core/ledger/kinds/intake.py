from dataclasses import dataclass


@dataclass(frozen=True)
class IntakeSource:
    """A register of another system from which rows come every week (导入来源).

    `words`: how far it is this week. `is_done`: it came. `is_reminded`: its day has passed without it; never overdue.
    """

    name: str
    words: str
    page: str
    key: str
    is_done: bool
    is_reminded: bool


@dataclass(frozen=True)
class Intake:
    """Where the rows of the ledger come from (本周导入), and how much of what was made public had been registered first (登记覆盖率).

    Pages are names, their addresses are looked up where they are shown. An empty name: this person may not open it.
    """

    sources: tuple[IntakeSource, ...]
    import_page: str
    register_page: str
    share: str
    count_words: str
    share_page: str
