"""From when to when an issued version holds."""

from django import forms
from django.utils.translation import gettext_lazy as _


class IssueForm(forms.Form):
    """The period an issued version holds; without a beginning it holds from the day of issue."""

    effective_from = forms.DateField(
        label=_("施行日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    effective_to = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("留空表示至新版本印发为止。"),
    )  # fmt: skip
