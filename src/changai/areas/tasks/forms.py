"""Input of the task pages, checked for form only; what is right is decided by the rules."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.tasks.models import Claim
from changai.areas.tasks.rules import Share, Step

if TYPE_CHECKING:
    from changai.areas.organisations.models import Unit

SPARE_ROWS = 3


def unit_choices(units: "Iterable[Unit]") -> list[tuple[str, list[tuple[int, str]]]]:
    """Return choices of a select, grouped by the units' level."""
    grouped: dict[str, list[tuple[int, str]]] = {}
    for unit in units:
        grouped.setdefault(unit.get_level_display(), []).append((unit.pk, unit.name))
    return list(grouped.items())


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class UnitField(forms.TypedChoiceField):
    """A select of units; the form fills in which."""

    def __init__(self, **named: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **named)

    def offer(self, units: "Iterable[Unit]", blank: str) -> None:
        """Offer these units after a first choice that names none."""
        self.choices = [("", blank), *unit_choices(units)]


class VersionForm(forms.Form):
    """What every change of a record carries: the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(VersionForm):
    """A change with a reason."""

    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )


class HandOverForm(VersionForm):
    """Handing a task over to another unit."""

    unit_id = UnitField(label=_("转办给"))
    reason = forms.CharField(
        label=_("转办理由"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("不少于5个字。对方单位和办公室都会看到。"),
    )

    def __init__(self, *arguments: Any, units: "Iterable[Unit]", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_id"].offer(units, _("请选择单位"))  # type: ignore[attr-defined]


class SettleForm(VersionForm):
    """Settling a contest."""

    decision = forms.ChoiceField(
        label=_("裁定"),
        choices=[("uphold", _("异议成立，撤销该单位的任务")), ("refuse", _("异议不成立，仍由该单位承担"))],
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("裁定意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    other_unit_id = UnitField(
        label=_("改由单位承担"), required=False, help_text=_("异议成立时可另选单位；不选则只撤销。")
    )

    def __init__(self, *arguments: Any, units: "Iterable[Unit]", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["other_unit_id"].offer(units, _("不另选单位"))  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """Giving one more unit a share of a measure."""

    unit_id = UnitField(label=_("单位"))
    part = forms.ChoiceField(label=_("职责"), choices=Claim.Part.choices)

    def __init__(self, *arguments: Any, units: "Iterable[Unit]", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_id"].offer(units, _("请选择单位"))  # type: ignore[attr-defined]


class ShareForm(forms.Form):
    """One part of a split; a row left empty counts for nothing."""

    unit_id = UnitField(label=_("承担单位"), required=False)
    text = forms.CharField(
        label=_("任务内容"), required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "words"})
    )
    target_value = forms.DecimalField(label=_("目标值"), required=False, max_digits=18, decimal_places=2)
    due_on = forms.DateField(label=_("完成时限"), required=False, widget=DateInput)

    def __init__(self, *arguments: Any, units: "Iterable[Unit]", **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_id"].offer(units, _("请选择单位"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a unit where there is a text."""
        given = super().clean() or {}
        if given.get("text") and not given.get("unit_id"):
            self.add_error("unit_id", _("请选择承担单位。"))
        return given


def shares_of(forms_of_rows: Iterable[forms.BaseForm]) -> list[Share]:
    """Return the parts of a split, from the rows that were filled in."""
    rows = [form.cleaned_data for form in forms_of_rows if form.cleaned_data.get("text")]
    return [Share(r["unit_id"], r["text"], r.get("target_value"), r.get("due_on")) for r in rows]


class StepForm(forms.Form):
    """One milestone; a row whose words are removed goes."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    order = forms.IntegerField(label=_("顺序"), required=False, min_value=0, max_value=999)
    text = forms.CharField(label=_("节点内容"), required=False, max_length=200)
    due_on = forms.DateField(label=_("计划完成日期"), required=False, widget=DateInput)

    def clean(self) -> dict[str, Any]:
        """Ask for a day where there are words."""
        given = super().clean() or {}
        if given.get("text") and not given.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("请填写计划完成日期。"))
        return given


def steps_of(forms_of_rows: Iterable[forms.BaseForm]) -> list[Step]:
    """Return the milestones of a work plan, by their order numbers and then as they stand."""
    rows = [form.cleaned_data for form in forms_of_rows if form.cleaned_data.get("text")]
    rows.sort(key=lambda row: 1000 if row["order"] is None else row["order"])
    return [Step(row["text"], row["due_on"], row["key"]) for row in rows]


SHARES = forms.formset_factory(ShareForm, extra=SPARE_ROWS, max_num=40)
STEPS = forms.formset_factory(StepForm, extra=SPARE_ROWS, max_num=60)


class DoneForm(forms.Form):
    """The day on which a milestone was done."""

    done_on = forms.DateField(label=_("完成日期"), widget=DateInput)


class ListFilter(forms.Form):
    """What a list of tasks may be narrowed by."""

    q = forms.CharField(label=_("关键词"), required=False)
    plan = forms.ChoiceField(label=_("方案"), required=False)
    unit = forms.ChoiceField(label=_("单位"), required=False)
    part = forms.ChoiceField(label=_("职责"), required=False, choices=[("", _("全部")), *Claim.Part.choices])
    due = forms.ChoiceField(
        label=_("时限"),
        required=False,
        choices=[("", _("全部")), ("overdue", _("已逾期")), ("month", _("30天内到期"))],
    )

    def __init__(
        self, *arguments: Any, plans: list[tuple[int, str]], units: "Iterable[Unit]", **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["plan"].choices = [("", _("全部")), *plans]  # type: ignore[attr-defined]
        offered = unit_choices(units)
        if sum(len(group) for _level, group in offered) > 1:
            self.fields["unit"].choices = [("", _("全部")), *offered]  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]


def step_rows(steps: Iterable[tuple[int, int, str, date]]) -> list[dict[str, Any]]:
    """Return milestones (id, position, text, day) as the initial rows of `STEPS`."""
    return [{"key": key, "order": order, "text": text, "due_on": day} for key, order, text, day in steps]
