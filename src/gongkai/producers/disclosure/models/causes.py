from uuid import uuid4

from django.db import models

from gongkai.producers.disclosure.kinds import CauseOrigin

# The database's own column: without statistics SQLite would follow the index of one of the three, which is empty in most rows.
STANDS_ALONE = models.Q(obligation__isnull=True, publication__isnull=True, withdrawn_at__isnull=True)


class Cause(models.Model):
    """Something that happened and has to be made public (事由), registered before any text exists or afterwards from a finished text.

    Not the duty: that is the ledger's obligation, opened with this row's uuid as subject. Not the text: that is a publication.
    `obligation` is empty where the ledger has no computable limit. `began_at` is when the text was first saved: a cause whose
    `registered_at` is not later was registered first. `registered_with`: of one line of a register that owes several publications, the
    first; a change or withdrawal of that one takes this with it. A registration that was withdrawn (an import undone) stays: ledger and
    trail name it.
    Personal data: the officer who registered it.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    entry = models.ForeignKey("catalogue.Entry", models.PROTECT, verbose_name="公开事项")
    title = models.CharField("名称", max_length=200)
    happened_on = models.DateField("事由日")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, verbose_name="承办单位")
    registered_at = models.DateTimeField("登记时间")
    registered_by = models.ForeignKey("organisations.Officer", models.PROTECT, null=True, verbose_name="登记人")
    note = models.TextField("说明", blank=True)
    began_at = models.DateTimeField("起草时间", null=True, help_text="文稿第一次保存的时刻")
    withdrawn_at = models.DateTimeField("撤销登记时间", null=True, help_text="登记表导入撤销后")
    origin = models.CharField("来源", max_length=12, choices=CauseOrigin.choices(), default=CauseOrigin.REGISTERED.value)
    registered_with = models.ForeignKey("self", models.PROTECT, null=True, related_name="others", verbose_name="同一行登记的事由")
    obligation = models.ForeignKey("ledger.Obligation", models.PROTECT, to_field="uuid", null=True, verbose_name="台账事项")
    publication = models.OneToOneField("publishing.Publication", models.PROTECT, to_field="uuid", null=True, verbose_name="信息")

    stands_alone = models.GeneratedField(
        expression=models.ExpressionWrapper(STANDS_ALONE, output_field=models.BooleanField()),
        output_field=models.BooleanField("没有期限也没有文稿"),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # The list of causes, last registered first.
            models.Index(fields=["-registered_at", "-id"], name="cause_newest"),
            # What has neither a limit nor a text: few among any number of causes, oldest first.
            models.Index(
                "happened_on",
                "id",
                "unit",
                name="cause_unpublished",
                condition=models.Q(stands_alone=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="cause_withdrawn_unwritten",
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(publication__isnull=True),
                violation_error_message="已经起草的事项不能撤销登记。",
            ),
            models.CheckConstraint(name="cause_title_given", condition=~models.Q(title=""), violation_error_message="请写明是哪一件事。"),
            models.CheckConstraint(
                name="cause_origin_known",
                condition=models.Q(origin__in=CauseOrigin.values()),
                violation_error_message="事由来源无效。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ImportedDocument(models.Model):
    """One file that came in (导入的文件), remembered by its content so that a second import makes no double.

    Not the text: that is the publication's edition. The file itself stays where it was.
    Personal data: none (a file's name and a digest).
    """

    digest = models.CharField("摘要", max_length=64, unique=True, help_text="标题和正文的 SHA-256")
    name = models.CharField("文件", max_length=255)
    cause = models.OneToOneField(Cause, models.PROTECT, verbose_name="事由")
    imported_at = models.DateTimeField("导入时间")

    def __str__(self) -> str:
        return self.name
