"""Checks what people type about rounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.rules import FULL, LEAST_DAYS, LONGEST_NAME, MOST_DAYS, SHORT, USUAL_DAYS
from changai.core.periods import Month


class MonthField(forms.CharField):
    """A month written `2026-10`, as `<input type="month">` sends it."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        try:
            return Month.parse(written)
        except ValueError as fault:
            raise forms.ValidationError(_("月份应写成 2026-10 的样子。")) from fault


def _days(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=LEAST_DAYS, max_value=MOST_DAYS, initial=USUAL_DAYS, required=False
    )


class RoundForm(forms.Form):
    """A new round: by which table, over which months."""

    table = forms.ChoiceField(label=_("指标表"), help_text=_("只列出已印发的指标体系。"))
    first = MonthField(label=_("起始月份"))
    last = MonthField(label=_("截止月份"))
    name = forms.CharField(
        label=_("名称"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("不填则按截止月份和指标表命名，如“2026年10月县区考核”。"),
    )

    course = forms.ChoiceField(
        label=_("程序"),
        choices=(
            (FULL, _("完整程序：自查、审核、事实确认、申诉、公示后公布")),
            (SHORT, _("简易程序：计分后直接公布")),
        ),
        widget=forms.RadioSelect,
        initial=FULL,
        required=False,
        help_text=_("年度考核和结果用于表彰、约谈的考核应走完整程序；平时的季度测算可走简易程序。"),
    )
    confirm = _days(_("事实确认期限（工作日）"))
    reply = _days(_("答复申诉期限（工作日）"))
    review = _days(_("复核期限（工作日）"))
    notice = _days(_("公示期限（工作日）"))

    def __init__(self, choices: list[tuple[str, str]], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["table"].choices = choices  # type: ignore[attr-defined]

    def order(self) -> tuple[int, dict[str, Any]]:
        """Return the scheme's id and the rest of the order; call after the form is valid."""
        scheme_id, _colon, category = self.cleaned_data["table"].partition(":")
        given = self.cleaned_data
        days = {name: given[name] or USUAL_DAYS for name in ("confirm", "reply", "review", "notice")}
        order = {name: given[name] for name in ("name", "first", "last")}
        order |= {"category": category, "days": days, "course": given["course"] or SHORT}
        return int(scheme_id), order
