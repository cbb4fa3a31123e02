"""Input of the plan pages, checked for form only; what is right is decided by the rules and actions."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations import queries as organisations
from changai.areas.plans.models import Plan

if TYPE_CHECKING:
    from changai.areas.organisations.models import Unit

ACCEPT = ".docx,.txt"


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlanForm(forms.Form):
    """What a plan is called and when it runs."""

    name = forms.CharField(label=_("名称"), max_length=200)
    kind = forms.ChoiceField(label=_("类别"), choices=Plan.Kind.choices)
    year = forms.IntegerField(
        label=_("年度"), min_value=2017, max_value=2100, help_text=_("用于推算文中“年底前”“6月底前”等日期。")
    )
    document_number = forms.CharField(
        label=_("文号"), max_length=60, required=False, help_text=_("如：示产改〔2026〕1号，可稍后补填。")
    )
    starts_on = forms.DateField(label=_("起始日期"), widget=DateInput)
    ends_on = forms.DateField(label=_("完成时限"), widget=DateInput)

    def clean(self) -> dict[str, Any]:
        """Refuse a plan that ends before it begins."""
        given = super().clean() or {}
        if given.get("starts_on") and given.get("ends_on") and given["ends_on"] < given["starts_on"]:
            self.add_error("ends_on", _("完成时限早于起始日期，请核对。"))
        return given


class UploadForm(PlanForm):
    """A plan with its file."""

    name = forms.CharField(
        label=_("名称"), max_length=200, required=False, help_text=_("不填则取文件中的标题。")
    )
    file = forms.FileField(
        label=_("方案文件"),
        help_text=_("支持 .docx 和 .txt（UTF-8 或 GB18030），不超过50 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": _("文件为空，请检查后重新上传。")},
    )

    field_order = ("file", "name", "kind", "year", "document_number", "starts_on", "ends_on")


class EditForm(PlanForm):
    """A plan's name and span, changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class CorrectionForm(forms.Form):
    """One correction of the tree or its measures; `act` says which, the rest what it needs."""

    act = forms.CharField()
    version = forms.IntegerField()
    clause = forms.IntegerField(required=False)
    measure = forms.TypedMultipleChoiceField(required=False, coerce=int)
    offset = forms.IntegerField(required=False)
    source = forms.ChoiceField(required=False, choices=[("preamble", ""), ("closing", "")])
    text = forms.CharField(required=False, max_length=5000)

    def __init__(self, given: Mapping[str, Any], *, measures: Iterable[int]) -> None:
        super().__init__(given)
        self.fields["measure"].choices = [(key, key) for key in measures]  # type: ignore[attr-defined]


class UnitsField(forms.MultipleChoiceField):
    """Units to tick, by level; a group (各县区) ticks all of its units. Cleans to the units' ids in order."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **named: Any) -> None:
        super().__init__(required=False, **named)
        self.groups: dict[str, list[int]] = {}

    def offer(self, on: date, *, with_groups: bool) -> None:
        """Offer the units open on a day, and their groups when several units may be meant at once."""
        units = list(organisations.open_units(on=on).prefetch_related("groups__grouping"))
        self.groups = groups_of(units) if with_groups else {}
        self.choices = [(f"g:{name}", name) for name in self.groups] + [
            (str(unit.pk), unit.name) for unit in units
        ]

    def clean(self, value: Any) -> list[int]:
        """Return the ids of the ticked units and of all units of the ticked groups, each once."""
        ids: dict[int, None] = {}
        for token in super().clean(value):
            named = self.groups.get(token.removeprefix("g:")) if token.startswith("g:") else [int(token)]
            ids |= dict.fromkeys(named or [])
        return list(ids)


def groups_of(units: "Iterable[Unit]") -> dict[str, list[int]]:
    """Return the units' ids by what a plan calls them together: 各县区 by level, and every class of a grouping."""
    found: dict[str, list[int]] = {}
    for unit in units:
        if unit.level not in {"city", "office", "sub"}:
            found.setdefault(str(_("各%(level)s") % {"level": unit.get_level_display()}), []).append(unit.pk)
    for unit in units:
        for group in unit.groups.all():
            found.setdefault(f"{group.grouping.name}{_('：')}{group.name}", []).append(unit.pk)
    return found


class AssignForm(forms.Form):
    """Units, target, completion mark and deadline of one measure."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    lead_ids = UnitsField(label=_("牵头单位"))
    support_ids = UnitsField(label=_("配合单位"))
    target_value = forms.DecimalField(
        label=_("目标值"), required=False, max_digits=18, decimal_places=2, min_value=0
    )
    target_unit = forms.CharField(label=_("目标单位"), required=False, max_length=12)
    completion_mark = forms.CharField(
        label=_("完成标志"),
        required=False,
        max_length=200,
        help_text=_("如：印发实施方案、举办决赛并公布结果。"),
    )
    due_on = forms.DateField(label=_("完成时限"), required=False, widget=DateInput)

    def __init__(self, *arguments: Any, on: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("lead_ids", "support_ids"):
            self.fields[name].offer(on, with_groups=True)  # type: ignore[attr-defined]


class BulkForm(forms.Form):
    """The same for several measures at once; what is left empty stays as it was."""

    measure = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={"required": _("请先勾选任务。"), "invalid_choice": _("任务已变动，请刷新。")},
    )
    lead_ids = UnitsField(label=_("牵头单位"))
    support_ids = UnitsField(label=_("配合单位"))
    completion_mark = forms.CharField(label=_("完成标志"), required=False, max_length=200)
    due_on = forms.DateField(label=_("完成时限"), required=False, widget=DateInput)

    def __init__(self, *arguments: Any, on: date, measures: Iterable[int], **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("lead_ids", "support_ids"):
            self.fields[name].offer(on, with_groups=True)  # type: ignore[attr-defined]
        self.fields["measure"].choices = [(key, key) for key in measures]  # type: ignore[attr-defined]


class PlanFilter(forms.Form):
    """What the list of plans may be narrowed by."""

    q = forms.CharField(label=_("关键词"), required=False)
    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部")), *Plan.Kind.choices])
    year = forms.ChoiceField(label=_("年度"), required=False)
    status = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *Plan.Status.choices]
    )

    def __init__(self, *arguments: Any, years: Iterable[int], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["year"].choices = [("", _("全部")), *((year, year) for year in years)]  # type: ignore[attr-defined]
