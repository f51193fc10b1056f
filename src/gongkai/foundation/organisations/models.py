from uuid import uuid4

from django.db import models

from gongkai.foundation.organisations.kinds import UnitKind


class Unit(models.Model):
    """One unit of the bureau's tree (单位): the bureau itself, a department, a branch, the leading group.

    Not a holder in law: that is a text of the terms. A unit that is dissolved is taken out of use, never deleted: its papers name it.
    One installation holds one bureau. Left out on purpose: addresses, budgets, history of the tree.
    Personal data: none.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    short_name = models.CharField("简称", max_length=20)
    kind = models.CharField("类型", max_length=14, choices=UnitKind.choices())
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位")
    telephone = models.CharField("电话", max_length=30, blank=True)
    usual_names = models.JSONField("通称", default=list, blank=True, help_text="公开目录里对它的各种叫法")
    order = models.PositiveSmallIntegerField("次序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unit_kind_known",
                condition=models.Q(kind__in=UnitKind.values()),
                violation_error_message="单位类型无效。",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind=UnitKind.BUREAU.value),
                name="unit_one_bureau",
                violation_error_message="本机关只能有一个。",
            ),
            models.CheckConstraint(
                name="unit_bureau_is_root",
                condition=models.Q(kind=UnitKind.BUREAU.value, parent__isnull=True)
                | (~models.Q(kind=UnitKind.BUREAU.value) & models.Q(parent__isnull=False)),
                violation_error_message="除本机关外，每个单位都要有上级单位；本机关没有上级单位。",
            ),
            models.CheckConstraint(
                name="unit_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                violation_error_message="单位不能是自己的上级。",
            ),
            models.CheckConstraint(
                name="unit_names_given",
                condition=~models.Q(code="") & ~models.Q(name="") & ~models.Q(short_name=""),
                violation_error_message="单位要有代码、名称和简称。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """One post of a unit (岗位). Duties and roles belong to it, so that a leaver takes none away.

    Not a person and not a rank. `is_duty_post` marks the unit's post for openness, to which its obligations belong.
    Personal data: none.
    """

    code = models.CharField("代码", max_length=30, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    title = models.CharField("名称", max_length=40)
    is_duty_post = models.BooleanField("承担公开事项", default=False)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(is_duty_post=True, is_active=True),
                name="post_one_duty_post",
                violation_error_message="一个单位只能有一个承担公开事项的岗位。",
            ),
            models.CheckConstraint(
                name="post_names_given",
                condition=~models.Q(code="") & ~models.Q(title=""),
                violation_error_message="岗位要有代码和名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Officer(models.Model):
    """One person who works at the bureau (人员). Not an account: that is accounts.User.

    The name is unique in the bureau, because people sign with it; of two with one name the second gets an addition (张三（规划科）).
    Left out on purpose: number of the identity document, birthday, rank, private telephone.
    Personal data: name.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=40, unique=True)
    is_active = models.BooleanField("在职", default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="officer_name_given", condition=~models.Q(name=""), violation_error_message="人员要有姓名。"),
        ]

    def __str__(self) -> str:
        return self.name


class PostHolding(models.Model):
    """Who holds a post from when to when (任职). `to_date` is the last day, included; None while it lasts.

    One holder at a time: the database refuses two open ones, the loader any that overlap. Personal data: the officer and his posts.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name="岗位")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="holdings", verbose_name="人员")
    from_date = models.DateField("起")
    to_date = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"],
                condition=models.Q(to_date__isnull=True),
                name="post_holding_one_open",
                violation_error_message="这个岗位已有人在任，先写上前任的结束日期。",
            ),
            models.UniqueConstraint(
                fields=["post", "from_date"], name="post_holding_once", violation_error_message="这个岗位这一天已有人上任。"
            ),
            models.CheckConstraint(
                name="post_holding_days_in_order",
                condition=models.Q(to_date__isnull=True) | models.Q(to_date__gte=models.F("from_date")),
                violation_error_message="任职的结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.officer_id}"
