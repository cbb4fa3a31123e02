"""One form for each change of a unit. `order()` gives the keyword arguments of the action it belongs to."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations import queries
from changai.areas.organisations.actions import NewUnit
from changai.areas.organisations.models import Level, Unit
from changai.areas.organisations.rules.units import LONGEST_NAME, LONGEST_SHORT_NAME

PARTS = 4
PART_FIELDS = {
    "code": (_("编号"), 20),
    "name": (_("名称"), LONGEST_NAME),
    "short_name": (_("简称"), LONGEST_SHORT_NAME),
}


class DayField(forms.DateField):
    """A day, chosen from the browser's calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ChangeForm(forms.Form):
    """A change of one unit, as it was when the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, unit: Unit, typed: Any = None) -> None:
        super().__init__(typed, initial={"version": unit.version, **self.present(unit)})
        self.unit = unit

    def present(self, unit: Unit) -> dict[str, Any]:
        """Return what the unit's fields hold now."""
        return {name: getattr(unit, name) for name in self.base_fields if hasattr(unit, name)}

    def order(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def effective_day() -> DayField:
    return DayField(label=_("生效日期"), initial=timezone.localdate, help_text=_("可填今天或以前的日期。"))


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("依据或原因"), max_length=200, help_text=_("如文件名称和文号。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class RenameForm(ChangeForm):
    name = forms.CharField(label=_("新名称"), max_length=LONGEST_NAME)
    short_name = forms.CharField(label=_("新简称"), max_length=LONGEST_SHORT_NAME)
    on = effective_day()


class MoveForm(ChangeForm):
    parent_id = forms.TypedChoiceField(label=_("新上级"), coerce=int)
    on = effective_day()

    def __init__(self, unit: Unit, typed: Any = None) -> None:
        super().__init__(unit, typed)
        self.fields["parent_id"].choices = unit_choices(without=unit.path)  # type: ignore[attr-defined]


class NumberForm(ChangeForm):
    code = forms.CharField(label=_("编号"), max_length=20)
    position = forms.IntegerField(
        label=_("排序"), min_value=0, max_value=1_000_000, help_text=_("同级单位按此从小到大排列。")
    )


class CloseForm(ChangeForm):
    on = effective_day()
    reason = reason_field()


class LiaisonForm(ChangeForm):
    name = forms.CharField(label=_("姓名"), max_length=40)
    telephone = forms.CharField(label=_("办公电话"), max_length=30, required=False)
    on = DayField(label=_("起始日期"), initial=timezone.localdate)

    def present(self, unit: Unit) -> dict[str, Any]:  # noqa: ARG002 - a new officer, so nothing of the present one
        return {}

    def order(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "telephone", "on")}


class GroupsForm(ChangeForm):
    """One choice for each grouping."""

    def __init__(self, unit: Unit, typed: Any = None) -> None:
        super().__init__(unit, typed)
        mine = {group.grouping_id: group.pk for group in queries.groups_of(unit)}
        for grouping in queries.groupings():
            choices = [("", _("（不归类）")), *((group.pk, group.name) for group in grouping.groups.all())]
            self.fields[f"grouping_{grouping.pk}"] = forms.ChoiceField(
                label=grouping.name, choices=choices, required=False, initial=mine.get(grouping.pk, "")
            )

    def order(self) -> dict[str, Any]:
        chosen = [
            value for name, value in self.cleaned_data.items() if name.startswith("grouping_") and value
        ]
        return {"group_ids": [int(value) for value in chosen]}


class MergeForm(ChangeForm):
    source_ids = forms.TypedMultipleChoiceField(
        label=_("并入本单位的单位"), coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("这些单位自生效之日起撤销，其下属单位转到本单位之下。"),
    )  # fmt: skip
    on = effective_day()
    reason = reason_field()

    def __init__(self, unit: Unit, typed: Any = None) -> None:
        super().__init__(unit, typed)
        choices = [(one.pk, one.name) for one in queries.sisters(unit)]
        self.fields["source_ids"].choices = choices  # type: ignore[attr-defined]

    def order(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in ("source_ids", "on", "reason")}
        return kept | {"target_id": self.unit.pk}


class SplitForm(ChangeForm):
    """Up to four new units; rows left empty are no units."""

    ends = forms.BooleanField(
        label=_("原单位同时撤销"),
        required=False,
        help_text=_("原单位的下属单位转到第一个新单位之下，可再逐个调整。"),
    )
    on = effective_day()
    reason = reason_field()

    def __init__(self, unit: Unit, typed: Any = None) -> None:
        super().__init__(unit, typed)
        for number in range(1, PARTS + 1):
            for field, (label, longest) in PART_FIELDS.items():
                self.fields[f"{field}_{number}"] = forms.CharField(
                    label=label, max_length=longest, required=False
                )

    def rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each new unit."""
        return [[self[f"{field}_{number}"] for field in PART_FIELDS] for number in range(1, PARTS + 1)]

    def order(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in ("version", "ends", "on", "reason")}
        return kept | {"parts": tuple(filter(None, map(self._part, range(1, PARTS + 1))))}

    def _part(self, number: int) -> NewUnit | None:
        code, name, short_name = (self.cleaned_data[f"{field}_{number}"] for field in PART_FIELDS)
        return NewUnit(code, name, short_name or name[:20], self.unit.level) if code or name else None


class AddForm(forms.Form):
    """A new unit."""

    level = forms.ChoiceField(label=_("层级"), choices=Level.choices)
    parent_id = forms.TypedChoiceField(label=_("上级单位"), coerce=int, empty_value=None, required=False)
    code = forms.CharField(
        label=_("编号"), max_length=20, help_text=_("字母、数字或短横线，不与现有及已撤销单位重复。")
    )
    name = forms.CharField(label=_("名称"), max_length=LONGEST_NAME)
    short_name = forms.CharField(label=_("简称"), max_length=LONGEST_SHORT_NAME)
    on = DayField(label=_("设立日期"), initial=timezone.localdate)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["parent_id"].choices = [("", "—"), *unit_choices()]  # type: ignore[attr-defined]

    def unit(self) -> NewUnit:
        """Return the unit typed; call after the form is valid."""
        return NewUnit(**{name: self.cleaned_data[name] for name in ("code", "name", "short_name", "level")})


class CityForm(forms.Form):
    """How the city and its bodies are called."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    city_name = forms.CharField(label=_("城市名称"), max_length=50)
    body_name = forms.CharField(
        label=_("协调机构名称"), max_length=80,
        help_text=_("各地称“协调小组”“领导小组”或“联席会议”，请填写本市全称；页面和公文中照此显示。"),
        widget=forms.TextInput(attrs={"list": "body-names"}),
    )  # fmt: skip
    office_name = forms.CharField(
        label=_("办公室名称"), max_length=80, help_text=_("简报、通报落款使用。"),
        widget=forms.TextInput(attrs={"list": "office-names"}),
    )  # fmt: skip
    office_short_name = forms.CharField(label=_("办公室简称"), max_length=20)


class NameForm(forms.Form):
    """The name of a grouping or a group."""

    name = forms.CharField(label=_("名称"), max_length=40)


def unit_choices(*, without: str = "") -> list[tuple[int, str]]:
    """Return the units of today for a select, indented by their depth, without the branch at a path."""
    return [
        (branch.unit.pk, "　" * branch.depth + branch.name)
        for branch in queries.flat_tree(timezone.localdate())
        if not without or not branch.unit.path.startswith(without)
    ]
