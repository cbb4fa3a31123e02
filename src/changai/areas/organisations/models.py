"""Units and their history. `Unit` carries what holds today; `UnitVersion` what held when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    CITY = "city", _("市级")
    OFFICE = "office", _("办公室")
    MEMBER = "member", _("成员单位")
    COUNTY = "county", _("县区")
    ENTERPRISE = "enterprise", _("直属企业")
    SUB = "sub", _("下属单位")


class City(models.Model):
    """The one row of settings that differ between cities: how the bodies are called."""

    city_name = models.CharField("城市名称", max_length=50, default="本市")
    body_name = models.CharField("协调机构名称", max_length=80, default="产业工人队伍建设改革协调小组")
    office_name = models.CharField("办公室名称", max_length=80, default="产业工人队伍建设改革协调小组办公室")
    office_short_name = models.CharField("办公室简称", max_length=20, default="市产改办")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "city"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_city")]

    def __str__(self) -> str:
        return self.city_name


class Unit(models.Model):
    """A body of the programme. `path` is its place in the tree, ids from the root: `1.4.23.`."""

    code = models.CharField("编号", max_length=20, unique=True)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=20)
    level = models.CharField("层级", max_length=12, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True, blank=True)
    position = models.PositiveIntegerField("排序", default=0)
    founded_on = models.DateField("设立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "unit"
        ordering: ClassVar = ["position", "code", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("founded_on")),
                name="unit_closed_after_founded",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class UnitVersion(models.Model):
    """Name and parent of a unit from `valid_from` up to, not including, `valid_to` (empty: still)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="versions")
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "unit_version"
        ordering: ClassVar = ["valid_from", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to__isnull=True), name="one_current_version"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="version_span"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"


class Lineage(models.Model):
    """One unit came out of another: by merger or division."""

    class Kind(models.TextChoices):
        MERGED = "merged", _("合并")
        SPLIT = "split", _("拆分")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    source = models.ForeignKey(Unit, models.PROTECT, related_name="successors")
    target = models.ForeignKey(Unit, models.PROTECT, related_name="predecessors")
    happened_on = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        db_table = "unit_lineage"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target"], name="one_lineage_per_pair"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="lineage_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}→{self.target_id}"


class Grouping(models.Model):
    """A way to sort units beside the tree, such as 考核分类 or 行业."""

    name = models.CharField("分类方式", max_length=40, unique=True)

    class Meta:
        db_table = "unit_grouping"
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """One class of a grouping; a unit may be in several groups, in one of each grouping."""

    grouping = models.ForeignKey(Grouping, models.PROTECT, related_name="groups")
    name = models.CharField("类别", max_length=40)
    units = models.ManyToManyField(Unit, related_name="groups", blank=True)

    class Meta:
        db_table = "unit_group"
        ordering: ClassVar = ["grouping__name", "name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["grouping", "name"], name="one_group_name")]

    def __str__(self) -> str:
        return self.name


class Liaison(models.Model):
    """The liaison officer (联络员) a unit has named, with the office telephone."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="liaisons")
    name = models.CharField("姓名", max_length=40)
    telephone = models.CharField("办公电话", max_length=30, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "unit_liaison"
        ordering: ClassVar = ["-valid_from", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(valid_to__isnull=True), name="one_current_liaison"
            ),
        ]

    def __str__(self) -> str:
        return self.name
