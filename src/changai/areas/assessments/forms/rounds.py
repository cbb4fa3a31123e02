"""Checks what people type about rounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.rules import (
    FULL,
    HALF,
    LEAST_DAYS,
    LONGEST_NAME,
    MONTH,
    MOST_DAYS,
    QUARTER,
    SHORT,
    USUAL_DAYS,
    YEAR,
    Span,
    spans_of,
)
from changai.core.periods import Month


class MonthField(forms.CharField):
    """A month written `2026-10`, as `<input type="month">` sends it."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        try:
            return Month.parse(written)
        except ValueError as fault:
            raise forms.ValidationError(_("月份应写成 2026-10 的样子。")) from fault


def _days(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=LEAST_DAYS, max_value=MOST_DAYS, initial=USUAL_DAYS, required=False
    )


def _spans(today: Month) -> list[Any]:
    """Return the choices of a span, each with its months: a year, half, quarter or month that has begun."""
    kinds = ((_("年度"), YEAR), (_("半年"), HALF), (_("季度"), QUARTER), (_("月"), MONTH))
    groups: list[Any] = [
        (label, [(str(span), _with_months(span)) for span in spans_of(months, today)])
        for label, months in kinds
    ]
    return [*groups, ("", _("自选月份"))]


def _with_months(span: Span) -> str:
    if span.months == MONTH:
        return span.label
    return f"{span.label}（{span.first.number}月至{span.last.number}月）"


class RoundForm(forms.Form):
    """A new round: by which table, over which months."""

    table = forms.ChoiceField(
        label=_("指标表"), help_text=_("只列出已印发的指标体系；考核截止月份应在其有效期内。")
    )
    span = forms.ChoiceField(label=_("考核时段"), required=False)
    first = MonthField(
        label=_("起始月份"),
        required=False,
        help_text=_("选好考核时段即自动填入；考核时段选“自选月份”时自行填写。"),
    )
    last = MonthField(label=_("截止月份"), required=False)
    name = forms.CharField(
        label=_("名称"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("不填则按考核时段和指标表命名，如“2026年第三季度县区考核”。"),
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

    def __init__(self, choices: list[tuple[str, str]], today: Month, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["table"].choices = choices  # type: ignore[attr-defined]
        self.fields["span"].choices = _spans(today)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take the months of the span chosen, or those typed; both must not contradict each other."""
        given = super().clean() or {}
        typed = {name: given.get(name) for name in ("first", "last")}
        if given.get("span"):
            span = Span.parse(given["span"])
            whole = {"first": span.first, "last": span.last}
            if any(month and month != whole[name] for name, month in typed.items()):
                self.add_error("span", _("所选时段与填写的月份不一致。自定月份的，考核时段请选“自选月份”。"))
            return given | whole
        for name, month in typed.items():
            if not month and name not in self.errors:
                self.add_error(name, _("请填写月份，或在考核时段中选择。"))
        return given

    def order(self) -> tuple[int, dict[str, Any]]:
        """Return the scheme's id and the rest of the order; call after the form is valid."""
        scheme_id, _colon, category = self.cleaned_data["table"].partition(":")
        given = self.cleaned_data
        days = {name: given[name] or USUAL_DAYS for name in ("confirm", "reply", "review", "notice")}
        order = {name: given[name] for name in ("name", "first", "last")}
        order |= {"category": category, "days": days, "course": given["course"] or SHORT}
        return int(scheme_id), order
