"""Checks what people type about objections."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.models import Objection
from changai.areas.assessments.queries import Figure
from changai.areas.assessments.rules import LONGEST_GROUNDS


class ObjectionFilter(forms.Form):
    """How the list of objections is narrowed."""

    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *Objection.Status.choices]
    )
    q = forms.CharField(label=_("单位或指标"), required=False)


class ObjectionForm(forms.Form):
    """An objection: against which indicator, on what grounds, with one file that decides it."""

    code = forms.ChoiceField(label=_("申诉的指标"))
    grounds = forms.CharField(
        label=_("事实和理由"),
        max_length=LONGEST_GROUNDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("写明哪个数据或得分有误、应当是多少、依据是什么。"),
    )
    file = forms.FileField(
        label=_("佐证材料"), required=False, help_text=_("附最能说明问题的一份即可，不必重复提交已报材料。")
    )

    def __init__(self, leaves: Sequence[tuple[str, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].choices = [("", _("请选择")), *leaves]  # type: ignore[attr-defined]


class GroundsForm(forms.Form):
    """Why a unit asks for a review."""

    grounds = forms.CharField(
        label=_("申请复核的理由"), max_length=LONGEST_GROUNDS, widget=forms.Textarea(attrs={"rows": 4})
    )


class ReviewerForm(forms.Form):
    """Who reviews an objection."""

    person = forms.ChoiceField(
        label=_("复核人"),
        help_text=_(
            "参加考核的单位、审核这项数据的单位的人员，核定过这项指标的人员和答复人已回避，不在名单中。"
        ),
    )

    def __init__(self, people: Sequence[tuple[int, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        self.has_anybody = bool(people)


class DecisionForm(forms.Form):
    """A reply or a review: the words, and the figures as they should be. Figures left as they are change nothing."""

    words = forms.CharField(
        label=_("意见"), max_length=LONGEST_GROUNDS, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, figures: Sequence[Figure], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.figures = figures
        for figure in figures:
            unit = f"（{figure.unit_of_measure}）" if figure.unit_of_measure else ""
            self.fields[f"v-{figure.field}"] = forms.CharField(
                label=f"{figure.label}{unit}", required=False, initial=figure.value or "", max_length=24,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )  # fmt: skip

    def changed(self) -> dict[str, str]:
        """Return the figures that were typed anew, by field; call after the form is valid."""
        typed = {figure.field: self.cleaned_data[f"v-{figure.field}"].strip() for figure in self.figures}
        return {
            figure.field: typed[figure.field]
            for figure in self.figures
            if typed[figure.field] != (figure.value or "")
        }
