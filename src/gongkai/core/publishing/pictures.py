"""Pictures inside a text: a clean body names them as attachments, whoever shows it says where they lie. No Django, no disk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape
from uuid import UUID

SCHEME = "attachment:"
SOURCE = re.compile(rf"{SCHEME}[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}")
# As the canonical writer of `cleaning` writes them, and nothing else does.
TAG = re.compile(rf'<img src="{SCHEME}([0-9a-f-]{{36}})" alt="([^"]*)">')
MEDIA_TYPES = frozenset({"image/png", "image/jpeg"})
NOT_A_PICTURE = "正文里只放 PNG 或 JPEG 图片。其他文件请作为附件添加；别的格式的图片请先另存为 PNG 或 JPEG。"


@dataclass(frozen=True)
class Picture:
    """One picture in a text (正文图片): which attachment it is, and what it shows in words, for whoever cannot see it."""

    uuid: UUID
    words: str


def write_picture(uuid: UUID, words: str) -> str:
    """A picture as a body holds it."""
    return f'<img src="{SCHEME}{uuid}" alt="{escape(words)}">'


def list_pictures(body: str) -> list[Picture]:
    """The pictures of a clean body, in their order; one that stands twice is there twice."""
    return [Picture(UUID(uuid), unescape(words)) for uuid, words in TAG.findall(body)]


def show_pictures(body: str, addresses: Mapping[UUID, str]) -> str:
    """A clean body with its pictures at their addresses (显示图片). One without address gives way to its words."""

    def shown(match: re.Match[str]) -> str:
        address = addresses.get(UUID(match[1]))
        if address is None:
            return f"〔图：{match[2]}〕"
        return f'<img src="{escape(address)}" alt="{match[2]}">'

    return TAG.sub(shown, body)


def describe_picture(body: str, uuid: UUID, words: str) -> str:
    """A body with other words for a picture (改替代文字), wherever it stands."""
    return TAG.sub(lambda match: write_picture(uuid, words) if match[1] == str(uuid) else match[0], body)


def follow_pictures(attachments: tuple[UUID, ...], *, before: str, now: str) -> tuple[UUID, ...]:
    """The attachments of a text when its body changes (附件随正文): a picture put in comes along, one taken out goes."""
    was, is_now = [{picture.uuid: None for picture in list_pictures(body)} for body in (before, now)]
    kept = [uuid for uuid in attachments if uuid in is_now or uuid not in was]
    return (*kept, *(uuid for uuid in is_now if uuid not in kept))
