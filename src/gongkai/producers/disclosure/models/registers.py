from uuid import uuid4

from django.db import models

from gongkai.producers.disclosure.kinds import LineState, UploadState
from gongkai.producers.disclosure.models.causes import Cause

KEY_LENGTH = 120


class RegisterSource(models.Model):
    """A register that another system keeps and that is uploaded as a sheet each week (登记来源): 土地市场动态监测监管系统, 双公示….

    Not the sheet: that is an upload. `weekday` is only a reminder (内部要求). `names` says what each column is usually called there,
    `memory` how the last sheet was read: columns by name, words that mean an entry, names that mean a unit.
    Left out on purpose: fetching from the other system, which stands in another network. Personal data: none.
    """

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    number_label = models.CharField("编号叫什么", max_length=40, help_text="合同编号、批文号、决定书文号：同一个编号就是同一件事")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, verbose_name="由谁上传")
    weekday = models.PositiveSmallIntegerField("每周几以前", help_text="1 周一 … 7 周日；只提醒")
    names = models.JSONField("各列常用的列名", default=dict)
    memory = models.JSONField("上次的认列", default=dict)
    is_active = models.BooleanField("在用", default=True)
    order = models.PositiveSmallIntegerField("次序", default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="source_weekday_known",
                condition=models.Q(weekday__gte=1, weekday__lte=7),
                violation_error_message="每周几以前：请选周一到周日。",
            ),
            models.CheckConstraint(name="source_named", condition=~models.Q(name=""), violation_error_message="请写登记来源的名称。"),
        ]

    def __str__(self) -> str:
        return self.name


class SourceEntry(models.Model):
    """One entry of the catalogue to which rows of a source may lead (来源对应事项). `words` of the kind column tell it.

    A source with one entry needs no words. `also`: codes of what the law demands of the same thing besides (an approval of expropriation
    owes its papers and a notice). Personal data: none.
    """

    source = models.ForeignKey(RegisterSource, models.CASCADE, db_index=False, related_name="entries", verbose_name="登记来源")
    entry = models.ForeignKey("catalogue.Entry", models.PROTECT, verbose_name="公开事项")
    also = models.CharField("同时要公开的事项", max_length=200, blank=True, help_text="事项代码，用分号隔开")
    words = models.CharField("类别里写什么", max_length=200, blank=True, help_text="用分号隔开")
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "entry"], name="source_entry_once", violation_error_message="这一项已经在里面了。"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.entry_id}"


class SheetUpload(models.Model):
    """One sheet somebody uploaded for a source (上传的登记表), from reading its columns to the import and its undoing.

    Not the file: only its lines are kept (SheetLine), its name and digest here. `sheets` lists the sheets that hold something,
    `reading` says how the chosen one is read, `asides` which lines were no data. `job` is the outbox intent that works on it.
    Personal data: the officers who uploaded and imported it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    source = models.ForeignKey(RegisterSource, models.PROTECT, db_index=False, verbose_name="登记来源")
    file_name = models.CharField("文件名", max_length=200)
    digest = models.CharField("摘要", max_length=64, help_text="文件的 SHA-256")
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="上传人")
    state = models.CharField("状态", max_length=10, choices=UploadState.choices(), default=UploadState.READING.value)
    sheets = models.JSONField("工作表", default=list)
    reading = models.JSONField("认列", default=dict)
    asides = models.JSONField("没有算进来的行", default=list)
    with_changes = models.BooleanField("连同改动", default=False)
    imported_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, related_name="+", verbose_name="导入人")
    imported_at = models.DateTimeField("导入时间", null=True)
    job = models.PositiveBigIntegerField("后台任务", null=True)

    class Meta:
        indexes = [
            # The uploads of a source, newest first: the strip of the week and the source's page.
            models.Index(fields=["source", "-uploaded_at", "-id"], name="upload_of_source"),
        ]
        constraints = [
            models.CheckConstraint(
                name="upload_state_known", condition=models.Q(state__in=UploadState.values()), violation_error_message="上传状态无效。"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class SheetLine(models.Model):
    """One line of an uploaded sheet as it was read (登记表的一行), with what became of it.

    `number` is the line's number in the sheet, `key` the source's own number of the thing, empty where none was read. `before` is what a
    change replaced, for undoing it. What is wrong with a line is not stored: it is told from the cells whenever it is shown.
    Personal data: whatever the sheet names (land users, parties); deleted 30 days after the import or when the upload is discarded.
    """

    upload = models.ForeignKey(SheetUpload, models.CASCADE, db_index=False, related_name="lines", verbose_name="登记表")
    sheet = models.PositiveSmallIntegerField("第几张表")
    number = models.PositiveIntegerField("第几行")
    cells = models.JSONField("各格")
    key = models.CharField("来源编号", max_length=KEY_LENGTH, blank=True)
    state = models.CharField("状态", max_length=10, choices=LineState.choices(), default=LineState.NEW.value)
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, verbose_name="事由")
    before = models.JSONField("改动前", null=True)
    refusal = models.CharField("没有导入的原因", max_length=300, blank=True)

    class Meta:
        indexes = [
            # Lines of one state in their order: the pages of an upload, the next hundred of an import, and the counts.
            models.Index(fields=["upload", "sheet", "state", "number"], name="line_by_state"),
            # Other lines with the same number, when one is edited.
            models.Index(fields=["upload", "sheet", "key"], name="line_by_key"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["upload", "sheet", "number"], name="line_once", violation_error_message="这一行已经读入。"),
            models.CheckConstraint(
                name="line_state_known", condition=models.Q(state__in=LineState.values()), violation_error_message="行的状态无效。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.number}"


class RegisteredNumber(models.Model):
    """A thing of a source that is registered (来源编号): the source's own number and the cause it became.

    The one place that keeps a sheet from doubling anything. Deleted when the import that made it is undone. Personal data: none.
    """

    source = models.ForeignKey(RegisterSource, models.PROTECT, db_index=False, verbose_name="登记来源")
    number = models.CharField("编号", max_length=KEY_LENGTH)
    cause = models.OneToOneField(Cause, models.PROTECT, related_name="registered_number", verbose_name="事由")
    noted_at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"], name="registered_number_once", violation_error_message="这个编号已经登记。"
            ),
        ]

    def __str__(self) -> str:
        return self.number
