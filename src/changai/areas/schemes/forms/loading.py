"""How a draft begins: its name, and the file it is loaded from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.rules import LONGEST, YEARS


class SchemeForm(forms.Form):
    """The office's own table, or the workbook this product writes, or a scheme as JSON."""

    category = forms.CharField(
        label=_("考核对象类别"), required=False, max_length=LONGEST["类别"],
        help_text=_("只有一张工作表时填写，如 县区；有几张时用工作表名称。"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("方案名称"), required=False, max_length=LONGEST["方案名称"], help_text=_("留空则取表格标题。")
    )
    file = forms.FileField(
        label=_("指标体系文件"),
        allow_empty_file=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json"}),
        help_text=_("支持 .xlsx、.csv、.json。文件中有任何一处错误都不会导入。"),
        error_messages={"required": _("请选择要上传的文件。"), "empty": _("文件是空的，请重新选择。")},
    )


class NameForm(forms.Form):
    """How a draft is called."""

    name = forms.CharField(label=_("方案名称"), max_length=LONGEST["方案名称"])
    year = forms.IntegerField(label=_("年度"), min_value=YEARS[0], max_value=YEARS[-1])
    label = forms.CharField(label=_("版本号"), max_length=LONGEST["版本"])


class StartForm(NameForm):
    """A new draft: what it begins from."""

    copied = forms.TypedChoiceField(label=_("底稿"), required=False, coerce=int, empty_value=None)
    category = forms.CharField(
        label=_("考核对象类别"), required=False, max_length=LONGEST["类别"],
        help_text=_("从空白表开始时填写，如 县区、成员单位、直属企业。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, versions: Iterable[SchemeVersion], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["copied"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("空白表")), *((row.pk, f"{row.year} 年 {row}") for row in versions)]
