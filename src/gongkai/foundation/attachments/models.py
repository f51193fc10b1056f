from uuid import uuid4

from django.db import models


class Attachment(models.Model):
    """One uploaded file (附件): what it is called, what it is, where its sealed original lies.

    Not the copy citizens get: that is a separate file under the portal's folder, made at release. Two rows may name one sealed
    file, because equal contents are stored once. Which text it belongs to is the text's business.
    Personal data: the officer who uploaded it; the sealed file may hold more, which is why it is sealed.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小", help_text="字节")
    sha256 = models.CharField("校验值", max_length=64)
    stored_as = models.CharField("封存位置", max_length=80, help_text="封存目录下的相对路径")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, verbose_name="承办单位", related_name="+")
    uploaded_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, verbose_name="上传人", related_name="+")
    at = models.DateTimeField("上传时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attachment_size_positive",
                condition=models.Q(size__gt=0),
                violation_error_message="附件不能是空文件。",
            ),
            models.CheckConstraint(
                name="attachment_name_given",
                condition=~models.Q(name=""),
                violation_error_message="附件要有文件名。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FileInspection(models.Model):
    """What a file was found to hold when it came in (附件检查), and the copy of it that citizens may get.

    The copy is the file without its properties; it lies in the sealed folder under its own digest. `text` is what the gate reads, cut at
    two million characters. Rows from before this table have none: they are inspected when their copy is first wanted.
    Personal data: whatever the file says; purged with the file.
    """

    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="inspection", verbose_name="附件")
    copy_size = models.PositiveIntegerField("公开副本大小", help_text="字节")
    copy_sha256 = models.CharField("公开副本校验值", max_length=64)
    text = models.TextField("文字", blank=True)
    remarks = models.JSONField("提示", default=list, help_text="种类和位置")

    def __str__(self) -> str:
        return f"{self.attachment_id}"
