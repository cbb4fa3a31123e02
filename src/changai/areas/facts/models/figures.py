"""The field dictionary (数据项目录) and the one table of figures."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Breakdown(models.Model):
    """A way a figure is told apart, such as 按性别 or 按行业."""

    name = models.CharField(_("分项方式"), max_length=30, unique=True)

    class Meta:
        db_table = "breakdown"
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """One item of a breakdown, such as 女. The items of a breakdown add up to the whole."""

    breakdown = models.ForeignKey(Breakdown, models.PROTECT, related_name="categories")
    name = models.CharField(_("分项"), max_length=30)
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "breakdown_category"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breakdown", "name"], name="one_category_name")
        ]

    def __str__(self) -> str:
        return self.name


class Field(models.Model):
    """A figure defined once: what it means and the one place it comes from."""

    class Source(models.TextChoices):
        REPORT = "report", _("月报填报")
        REGISTER = "register", _("名册自动取数")
        TASK = "task", _("任务台账自动取数")
        LEDGER = "ledger", _("报送记录自动统计")
        OFFICE = "office", _("办公室下达或核验")

    class Gathering(models.TextChoices):
        SUM = "sum", _("各月相加")
        LAST = "last", _("取最近一月")

    class Frequency(models.TextChoices):
        MONTH = "month", _("每月")
        QUARTER = "quarter", _("每季度")
        HALF = "half", _("每半年")
        YEAR = "year", _("每年")

    class Direction(models.TextChoices):
        MORE = "more", _("越大越好")
        LESS = "less", _("越小越好")
        NEITHER = "neither", _("不论大小")

    code = models.CharField(_("编码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    unit_of_measure = models.CharField(_("计量单位"), max_length=12)
    decimals = models.PositiveSmallIntegerField(_("小数位"), default=0)
    minimum = models.DecimalField(_("最小值"), max_digits=18, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("最大值"), max_digits=18, decimal_places=4, null=True, blank=True)
    definition = models.CharField(_("口径"), max_length=300)
    source = models.CharField(_("来源"), max_length=10, choices=Source.choices)
    # Where in the source: `training.persons`, `tasks.completed` …; empty for figures asked in a report.
    source_key = models.CharField(_("取数位置"), max_length=60, blank=True)
    gathering = models.CharField(
        _("跨月汇总"), max_length=6, choices=Gathering.choices, default=Gathering.SUM
    )
    frequency = models.CharField(
        _("采集周期"), max_length=8, choices=Frequency.choices, default=Frequency.MONTH
    )
    direction = models.CharField(
        _("方向"), max_length=8, choices=Direction.choices, default=Direction.NEITHER
    )
    # Where a unit and one below it both report: the figure of the unit above stands for both, or is its own only
    includes_below = models.BooleanField(_("上级数已含下级"), default=False)
    breakdown = models.ForeignKey(
        Breakdown, models.PROTECT, null=True, blank=True, related_name="fields", verbose_name=_("分项方式")
    )
    owner = models.ForeignKey(
        "organisations.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("归口单位"),
    )
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "field"
        ordering: ClassVar = ["code", "pk"]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """One figure of one unit for one month. A correction supersedes, it never overwrites."""

    class Status(models.TextChoices):
        REPORTED = "REPORTED", _("已报送")
        NOT_REPORTED = "NOT_REPORTED", _("未报送")
        NOT_APPLICABLE = "NOT_APPLICABLE", _("不适用")
        PENDING = "PENDING", _("待核")
        REJECTED = "REJECTED", _("审核未通过")
        VOID = "VOID", _("无法计算")

    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="facts")
    field = models.ForeignKey(Field, models.PROTECT, related_name="facts")
    month = models.DateField("月份")  # the month's first day
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    status = models.CharField(max_length=16, choices=Status.choices)
    # The record it comes from, such as `reporting.report` 12, and a path inside the site that opens it.
    origin_type = models.CharField(max_length=40)
    origin_id = models.CharField(max_length=40)
    origin_label = models.CharField(max_length=200)
    accepted_by_name = models.CharField(max_length=40)
    accepted_at = models.DateTimeField()
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    is_current = models.BooleanField(default=True)

    class Meta:
        db_table = "fact"
        ordering: ClassVar = ["month", "unit_id", "field_id", "pk"]
        indexes: ClassVar = [models.Index(fields=["month", "field"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "field", "month"], condition=Q(is_current=True), name="one_current_fact"
            ),
            models.CheckConstraint(
                condition=Q(status="REPORTED", value__isnull=False) | ~Q(status="REPORTED"),
                name="reported_has_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id}@{self.month}"


class FactPart(models.Model):
    """One item of a figure told apart. Sparse: an item without a row is zero."""

    fact = models.ForeignKey(Fact, models.CASCADE, related_name="parts")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        db_table = "fact_part"
        ordering: ClassVar = ["category__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fact", "category"], name="one_part_per_category")
        ]

    def __str__(self) -> str:
        return f"{self.fact_id}:{self.category_id}"


class FieldVersion(models.Model):
    """An entry of the dictionary as it stood from one change to the next, for good."""

    field = models.ForeignKey(Field, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    entry = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "field_version"
        ordering: ClassVar = ["-number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["field", "number"], name="one_field_version")
        ]

    def __str__(self) -> str:
        return f"{self.field_id}#{self.number}"
