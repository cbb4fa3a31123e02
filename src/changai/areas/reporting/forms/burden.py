"""What is typed about the burden of forms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.models import RepeatedAsk


class IssueForm(forms.Form):
    """Why a form is issued although rules speak against it, and from which month a next version holds."""

    month = forms.CharField(
        label=_("执行月份"),
        required=False,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"}),
    )
    reason = forms.CharField(
        label=_("确需保留的理由"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    """The office's answer to a unit that says it is asked again."""

    outcome = forms.ChoiceField(label=_("处理结果"), choices=RepeatedAsk.Outcome.choices)
    answer = forms.CharField(label=_("答复"), max_length=300)


class NoticeForm(forms.Form):
    """The text of a notice to be checked."""

    text = forms.CharField(
        label=_("通知正文"), max_length=20000, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("粘贴拟发通知的正文，检查不保存。"),
    )  # fmt: skip
    is_special = forms.BooleanField(label=_("专项文件（不超过 4000 字）"), required=False)
