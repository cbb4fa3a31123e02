"""Checks what people type into the suggestions box."""

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.portal.rules import LONGEST, LONGEST_ANSWER, SHORTEST


class SuggestionForm(forms.Form):
    """What somebody wants to say."""

    text = forms.CharField(
        label=_("意见建议"), min_length=SHORTEST, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("可以反映系统不好用、报表重复、要求不合理等问题，也可以提出改进建议。"),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("联系方式（选填）"), max_length=80, required=False,
        help_text=_("不填即为匿名；系统不记录提交人的姓名、账号和地址。"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What the office did about it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label=_("处理情况"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("提交人凭查询码可以看到。"),
    )  # fmt: skip


class StateFilter(forms.Form):
    """What the office's list may be narrowed to."""

    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("waiting", _("待处理")), ("answered", _("已处理"))],
    )
    q = forms.CharField(label=_("内容"), required=False)
