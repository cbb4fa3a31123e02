"""What is typed about one obligation: more time, exemption, taking it back, transfer, end."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations.models import Unit
from changai.areas.reporting.models import Obligation
from changai.areas.reporting.rules.calendar import latest_given


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class _DayAndReason(forms.Form):
    """A later day and why."""

    day_name = "due_on"

    def __init__(self, *arguments: Any, obligation: Obligation, **named: Any) -> None:
        super().__init__(*arguments, **named)
        today = timezone.localdate()
        days = {"min": today, "max": latest_given(obligation.awaited_on, today)}
        self.fields[self.day_name].widget.attrs |= {name: day.isoformat() for name, day in days.items()}


class ExtensionForm(_DayAndReason):
    """A later due day and why."""

    due_on = _day(_("延期至"))
    due_on.help_text = _("日期定错、还没有到的，也可以改早。")
    reason = forms.CharField(label=_("延期原因"), max_length=200)


class AskingForm(_DayAndReason):
    """The later day a unit asks for, and why."""

    day_name = "wanted_on"
    wanted_on = _day(_("申请延至"))
    reason = forms.CharField(
        label=_("申请原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明还缺什么、何时能报。"),
    )  # fmt: skip


class GrantForm(_DayAndReason):
    """Until when a request is granted, and words to the unit."""

    due_on = _day(_("延至"))
    answer = forms.CharField(label=_("附言"), max_length=200, required=False)


class RefusalForm(forms.Form):
    """Why a request is not granted."""

    answer = forms.CharField(label=_("不同意的原因"), max_length=200)


class ExemptionForm(forms.Form):
    """Why a unit owes nothing this month."""

    reason = forms.CharField(label=_("免报原因"), max_length=200)


class RestorationForm(_DayAndReason):
    """By when a unit owes the report again, and why."""

    due_on = _day(_("应报日期"))
    reason = forms.CharField(label=_("撤销原因"), max_length=200)


class TransferForm(forms.Form):
    """Which unit reports for a closed one."""

    unit_id = forms.TypedChoiceField(label=_("承接单位"), coerce=int)
    reason = forms.CharField(label=_("转出依据"), max_length=200)

    def __init__(self, *arguments: Any, heirs: Sequence[Unit], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_id"].choices = [(unit.pk, unit.name) for unit in heirs]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """Why nobody reports for a closed unit."""

    reason = forms.CharField(label=_("终止原因"), max_length=200)
