from uuid import uuid4

from django.db import models

from gongkai.core.publishing.kinds import EditionState, Origin, PublicationState


class Publication(models.Model):
    """One item of open information (信息): its identity, address and index number. What it says stands in its editions.

    Not the duty: that is the ledger's obligation, which may be absent. `section` is the entry's, kept here so that lists and counts
    read one index. A publication counts as published while its state is PUBLIC, once, whatever its editions or outlets.
    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    entry = models.ForeignKey("catalogue.Entry", models.PROTECT, verbose_name="公开事项")
    section = models.ForeignKey("catalogue.Section", models.PROTECT, db_index=False, verbose_name="栏目")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, verbose_name="承办单位")
    obligation = models.ForeignKey("ledger.Obligation", models.PROTECT, to_field="uuid", null=True, verbose_name="台账事项")
    path_year = models.PositiveSmallIntegerField("路径年份")
    path_number = models.PositiveIntegerField("路径流水号")
    index_number = models.CharField("索引号", max_length=40, null=True, unique=True, help_text="公开时取得")  # noqa: DJ001 — unique needs NULL
    state = models.CharField("公开状态", max_length=12, choices=PublicationState.choices(), default=PublicationState.UNPUBLISHED.value)
    published_at = models.DateTimeField("公开时间", null=True)
    public_edition = models.OneToOneField(
        "publishing.Edition", models.PROTECT, null=True, related_name="shown_by", verbose_name="公开的版本"
    )
    origin = models.CharField("文稿来源", max_length=8, choices=Origin.choices(), default=Origin.WRITTEN.value)
    source = models.CharField("来源说明", max_length=200, blank=True)

    class Meta:
        indexes = [
            # A section's list, newest first, and the count of each section.
            models.Index(fields=["section", "-published_at", "-id"], name="publication_by_section", condition=models.Q(state="PUBLIC")),
            # The list of everything public, newest first.
            models.Index(fields=["-published_at", "-id"], name="publication_newest", condition=models.Q(state="PUBLIC")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["path_year", "path_number"], name="publication_path_once", violation_error_message="这个路径已经用过。"
            ),
            models.CheckConstraint(
                name="publication_state_known",
                condition=models.Q(state__in=PublicationState.values()),
                violation_error_message="公开状态无效。",
            ),
            models.CheckConstraint(
                name="publication_origin_known",
                condition=models.Q(origin__in=Origin.values()),
                violation_error_message="文稿来源无效。",
            ),
            models.CheckConstraint(
                name="publication_public_whole",
                condition=models.Q(state__in=["UNPUBLISHED", "HELD", "PURGED"])
                | models.Q(published_at__isnull=False, index_number__isnull=False, public_edition__isnull=False),
                violation_error_message="已公开的信息要有公开时间、索引号和公开的版本。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path_year}/{self.path_number}"


class Edition(models.Model):
    """What a publication says at one moment (版本): title, number, body, formed day, element values, attachments.

    An approved edition never changes; a correction makes the next one. `content_hash` is of all of that together: approvals name it.
    `unit` is the publication's, kept here for the index of what is in hand.
    Personal data: the officers who wrote it.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="editions", verbose_name="信息")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, db_index=False, verbose_name="承办单位")
    number = models.PositiveSmallIntegerField("版次", default=1)
    title = models.CharField("标题", max_length=200)
    document_number = models.CharField("发文字号", max_length=80, blank=True)
    body = models.TextField("正文", blank=True, help_text="已按允许的标签清理")
    formed_date = models.DateField("成文日期", null=True)
    elements = models.JSONField("要素", default=dict, help_text="名称到内容")
    content_hash = models.CharField("内容校验值", max_length=64)
    state = models.CharField("文稿状态", max_length=12, choices=EditionState.choices(), default=EditionState.DRAFT.value)
    author = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="起草人")
    saved_by = models.ForeignKey("organisations.Officer", models.PROTECT, related_name="+", verbose_name="最近保存人")
    saved_at = models.DateTimeField("最近保存时间")
    approved_at = models.DateTimeField("签发时间", null=True)
    released_at = models.DateTimeField("公开时间", null=True, help_text="这一版公开的时间；更早的版本也留着")

    class Meta:
        indexes = [
            # What a unit has in hand: drafts and texts in review, last saved first.
            models.Index(fields=["unit", "-saved_at", "-id"], name="edition_in_hand", condition=~models.Q(state="APPROVED")),
            # What is signed and waits to become public, in the order of signing.
            models.Index(
                fields=["unit", "approved_at", "id"],
                name="edition_to_release",
                condition=models.Q(state="APPROVED", released_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "number"], name="edition_number_once", violation_error_message="这一版已经存在。"
            ),
            # Two texts of one publication on their way at once would make it unclear which one was approved.
            models.UniqueConstraint(
                fields=["publication"],
                name="edition_one_in_hand",
                condition=~models.Q(state="APPROVED"),
                violation_error_message="这条信息已有一个在办的版本。",
            ),
            models.CheckConstraint(
                name="edition_state_known",
                condition=models.Q(state__in=EditionState.values()),
                violation_error_message="文稿状态无效。",
            ),
            models.CheckConstraint(
                name="edition_released_signed",
                condition=models.Q(released_at__isnull=True) | models.Q(state="APPROVED"),
                violation_error_message="没有签发的版本不能公开。",
            ),
            models.CheckConstraint(name="edition_title_given", condition=~models.Q(title=""), violation_error_message="请填写标题。"),
        ]

    def __str__(self) -> str:
        return self.title


class EditionWriter(models.Model):
    """One person who wrote on an edition (执笔人): he cannot review it.

    Personal data: the officer.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="writers", verbose_name="版本")
    officer = models.ForeignKey("organisations.Officer", models.PROTECT, verbose_name="执笔人")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "officer"], name="edition_writer_once", violation_error_message="执笔人已经记下。"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.officer_id}"


class EditionAttachment(models.Model):
    """One file of an edition (版本附件), at its place in the order readers see.

    Personal data: none; the file itself is the attachment's.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="files", verbose_name="版本")
    attachment = models.ForeignKey("attachments.Attachment", models.PROTECT, to_field="uuid", verbose_name="附件")
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "attachment"], name="edition_attachment_once", violation_error_message="这个附件已经在文稿里。"
            ),
            models.UniqueConstraint(
                fields=["edition", "position"], name="edition_attachment_order", violation_error_message="附件次序重复。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.position}"
