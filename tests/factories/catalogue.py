from typing import Any

from gongkai.core.catalogue.kinds import Category, EntryRow, SectionRow


def a_section(**known):
    """A section of the portal, with small defaults."""
    values: dict[str, Any] = {"id": 1, "code": "result", "title": "供应结果", "slug": "land-results", "category": Category.LAND_USE}
    return SectionRow(**(values | known))


def an_entry(**known):
    """An entry of the catalogue, with small defaults."""
    values: dict[str, Any] = {
        "id": 1,
        "code": "land.result",
        "name": "成交结果公示",
        "section": a_section(),
        "elements": ("宗地编号", "成交价"),
        "basis": "招拍挂规定 第21条",
        "owner_usual_name": "开发利用科",
        "trigger": "成交",
    }
    return EntryRow(**(values | known))
