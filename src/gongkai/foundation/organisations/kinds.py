from dataclasses import dataclass
from uuid import UUID

from gongkai.lib.enums import LabelledEnum


class UnitKind(LabelledEnum):
    """What a unit is (单位类型)."""

    LEADING_GROUP = "LEADING_GROUP", "领导小组"
    BUREAU = "BUREAU", "本机关"
    DEPARTMENT = "DEPARTMENT", "内设机构"
    BRANCH = "BRANCH", "分局县局"


@dataclass(frozen=True)
class UnitRow:
    """One unit (单位), as other apps see it. `parent_id` is None for the bureau alone."""

    id: int
    uuid: UUID
    code: str
    name: str
    short_name: str
    kind: UnitKind
    telephone: str
    parent_id: int | None


@dataclass(frozen=True)
class OfficerRow:
    """One officer (人员), as other apps see him. One who left stays: old texts name him."""

    id: int
    uuid: UUID
    name: str
    is_active: bool = True


@dataclass(frozen=True)
class PostRow:
    """One post (岗位) and who holds it on the day that was asked about; `holder` is None while it is vacant or no day was asked.

    `is_active` False: it was taken out of use.
    """

    id: int
    code: str
    title: str
    unit_id: int
    unit_name: str
    holder: OfficerRow | None
    is_active: bool = True
