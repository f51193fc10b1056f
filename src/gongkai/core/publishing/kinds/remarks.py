from dataclasses import dataclass

from gongkai.lib.enums import LabelledEnum


class Spot(LabelledEnum):
    """Which part of a text a reviewer points at when he returns it (指处)."""

    WHOLE = "WHOLE", "全文"
    TITLE = "TITLE", "标题"
    DOCUMENT_NUMBER = "DOCUMENT_NUMBER", "发文字号"
    FORMED_DATE = "FORMED_DATE", "成文日期"
    PARAGRAPH = "PARAGRAPH", "正文"
    ELEMENT = "ELEMENT", "要素"
    ATTACHMENT = "ATTACHMENT", "附件"
    FINDING = "FINDING", "检查发现"


@dataclass(frozen=True)
class Place:
    """One thing in a text that can be pointed at (位置). `key` tells several of one part apart; `quote` are its words as they stand now."""

    spot: Spot
    key: str = ""
    label: str = ""
    quote: str = ""

    @property
    def code(self) -> str:
        """What a form calls it."""
        return f"{self.spot.value}:{self.key}"


@dataclass(frozen=True)
class NewRemark:
    """What a reviewer says about one place when he returns a text (退回意见): the place's code and his words."""

    place: str
    words: str


@dataclass(frozen=True)
class RemarkRow:
    """One remark of a return (退回意见), as the author reads it."""

    place: Place
    words: str
