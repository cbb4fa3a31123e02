"""The settings of a form, and which month to open."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.actions import FormEntry
from changai.areas.reporting.queries import askable_fields, level_names
from changai.core.periods import Month


class FormSettings(forms.Form):
    """A form: its name, who owes it, what it asks, its days."""

    name = forms.CharField(label=_("表名"), max_length=60)
    levels = forms.MultipleChoiceField(label=_("报送单位类别"), widget=forms.CheckboxSelectMultiple)
    fields_asked = forms.TypedMultipleChoiceField(
        label=_("数据项"),
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        required=False,
        help_text=_("名册已有的数据自动带出、只需核对；各单位认领的任务自动列入，不在此设置。"),
    )
    opens_day = forms.IntegerField(label=_("开始填报日"), min_value=1, max_value=28, initial=25)
    due_day = forms.IntegerField(label=_("次月截止日"), min_value=1, max_value=28, initial=5)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["levels"].choices = list(level_names().items())  # type: ignore[attr-defined]
        self.fields["fields_asked"].choices = [  # type: ignore[attr-defined]
            (
                field.pk,
                f"{field.name}{_('（')}{field.unit_of_measure}{_('，')}{field.get_source_display()}{_('）')}",
            )
            for field in askable_fields()
        ]

    def entry(self) -> FormEntry:
        """Return what was typed as the action takes it."""
        typed = self.cleaned_data
        return FormEntry(
            typed["name"], typed["levels"], typed["fields_asked"], typed["opens_day"], typed["due_day"]
        )


class MonthForm(forms.Form):
    """Which month of a form to open."""

    month = forms.CharField(
        label=_("月份"), widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})
    )

    def clean_month(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError:
            raise forms.ValidationError(_("请按“2026-10”的格式填写月份。")) from None
