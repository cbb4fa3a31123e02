"""Checks the file an indicator system is loaded from."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SchemeForm(forms.Form):
    """The office's workbook, or a scheme as JSON."""

    file = forms.FileField(
        label=_("指标体系文件"),
        allow_empty_file=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.json"}),
        help_text=_("支持 .xlsx、.json。文件中有任何一处错误都不会导入。"),
        error_messages={"required": _("请选择要上传的文件。"), "empty": _("文件是空的，请重新选择。")},
    )
