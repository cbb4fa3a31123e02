"""What people type about fields and which figures they ask for."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.facts.actions import FieldEntry
from changai.areas.facts.models import Field
from changai.core.periods import Month


class FieldForm(forms.ModelForm):  # type: ignore[type-arg]
    """One entry of the dictionary."""

    version_read = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Field
        fields = (
            "code",
            "name",
            "unit_of_measure",
            "decimals",
            "definition",
            "source",
            "source_key",
            "gathering",
            "includes_below",
            "frequency",
            "direction",
            "breakdown",
            "minimum",
            "maximum",
            "owner",
            "valid_from",
            "valid_to",
        )
        widgets: ClassVar = {
            "definition": forms.Textarea(attrs={"rows": 2}),
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels: ClassVar = {"owner": _("归口单位")}
        help_texts: ClassVar = {
            "code": _("保存后不能改。字母、数字和点，例如 training.persons。"),
            "source": _("每个数据只有一个来源；名册、台账已有的不再向单位要。"),
            "source_key": _("来源为月报时留空。"),
            "frequency": _("报表按此周期要数：每季度的只在季末月份要，其余类推。"),
            "includes_below": _(
                "上级和下级都报时怎么汇总：勾选的取上级数，不再加下级；不勾选的上下级相加。上级没有报的，下级相加。"
            ),
            "breakdown": _("需要按性别、行业等分项填报的，选一种分项方式；分项之和等于总数。"),
        }

    def __init__(self, *arguments: Any, is_new: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].disabled = not is_new
        if is_new:
            self.fields["includes_below"].initial = True  # what units report by hand
        self.fields["owner"].empty_label = "—"  # type: ignore[attr-defined]
        self.fields["breakdown"].empty_label = _("不分项")  # type: ignore[attr-defined]

    def entry(self) -> FieldEntry:
        """Return what was typed as the action takes it."""
        typed = self.cleaned_data
        return FieldEntry(
            name=typed["name"],
            unit_of_measure=typed["unit_of_measure"],
            decimals=typed["decimals"],
            definition=typed["definition"],
            source=typed["source"],
            source_key=typed["source_key"],
            gathering=typed["gathering"],
            minimum=typed["minimum"],
            maximum=typed["maximum"],
            owner_id=typed["owner"].pk if typed["owner"] else None,
            includes_below=typed["includes_below"],
            frequency=typed["frequency"],
            direction=typed["direction"],
            breakdown_id=typed["breakdown"].pk if typed["breakdown"] else None,
            valid_from=typed["valid_from"],
            valid_to=typed["valid_to"],
        )


class BreakdownForm(forms.Form):
    """A way to tell figures apart, its items a line each."""

    name = forms.CharField(label=_("名称"), max_length=30, help_text=_("例如：按性别、按行业。"))
    items = forms.CharField(
        label=_("分项"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一个，按表中顺序；各分项之和应等于总数，必要时写上“其他”。"),
    )


class HistoryExportForm(forms.Form):
    """From which month to which figures are written out."""

    first = forms.CharField(label=_("起始月份"), widget=forms.TextInput(attrs={"type": "month"}))
    last = forms.CharField(label=_("截止月份"), widget=forms.TextInput(attrs={"type": "month"}))

    def clean_first(self) -> Month:
        """Return the first month."""
        return self._month("first")

    def clean_last(self) -> Month:
        """Return the last month."""
        return self._month("last")

    def _month(self, name: str) -> Month:
        try:
            return Month.parse(self.cleaned_data[name])
        except ValueError as wrong:
            raise forms.ValidationError(_("月份请写成 2026-10。")) from wrong
