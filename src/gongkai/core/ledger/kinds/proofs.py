from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from gongkai.foundation.accounts.kinds import Right


@dataclass(frozen=True)
class EvidenceAct:
    """What can be done to the thing that is a proof (对凭据的动作), such as taking a public text down: who may, and on which page.

    `find_targets` gives, for those references to which it can be done now, what the page is asked with. One query for any number.
    """

    label: str
    right: Right
    page: str
    find_targets: Callable[[Collection[str]], Mapping[str, UUID]]
