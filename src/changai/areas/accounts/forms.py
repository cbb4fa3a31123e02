"""Checks what people type about accounts."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations import queries as organisations
from changai.foundation.actions import ACTIONS
from changai.foundation.actors import NOBODYS, Role
from changai.foundation.audit.words import act_name

ROLES = [(str(role), role.label) for role in Role if role not in NOBODYS]


class OpenForm(forms.Form):
    """A new account."""

    login = forms.CharField(
        label=_("登录名"), max_length=40, help_text=_("2—40 位字母、数字、点、下划线或短横线，不分大小写。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
    name = forms.CharField(label=_("姓名"), max_length=40)


class ContactForm(forms.Form):
    """How the person wants to be told beside the notices in the product."""

    email = forms.EmailField(
        label=_("邮箱"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    wants_email = forms.BooleanField(label=_("用邮件接收提醒"), required=False)
    wants_message = forms.BooleanField(label=_("用即时消息接收提醒"), required=False)


class GrantForm(forms.Form):
    """The one post of an account."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.TypedChoiceField(label=_("岗位"), coerce=Role, choices=ROLES)
    unit_id = forms.TypedChoiceField(
        label=_("所在单位"), coerce=int, empty_value=None, required=False,
        help_text=_("系统、安全、审计管理员不属于任何单位，留空。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        units = organisations.flat_tree(timezone.localdate())
        choices = [(branch.unit.pk, "　" * branch.depth + branch.name) for branch in units]
        self.fields["unit_id"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """The own password, old and new."""

    old = forms.CharField(
        label=_("原密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["new"].help_text = "".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("两次输入的新密码不一致。"))
        return cleaned


class PeopleFilter(forms.Form):
    """What the list of accounts may be narrowed to."""

    q = forms.CharField(label=_("登录名或姓名"), required=False)
    role = forms.ChoiceField(
        label=_("岗位"), required=False, choices=[("", _("全部")), ("none", _("尚未授予")), *ROLES]
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("on", _("在用")), ("off", _("已停用")), ("locked", _("已锁定"))],
    )


class LogFilter(forms.Form):
    """What the audit log may be narrowed to."""

    act = forms.ChoiceField(label=_("操作"), required=False)
    person = forms.CharField(label=_("操作人"), required=False)
    since = forms.DateField(
        label=_("起始日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("截止日期"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    object_type = forms.CharField(label=_("对象类型"), required=False)
    object_id = forms.CharField(label=_("对象编号"), required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        acts = sorted((act_name(kind), kind) for kind in ACTIONS)
        self.fields["act"].choices = [("", _("全部")), *((kind, name) for name, kind in acts)]  # type: ignore[attr-defined]
