"""What is kept about the burden of forms: exceptions with their reason, and units that say they are asked again."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models.forms import Form
from changai.areas.reporting.models.sheets import Report


class BurdenException(models.Model):
    """That a form, or a paper of another area, was issued although a rule of burden speaks against it: which rule,
    why, by whom. For good. Other areas name their record, such as `schemes.version` 12, where a form has its row.
    """

    form = models.ForeignKey(Form, models.PROTECT, null=True, related_name="exceptions")
    origin_type = models.CharField(max_length=40, blank=True)
    origin_id = models.CharField(max_length=40, blank=True)
    origin_label = models.CharField(max_length=200, blank=True)
    rule = models.CharField(max_length=40)
    finding = models.CharField(max_length=500)
    is_forbidden = models.BooleanField(default=False)
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "burden_exception"
        ordering: ClassVar = ["-made_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(form__isnull=False, origin_type="") | Q(form__isnull=True) & ~Q(origin_type=""),
                name="exception_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id or self.origin_label}:{self.rule}"


class RepeatedAsk(models.Model):
    """That a unit says a line of its sheet is asked again (重复要求), and what the office answers."""

    class Outcome(models.TextChoices):
        DROPPED = "dropped", _("属重复，从下一版删去")
        KEPT = "kept", _("不属重复，保留")

    report = models.ForeignKey(Report, models.PROTECT, related_name="repeated")
    line = models.CharField(max_length=40)  # `figure:5`, `words:3`, `task:8`
    name = models.CharField("填报项", max_length=200)
    known = models.CharField("已在何处报过", max_length=200, blank=True)
    said_at = models.DateTimeField()
    said_by_name = models.CharField(max_length=40)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "repeated_ask"
        ordering: ClassVar = ["-said_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "line"], name="said_once_a_line"),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True)
                | ~Q(outcome="") & Q(answered_at__isnull=False),
                name="answer_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.line}"
