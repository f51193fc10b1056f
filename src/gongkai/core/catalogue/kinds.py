from dataclasses import dataclass

from gongkai.lib.enums import LabelledEnum


class Category(LabelledEnum):
    """Under which heading a publication is counted (统计类别). Every section has exactly one, so that the parts add up."""

    ORGANISATION = "ORGANISATION", "机构职能类"
    GUIDANCE = "GUIDANCE", "公开指南和制度类"
    POLICY = "POLICY", "政策法规类"
    PLANNING = "PLANNING", "规划统计类"
    POWER = "POWER", "行政权力类"
    CREDIT = "CREDIT", "国土信用类"
    LAND_USE = "LAND_USE", "土地利用类"
    EXPROPRIATION = "EXPROPRIATION", "征地信息"
    MINERAL = "MINERAL", "矿业权类"
    REAL_ESTATE = "REAL_ESTATE", "不动产登记类"
    GEOLOGY = "GEOLOGY", "地质测绘类"
    FINANCE = "FINANCE", "财务信息"
    PERSONNEL = "PERSONNEL", "人事信息"
    DECISION = "DECISION", "决策和互动类"
    ON_REQUEST = "ON_REQUEST", "依申请公开类"
    WORK = "WORK", "公开工作类"


@dataclass(frozen=True)
class SectionRow:
    """A column of the portal (栏目). `slug` is its address; `category` decides where its publications are counted."""

    id: int
    code: str
    title: str
    slug: str
    category: Category


@dataclass(frozen=True)
class EntryRow:
    """One kind of information that must be made public (公开事项), with what its text has to contain.

    `owner_usual_name` is the name by which the work is usually called, not a unit: organisations maps it. `is_active` False: kept for what
    was made public under it, nothing new can be.
    """

    id: int
    code: str
    name: str
    section: SectionRow
    elements: tuple[str, ...]
    basis: str
    owner_usual_name: str
    trigger: str = ""
    note: str = ""
    is_active: bool = True
