"""From when to when an issued version holds, and why it keeps what the rules of burden speak against."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_DAY = {"type": "date"}


class IssueForm(forms.Form):
    """The period an issued version holds; without a beginning it holds from the first day of its year.

    The reason is asked for only where the rules of burden speak against something the version says.
    """

    reason = forms.CharField(
        label=_("保留理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("减负检查提示的内容确需保留的，写明理由；理由、提示和依据一并记入例外登记，不能撤销。"),
    )  # fmt: skip
    effective_from = forms.DateField(
        label=_("施行日期"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=_("只能用于截止月份在施行日期以后的考核。"),
    )  # fmt: skip
    effective_to = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=_("留空表示至新版本印发为止。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, asks_reason: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not asks_reason:
            del self.fields["reason"]
