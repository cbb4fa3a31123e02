"""Who owes what. Rows exist from the issue of a form; every rate is a count of those of opened months."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models.forms import Period


class Obligation(models.Model):
    """That one unit owes one period's report. Made when the form is issued, never computed afterwards.

    Its report is laid out when the month opens; a row ended before that never gets one, and counts nowhere.
    `exempted_at` says since when nothing is owed, `release` why: exempt, passed on to `successor`, or ended.
    """

    class Release(models.TextChoices):
        EXEMPT = "exempt", _("免报")
        TRANSFERRED = "transferred", _("转由承接单位报送")
        ENDED = "ended", _("终止")

    period = models.ForeignKey(Period, models.PROTECT, related_name="obligations")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="obligations")
    due_on = models.DateField("应报日期")
    exempted_at = models.DateTimeField(null=True, blank=True)
    exemption_reason = models.CharField("免报原因", max_length=200, blank=True)
    release = models.CharField(max_length=12, choices=Release.choices, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="taken_over")
    extension_reason = models.CharField("延期原因", max_length=200, blank=True)
    times_extended = models.PositiveSmallIntegerField("延期次数", default=0)
    # Last day the unit's first report is taken; empty: until the month is closed.
    late_until = models.DateField("迟报受理至", null=True, blank=True)
    # Since when the unit can send nothing any more: the last day for it is over.
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)
    reminded_at = models.DateTimeField(null=True)
    # What the closing of the period counted for this unit, frozen: the ledger's facts open to it.
    record = models.JSONField(default=dict)

    class Meta:
        db_table = "obligation"
        ordering: ClassVar = ["unit__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "unit"], name="one_obligation"),
            models.CheckConstraint(
                condition=Q(exempted_at__isnull=True, release="")
                | Q(exempted_at__isnull=False) & ~Q(release=""),
                name="release_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(release="transferred"),
                name="successor_of_transferred",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}@{self.period_id}"

    @property
    def awaited_on(self) -> date:
        """The day to send by: the due day; of what came back, the day given for sending it again."""
        report = getattr(self, "report", None)
        if report is None or report.first_arrived_at is None:
            return self.due_on
        day: date = report.return_due_on or self.due_on
        return day


class ObligationEvent(models.Model):
    """Something that happened to an obligation, told in its page for good."""

    class Kind(models.TextChoices):
        OWED = "owed", _("列为应报")
        EXEMPTED = "exempted", _("免报")
        RESTORED = "restored", _("撤销免报")
        ASKED = "asked", _("申请延期")
        WITHDRAWN = "withdrawn", _("撤回延期申请")
        REFUSED = "refused", _("不同意延期")
        EXTENDED = "extended", _("延期")
        LOCKED = "locked", _("锁定")
        TRANSFERRED = "transferred", _("转由承接单位报送")
        TAKEN_OVER = "taken_over", _("承接报送")
        ENDED = "ended", _("终止")
        JOINED = "joined", _("增列新认领的任务")

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=40)
    words = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True)

    class Meta:
        db_table = "obligation_event"
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.kind}"


class ExtensionRequest(models.Model):
    """That a unit asks for more time, and what the office answered."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="requests")
    wanted_on = models.DateField("申请延至")
    reason = models.CharField("申请原因", max_length=200)
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    granted_on = models.DateField("延至", null=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "extension_request"
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(outcome=""), name="one_open_extension_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}→{self.wanted_on}"
