from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from gongkai.core.publishing import rules
from gongkai.core.publishing.kinds import DraftContent, DraftDetail, NewRemark, Place, Spot
from gongkai.core.publishing.pictures import describe_picture, write_picture
from gongkai.core.publishing.places import MAX_REMARKS
from gongkai.core.publishing.tables import read_gate_tables
from gongkai.lib.errors import BadInput

WORDS_FIELD = "picture_words_"
USUAL_REASONS = (
    "标题与正文不一致",
    "数字与附表不一致",
    "缺少必备要素",
    "文号写法不对",
    "附件不全或不是最新",
    "含有不应公开的个人信息",
    "公开属性需要重新确定",
    "文字需要再改",
)

WHOLE = Place(Spot.WHOLE).code
GROUPED = frozenset({Spot.PARAGRAPH, Spot.ELEMENT, Spot.ATTACHMENT, Spot.FINDING})


class FilesInput(forms.ClearableFileInput):
    """A file control that takes several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, none needed."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":  # noqa: ARG002 — Django's signature
        """The files as a list. Each is judged where it is sealed, so that one refused file is named and the others are kept."""
        return [one for one in (data or []) if one is not None]


class DraftForm(forms.Form):
    """A text in the editor (起草). Lengths and days are judged by the rules, so that every way in judges alike; here only what a type is.

    `seen_hash` is of the content the author started from. Every button of the page sends this form: nothing typed is left behind.
    """

    seen_hash = forms.CharField(
        label="看到的内容", widget=forms.HiddenInput, error_messages={"required": "不知道您改的是哪一份内容，没保存。请另开一页看这份稿。"}
    )
    title = forms.CharField(label="标题", required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    document_number = forms.CharField(label="发文字号", required=False, help_text="例如 临澄自然资规〔2026〕3号。没有就空着。")
    formed_date = forms.DateField(
        label="成文日期",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "请按 2026-10-09 的写法填成文日期。"},
    )
    body = forms.CharField(
        label="正文",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "data-editor": ""}),
        help_text="可以粘贴。表格、标题、列表、加粗留下；外来的图片、字体和颜色、隐藏的字、修订标记、脚本去掉，会告诉您去掉了什么。",
    )
    uploads = FilesField(
        label="添加附件",
        required=False,
        help_text="图片加上以后可以放进正文。PDF、Word、Excel、图片，每个不超过 20 MB。原件封存；公开的是副本，作者等元数据目前不清除。",
    )

    def __init__(self, detail: DraftDetail, data: MultiValueDict[str, Any] | None = None, files: Any = None) -> None:
        super().__init__(data, files, initial=_initial(detail))
        self.element_names = list_element_names(detail)
        for number, name in enumerate(self.element_names):
            self.fields[f"element_{number}"] = forms.CharField(
                label=name,
                required=False,
                initial=detail.content.elements.get(name, ""),
                widget=forms.Textarea(attrs={"rows": 1, "class": "element"}),
            )
        self.kept_attachments = detail.content.attachments if data is None else _read_uuids(data)

    @property
    def element_fields(self) -> list[forms.BoundField]:
        """The elements' fields in the catalogue's order."""
        return [self[f"element_{number}"] for number in range(len(self.element_names))]

    @property
    def content(self) -> DraftContent:
        """What was typed, once the form is valid."""
        cleaned = self.cleaned_data
        return DraftContent(
            title=cleaned["title"],
            document_number=cleaned["document_number"],
            body_html=self._body(cleaned["body"]),
            formed_date=cleaned["formed_date"],
            elements={name: cleaned[f"element_{number}"] for number, name in enumerate(self.element_names)},
            attachments=tuple(self.kept_attachments),
        )

    def _body(self, typed: str) -> str:
        """The text with what the page's plain fields say about its pictures; a page with script says it in the text itself."""
        for name, words in self.data.items():
            if name.startswith(WORDS_FIELD) and (uuid := _read_uuid(name.removeprefix(WORDS_FIELD))):
                typed = describe_picture(typed, uuid, " ".join(str(words).split()))
        placed = _read_uuid(str(self.data.get("place", "")))
        if placed not in self.kept_attachments or placed is None:
            return typed
        words = " ".join(str(self.data.get(f"{WORDS_FIELD}{placed}", "")).split())
        return f"{typed}\n<p>{write_picture(placed, words)}</p>"

    def refuse(self, refusal: BadInput) -> None:
        """Show a refusal beside the field it is about."""
        name = refusal.field if refusal.field in self.fields else None
        self.add_error("uploads" if refusal.field == "attachments" else name, str(refusal))

    def refuse_files(self, refused: Sequence[str], *, is_saved: bool) -> None:
        """Show each file that was not taken with its reason, and whether the text was saved all the same."""
        text = "文字和其余附件已经保存。" if is_saved else "文字还没有保存，还在这一页：改好其他要改的地方，再保存一次。"
        self.add_error("uploads", [*refused, text])


