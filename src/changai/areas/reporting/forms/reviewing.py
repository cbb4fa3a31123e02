"""The reviewer's return: reason, day, and a remark for each marked cell."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.queries.reviewing import return_reasons

REMARK = "remark:"


class ReturnForm(forms.Form):
    """Why a report goes back and until when."""

    common = forms.ModelMultipleChoiceField(
        label=_("常见原因"),
        queryset=return_reasons(),
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

    @property
    def reason_ids(self) -> list[int]:
        """The picked reasons of the office's list."""
        return [reason.pk for reason in self.cleaned_data["common"]]


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


class UnlockForm(forms.Form):
    """Why an accepted report is opened again, and until when it is sent again."""

    reason = forms.CharField(label=_("解锁原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = forms.DateField(
        label=_("重报期限"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
