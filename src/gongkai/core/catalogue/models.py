from django.db import models

from gongkai.core.catalogue.kinds import Category


class Section(models.Model):
    """A column of the portal (栏目) and the counting category of what stands in it.

    Not a menu: what the portal shows where is the portal's. A column without a first publication has no page.
    Personal data: none.
    """

    code = models.CharField("代码", max_length=40, unique=True)
    title = models.CharField("名称", max_length=40, unique=True)
    slug = models.SlugField("网址名", max_length=60, unique=True)
    category = models.CharField("统计类别", max_length=20, choices=Category.choices())
    order = models.PositiveSmallIntegerField("次序")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="section_category_known",
                condition=models.Q(category__in=Category.values()),
                violation_error_message="统计类别无效。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """One kind of information that must be made public (公开事项): a row of the disclosure catalogue.

    Not a deadline: limits are dated rows of the ledger, found by `code`. An entry that is only the older version of another
    one is kept, inactive, for its elements; its limit belongs to the newer one (data/duty_versions.csv).
    Personal data: none.
    """

    code = models.CharField("代码", max_length=60, unique=True)
    name = models.CharField("事项", max_length=80)
    section = models.ForeignKey(Section, models.PROTECT, verbose_name="栏目")
    trigger = models.CharField("事由", max_length=80, help_text="什么事发生以后要公开")
    owner_usual_name = models.CharField("承办单位通称", max_length=40)
    mission_row = models.CharField("任务行", max_length=20)
    basis = models.CharField("依据", max_length=120)
    elements = models.JSONField("要素", default=list, help_text="文本里必须有的各项，按次序")
    note = models.TextField("说明", blank=True)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="entry_code_given", condition=~models.Q(code=""), violation_error_message="公开事项要有代码。"),
        ]

    def __str__(self) -> str:
        return self.name