class PassStepForm(forms.Form):
    """What a reviewer says when he passes a text (通过). That findings which were let through are looked at first is the action's rule."""

    seen_hash = forms.CharField(widget=forms.HiddenInput)
    opinion = forms.CharField(label="意见", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    looked = forms.BooleanField(label="", required=False)

    def __init__(self, passed_count: int, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["looked"].label = f"写理由通过的 {passed_count} 处，我看过了"
        if not passed_count:
            del self.fields["looked"]


class UrgentForm(forms.Form):
    """What somebody says who releases a text before its review (先发后审)."""

    seen_hash = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="为什么等不及审核",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：13时起有大到暴雨，须立即提醒山区群众。会署您的名字，留在记录里。",
    )
    has_checked = forms.BooleanField(label="我已查过：没有涉密内容，没有不该公开的个人信息", required=False)


class ReturnStepForm(forms.Form):
    """Why a text goes back (退回): a usual reason, and for one place or several what is wrong there.

    Rows: `place`, `reason` for the first, `place_2`, `reason_2` and so on for the others. `more` asks for one more row.
    """

    seen_hash = forms.CharField(widget=forms.HiddenInput)
    usual = forms.ChoiceField(label="常用理由", required=False, choices=[("", "不选")] + [(words, words) for words in USUAL_REASONS])

    def __init__(self, places: Sequence[Place], data: MultiValueDict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.rows = min(_count_rows(data) + (data is not None and "more" in data), MAX_REMARKS)
        choices = _group(places)
        for number in range(1, self.rows + 1):
            end = "" if number == 1 else f"_{number}"
            self.fields[f"place{end}"] = forms.ChoiceField(
                label="指在哪里" if number == 1 else f"第 {number} 处指在哪里",
                choices=choices,
                initial=places[0].code if places else "",
                required=False,
                widget=forms.Select(attrs={"data-place-choice": ""}),
                error_messages={"invalid_choice": "这一处现在没有了，请重新选。"},
            )
            self.fields[f"reason{end}"] = forms.CharField(
                label="退回的理由" if number == 1 else f"第 {number} 处的理由",
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text="写明怎么改。会署您的名字，起草人看得到。" if number == 1 else "",
            )

    @property
    def words(self) -> str:
        """What is said of the whole text: the usual reason, then the words of rows that point nowhere."""
        said = [words for place, words in self._typed() if place == WHOLE and words]
        return "：".join(part for part in (self.cleaned_data["usual"], "；".join(said)) if part)

    @property
    def remarks(self) -> list[NewRemark]:
        """What is said of which place. A place without words means the usual reason."""
        return [NewRemark(place, words or self.cleaned_data["usual"]) for place, words in self._typed() if place != WHOLE]

    def _typed(self) -> Iterator[tuple[str, str]]:
        for number in range(1, self.rows + 1):
            end = "" if number == 1 else f"_{number}"
            yield self.cleaned_data.get(f"place{end}") or WHOLE, self.cleaned_data.get(f"reason{end}", "").strip()


def _group(places: Sequence[Place]) -> list[tuple[str, str | list[tuple[str, str]]]]:
    """The places as choices: those of one part together under its name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        groups.setdefault(place.spot.label if place.spot in GROUPED else "", []).append((place.code, place.label))
    alone = groups.pop("", [])
    return [*alone, *groups.items()]


def _count_rows(data: MultiValueDict[str, Any] | None) -> int:
    rows = 1
    while data is not None and f"reason_{rows + 1}" in data:
        rows += 1
    return rows


def list_element_names(detail: DraftDetail) -> list[str]:
    """Elements with a field of their own: those that title, number or day answer are left out, unless they hold a value."""
    answered = read_gate_tables().answered_by
    asked = [name for name in detail.required if name not in answered or detail.content.elements.get(name)]
    return asked + [name for name in detail.content.elements if name not in asked]


def _initial(detail: DraftDetail) -> dict[str, Any]:
    content = detail.content
    return {
        "seen_hash": detail.content_hash,
        "title": content.title,
        "document_number": content.document_number,
        "formed_date": content.formed_date,
        "body": content.body_html,
    }


def _read_uuids(data: MultiValueDict[str, Any]) -> Sequence[UUID]:
    """The attachments that the page still lists, without the one that is being dropped."""
    found = [_read_uuid(text) for text in data.getlist("attachments") if text != data.get("drop")]
    return [uuid for uuid in found if uuid is not None]


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def read_reason(data: MultiValueDict[str, Any], key: str) -> str:
    """The reason typed beside one finding."""
    return str(data.get(f"reason_{key}", ""))[: rules.MAX_REASON * 2]
