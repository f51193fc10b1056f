import csv
import io
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from gongkai.foundation.workdays import api as workdays
from gongkai.foundation.workdays.kinds import CalendarAct, CalendarChange, DayLine, NoticeText
from gongkai.lib.errors import BadInput
from gongkai.lib.sheets import read_table

PASTED = "表格"
USUAL_AGENCY = "国务院办公厅"
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_CHARACTERS = 100_000


class NoticeFields(forms.Form):
    """On which paper a change of the calendar rests (依据)."""

    agency = forms.CharField(label="印发机关", max_length=60, initial=USUAL_AGENCY)
    title = forms.CharField(
        label="通知标题", max_length=120, help_text="照原文写，例如“国务院办公厅关于2027年部分节假日安排的通知”。不写网址。"
    )
    number = forms.CharField(label="文号", max_length=60, required=False, help_text="例如“国办发明电〔2026〕8号”，不知道就空着。")
    issued_on = forms.DateField(label="公布日", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def notice(self) -> NoticeText:
        """The notice that was typed."""
        typed = self.cleaned_data
        return NoticeText(typed["agency"], typed["title"], typed["number"], typed["issued_on"])


class ChangeForm(NoticeFields):
    """A new or an amended year (换日历): a table of days, uploaded or typed, and the notice behind it.

    What was uploaded comes back as text in `rows`: no browser hands a file in twice, and its errors can be put right in place.
    """

    file = forms.FileField(
        label="日历表", required=False, help_text=".xlsx 或 CSV，四列：日期、放假/上班、名称、法定。文件和下面的格子，有一样就行。"
    )
    rows = forms.CharField(
        label="表里的日子",
        required=False,
        max_length=MAX_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="选了文件就不用填。也可以从表格软件里连列名一起复制、粘贴到这里。",
    )
    act = forms.ChoiceField(
        label="怎么换",
        choices=[(act.value, act.label) for act in (CalendarAct.REPLACE, CalendarAct.AMEND)],
        widget=forms.RadioSelect,
        error_messages={"required": "请选怎么换：整年，还是只改表里的日子。"},
        help_text="新的一年选“整年换成这张表”。年中调整、地方补假选“只改表里的日子”，其他日子不动。",
    )

    field_order = ["file", "rows", "act", "agency", "title", "number", "issued_on"]

    def clean(self) -> dict[str, Any]:
        """The lines of the table; its errors by row stand at the field they came from."""
        typed = super().clean() or {}
        file: UploadedFile[bytes] | None = typed.get("file")
        name, data = PASTED, _as_csv(typed.get("rows") or "").encode()
        if file is not None:
            if (file.size or 0) > MAX_FILE_BYTES:
                self.add_error("file", "文件超过 2 MB，一年的日历用不了这么大。请确认拿对了文件，再选一次。")
                return typed
            name, data = file.name or PASTED, file.read()
        if not data.strip():
            self.add_error("file", "请选一个文件，或者把表粘贴到下面。")
            return typed
        self._read(name, data, typed)
        return typed

    def _read(self, name: str, data: bytes, typed: dict[str, Any]) -> None:
        """Also puts the table into `rows`, whatever is wrong with its lines."""
        field = "file" if name != PASTED else "rows"
        try:
            table = read_table(name, data, workdays.DAYS)
        except BadInput as refusal:
            again = "（要换文件请再选一次。）" if field == "file" else ""
            self._note(field, f"{refusal}{again}")
            return
        if field == "file":
            self.data = _with_rows(self.data, write_rows([tuple(row[column] for column in workdays.DAYS.columns) for row in table]))
        try:
            typed["lines"] = workdays.read_lines(table)
            typed["year"] = workdays.find_year(typed["lines"])
        except BadInput as refusal:
            again = "\n表已读进下面的格子，可以就地改好，不用再选文件。" if field == "file" else ""
            self._note("rows", f"{refusal}{again}")

    def _note(self, field: str, words: str) -> None:
        """Each line of a complaint as one of its own: they are many."""
        for line in words.splitlines():
            self.add_error(field, line)

    def change(self) -> CalendarChange:
        """The change that was typed."""
        typed = self.cleaned_data
        return CalendarChange(act=CalendarAct(typed["act"]), year=typed["year"], notice=self.notice(), lines=typed["lines"])


class DayForm(NoticeFields):
    """One day by itself, such as a local holiday (地方补假)."""

    day = forms.DateField(
        label="哪一天", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), error_messages={"required": "请写哪一天。"}
    )
    is_workday = forms.TypedChoiceField(
        label="放假还是上班",
        coerce=lambda text: text == "yes",
        choices=[("no", "放假"), ("yes", "上班")],
        widget=forms.RadioSelect,
        initial="no",
    )
    name = forms.CharField(label="名称", max_length=30, help_text="例如“三月三补假”。")

    field_order = ["day", "is_workday", "name", "agency", "title", "number", "issued_on"]

    def change(self) -> CalendarChange:
        """The change that was typed."""
        typed = self.cleaned_data
        line = DayLine(typed["day"], typed["is_workday"], typed["name"])
        return CalendarChange(act=CalendarAct.AMEND, year=line.day.year, notice=self.notice(), lines=(line,))


class WithdrawForm(forms.Form):
    """Why the newest edition of a year is withdrawn (撤回日历)."""

    reason = forms.CharField(
        label="为什么撤回",
        max_length=200,
        error_messages={"required": "请写为什么撤回。"},
        help_text="例如“装错了文件”。留在日历的版次里。",
    )


def write_rows(rows: list[tuple[str, ...]]) -> str:
    """A table of days as text with its column names, as it can be read again."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([workdays.DAYS.columns, *rows])
    return text.getvalue()


def write_lines(change: CalendarChange) -> str:
    """The lines of a change as text: what a preview carries along to be confirmed."""
    return write_rows(
        [
            (line.day.isoformat(), "上班" if line.is_workday else "放假", line.name, "是" if line.is_statutory else "否")
            for line in change.lines
        ]
    )


def _as_csv(text: str) -> str:
    """Cells copied from a sheet are parted by tabs. Without the row of column names it is put on top."""
    lines = [line for line in text.splitlines() if line.strip()]
    if lines and "\t" in lines[0]:
        table = io.StringIO()
        csv.writer(table, lineterminator="\n").writerows(line.split("\t") for line in lines)
        lines = table.getvalue().splitlines()
    if lines and not lines[0].lstrip("\ufeff").startswith(workdays.DAYS.columns[0]):
        lines.insert(0, ",".join(workdays.DAYS.columns))
    return "\n".join(lines)


def _with_rows(data: Mapping[str, Any], rows: str) -> Any:
    """What was posted, with the table of the file in its text field."""
    changed = data.copy()  # type: ignore[attr-defined]  # a QueryDict
    changed["rows"] = rows
    return changed
