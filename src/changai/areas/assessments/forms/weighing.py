"""Checks what people type about AHP rounds."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class WeighingForm(forms.Form):
    """Which table is weighed, by whom, until when."""

    table = forms.ChoiceField(label=_("指标表"))
    people = forms.MultipleChoiceField(label=_("专家"), widget=forms.CheckboxSelectMultiple)
    due_on = forms.DateField(label=_("截止日期"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self,
        tables: Sequence[tuple[str, str]],
        people: Sequence[tuple[int, str]],
        *arguments: Any,
        **named: Any,
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["table"].choices = tables  # type: ignore[attr-defined]
        self.fields["people"].choices = people  # type: ignore[attr-defined]
