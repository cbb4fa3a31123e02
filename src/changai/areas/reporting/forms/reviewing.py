"""The reviewer's return: reason, day, and a remark for each marked cell."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from changai.areas.reporting.rules.reasons import COMMON_REASONS

REMARK = "remark:"
# The rules' reasons, for those who translate; what is kept is the Chinese.
REASON_WORDS = (
    gettext_noop("进展情况过于笼统，请写明具体做法和数量"),
    gettext_noop("数据与名册或台账不一致，请核对"),
    gettext_noop("佐证材料缺失或与事项不符"),
    gettext_noop("完成进度与实际不符，请核实"),
    gettext_noop("存在问题未写明原因"),
    gettext_noop("下一步打算未明确措施和时限"),
)


class ReturnForm(forms.Form):
    """Why a report goes back and until when."""

    common = forms.MultipleChoiceField(
        label=_("常见原因"),
        choices=[(reason, _(reason)) for reason in COMMON_REASONS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(
        label=_("补充说明"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = forms.DateField(
        label=_("重报期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def reason(self) -> str:
        """The picked reasons and the words as one sentence."""
        typed: dict[str, object] = self.cleaned_data
        picked = [str(reason) for reason in self.cleaned_data["common"]]
        return "；".join([*picked, *([str(typed["words"]).strip()] if typed["words"] else [])])[:500]


def marks_in(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the marked cells of a posted review: cell -> remark; cells without words are not marked."""
    return {
        name.removeprefix(REMARK): words.strip()[:300]
        for name, words in posted.items()
        if name.startswith(REMARK) and words.strip()
    }


class DecisionForm(forms.Form):
    """Which version of a report a button was pressed for."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ExtensionForm(forms.Form):
    """A later due day and why."""

    due_on = forms.DateField(
        label=_("延期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("延期原因"), max_length=200)

    def __init__(self, *arguments: object, after: date, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self.fields["due_on"].widget.attrs["min"] = after.isoformat()


class ExemptionForm(forms.Form):
    """Why a unit owes nothing this month."""

    reason = forms.CharField(label=_("免报原因"), max_length=200)
