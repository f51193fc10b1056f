from datetime import date
from typing import Any
from uuid import uuid4

from gongkai.core.search.kinds import Findable


def a_document(**known: Any) -> Findable:
    """A public document as the search gets it, with small defaults."""
    values: dict[str, Any] = {
        "uuid": uuid4(),
        "title": "大营村征地补偿安置方案公告",
        "body": "石门镇大营村村民委员会：现将征地补偿安置方案予以公告。",
        "section_id": 1,
        "unit_id": 1,
        "day": date(2026, 10, 9),
        "path": "/d/2026/00001/",
    }
    return Findable(**(values | known))
