"""Where somebody lives, written down to the door (住址到门牌). An office's address, a firm's seat and a parcel's place are left alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
FIGURE = "[0-9一二三四五六七八九十百零〇○]"
PLACE = f"[{HAN}A-Za-z0-9（）()·]"
# 和平路7号2栋301室, 幸福村三组12号, 3幢2单元502: at least one part that leads to a door.
NUMBERS = rf"{FIGURE}{{1,5}}(?:[-—]{FIGURE}{{1,5}}){{0,3}}"
DOOR = rf"{NUMBERS}[ ]?(?:号楼|号院|号|栋|幢|座|单元|室|户|弄)(?!文|公告|令|地块|宗地|线|公路|仓)"
QUANTITY = r"[0-9.]*(?:平方|亩|元|年|月|日|人|户|公顷|m)"
REST = rf"(?:[ ]?(?:{DOOR}|[A-Za-z]座|附{FIGURE}{{1,3}}号|{NUMBERS}(?!{QUANTITY})))*"
# Words after which somebody's home follows. 住 alone must not belong to 住宅, 住房, 住建, 入住, 居住用地 …
LIVES = (
    r"(?:家庭(?:住|地)址|现?住址|常住地址|居住地址|户籍(?:地址|所在地|地)|身份证(?:住|地)址|家住|现居住?[于在]?|居住[于在]|租住[于在]?|暂住[于在]?"
    r"|(?<![入安内套居租暂久小])住(?![宅房户建所院宿用改楼保持址])(?:在|于)?)"
)
HOME = re.compile(rf"{LIVES}[ ]?[：:为是]?[ ]?(?P<home>(?P<street>{PLACE}{{2,40}}?)(?:{FIGURE}{{1,3}}组[ ]?)?{DOOR}{REST})")
# A home without such a word: somebody, then a quarter with building and door.
SOMEBODY = (
    r"(?:某{1,2}|户主|村民|居民|业主|先生|女士|被征收人|申请人|信访人|当事人)"
    r"[^。；，,;\n：:]{0,6}[，,：: ]{1,2}(?:男|女|汉族|[，, ]){0,4}"
)
QUARTER = re.compile(
    rf"{SOMEBODY}(?P<home>(?P<street>[{HAN}]{{2,30}}?(?:小区|花园|家园|新村|公寓|苑|社区|村|路|街|巷|里)[{HAN}]{{0,6}}?){DOOR}{REST})"
)
PUBLIC = re.compile(r"局|大厅|委员会|人民政府|公司|法院|检察院|派出所|服务中心|办公|坐落|项目|地块|不动产|土地|现场|会议室")


@dataclass(frozen=True)
class Home:
    """A home in its place (住址). `street` is what may stay: the part before the first number that leads to the door."""

    start: int
    end: int
    street: str


def find_homes(text: str) -> Iterator[Home]:
    """Each home of a text that is written down to the door. `text` has figures and marks in half width."""
    for pattern in (HOME, QUARTER):
        for match in pattern.finditer(text):
            if not PUBLIC.search(match["home"]):
                yield Home(match.start("home"), match.end("home"), match["street"])
