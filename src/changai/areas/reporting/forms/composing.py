"""The settings of a form, and which month to open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations import queries as organisations
from changai.areas.reporting.actions import FormEntry, NarrativeEntry
from changai.areas.reporting.models import Form
from changai.areas.reporting.queries import askable_fields, asking_units, level_names
from changai.core.periods import Month
from changai.foundation.pages import number_in

MOST_NARRATIVES = 12
BLANK_ROWS = 2


@dataclass(frozen=True)
class FieldRow:
    """One figure of the dictionary to choose from: chosen, asked item by item, at which place."""

    field: Any
    is_chosen: bool
    asks_parts: bool
    place: str


@dataclass(frozen=True)
class WordsRow:
    """One row of the narrative items as typed."""

    number: int
    title: str = ""
    guidance: str = ""
    least: str = "0"
    most: str = "500"
    is_required: bool = True
    key: str = ""


class FormSettings(forms.Form):
    """A form: its name, who owes it, what it asks, its days."""

    name = forms.CharField(label=_("表名"), max_length=60)
    basis = forms.CharField(
        label=_("设表依据"), max_length=200, required=False, help_text=_("文件名称、文号或会议议定事项。")
    )
    asked_by = forms.TypedChoiceField(
        label=_("要数单位"), coerce=int, empty_value=None, required=False,
        help_text=_("下发前必须选定；填报负担按要数单位逐年比较，只减不增。"),
    )  # fmt: skip
    levels = forms.MultipleChoiceField(
        label=_("报送单位类别"), widget=forms.CheckboxSelectMultiple, required=False
    )
    groups = forms.TypedMultipleChoiceField(
        label=_("报送单位分类"),
        widget=forms.CheckboxSelectMultiple,
        coerce=int,
        required=False,
        help_text=_("属于所选类别或所选分类的单位都要报送。"),
    )
    opens_day = forms.IntegerField(label=_("开始填报日"), min_value=1, max_value=28, initial=25)
    due_day = forms.IntegerField(label=_("次月截止日"), min_value=1, max_value=28, initial=5)
    late_day = forms.IntegerField(
        label=_("次月迟报受理至"), min_value=1, max_value=28, required=False,
        help_text=_("过后首次报送不再受理，可申请延期；不填的，到关闭本期为止。"),
    )  # fmt: skip
    locks_day = forms.IntegerField(
        label=_("次月锁定日"), min_value=1, max_value=28, required=False,
        help_text=_("过后退回的也不再补报；不填的，到关闭本期为止。"),
    )  # fmt: skip
    asks_tasks = forms.BooleanField(
        label=_("列入各单位认领的任务"), required=False, initial=True,
        help_text=_("同一任务一期只在一张表里报。"),
    )  # fmt: skip
    fields_asked = forms.TypedMultipleChoiceField(label=_("数据项"), coerce=int, required=False)
    parts_asked = forms.TypedMultipleChoiceField(label=_("分项填报"), coerce=int, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.askable = askable_fields()
        self._choose("levels", list(level_names().items()))
        self._choose("fields_asked", [(field.pk, field.name) for field in self.askable])
        self._choose(
            "parts_asked",
            [(field.pk, field.name) for field in self.askable if field.breakdown_id is not None],
        )
        self._choose("asked_by", [(unit.pk, unit.name) for unit in asking_units()])
        groupings = organisations.groupings()
        self._choose(
            "groups",
            [
                (group.pk, f"{grouping.name}{_('：')}{group.name}")
                for grouping in groupings
                for group in grouping.groups.all()
            ],
        )

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def field_rows(self) -> list[FieldRow]:
        """Return the figures to choose from as they are chosen now."""
        chosen, parts = self._chosen("fields_asked"), self._chosen("parts_asked")
        return [
            FieldRow(
                field,
                str(field.pk) in chosen,
                str(field.pk) in parts,
                self.data.get(f"place-{field.pk}", "")
                if self.is_bound
                else str(chosen.index(str(field.pk)) + 1 if str(field.pk) in chosen else ""),
            )
            for field in self.askable
        ]

    def _chosen(self, name: str) -> list[str]:
        return [str(pk) for pk in self[name].value() or ()]

    def words_rows(self) -> list[WordsRow]:
        """Return the rows of narrative items: those there are, and some blank ones."""
        rows = self._typed_rows() if self.is_bound else list(self.initial.get("narratives", ()))
        kept = [row for row in rows if row.title]
        blank = [WordsRow(number) for number in range(len(kept), len(kept) + BLANK_ROWS)]
        return [*kept, *blank][:MOST_NARRATIVES]

    def _typed_rows(self) -> list[WordsRow]:
        def typed(number: int, name: str) -> str:
            return str(self.data.get(f"words-{number}-{name}", "")).strip()

        return [
            WordsRow(
                number,
                typed(number, "title"),
                typed(number, "guidance"),
                typed(number, "least"),
                typed(number, "most"),
                typed(number, "is_required") == "on",
                typed(number, "key"),
            )
            for number in range(MOST_NARRATIVES)
        ]

    def clean(self) -> dict[str, Any]:
        for row in self._typed_rows():
            if len(row.title) > 60 or len(row.guidance) > 200 or len(row.key) > 12:
                self.add_error(None, _("文字项名称不超过 60 字，填写要求不超过 200 字。"))
            if row.title and (number_in(row.least or "0") is None or number_in(row.most or "500") is None):
                self.add_error(None, _("“%(title)s”的字数应填整数。") % {"title": row.title[:20]})
        return self.cleaned_data

    def entry(self) -> FormEntry:
        """Return what was typed as the action takes it."""
        typed = self.cleaned_data
        return FormEntry(
            name=typed["name"],
            levels=typed["levels"],
            field_ids=sorted(typed["fields_asked"], key=self._place),
            part_ids=[pk for pk in typed["parts_asked"] if pk in typed["fields_asked"]],
            narratives=[_narrative(row) for row in self._typed_rows() if row.title],
            group_ids=typed["groups"],
            opens_day=typed["opens_day"],
            due_day=typed["due_day"],
            late_day=typed["late_day"],
            locks_day=typed["locks_day"],
            asks_tasks=typed["asks_tasks"],
            asked_by_id=typed["asked_by"],
            basis=typed["basis"],
        )

    def _place(self, pk: int) -> tuple[int, int]:
        """Order by the typed place; what has none comes last, as the dictionary orders it."""
        order = [field.pk for field in self.askable]
        place = number_in(str(self.data.get(f"place-{pk}", "")).strip())
        return (len(order) + 1 if place is None else place, order.index(pk))


def _narrative(row: WordsRow) -> NarrativeEntry:
    least, most = number_in(row.least or "0") or 0, number_in(row.most or "500") or 0
    return NarrativeEntry(row.title, row.guidance, least, most, row.is_required, row.key)


def initial_of(form: Form) -> dict[str, Any]:
    """Return a form's settings as the fields show them."""
    asked = list(form.form_fields.all())
    return {
        "name": form.name,
        "basis": form.basis,
        "asked_by": form.asked_by_id,
        "levels": form.levels,
        "groups": list(form.groups.values_list("pk", flat=True)),
        "opens_day": form.opens_day,
        "due_day": form.due_day,
        "late_day": form.late_day,
        "locks_day": form.locks_day,
        "asks_tasks": form.asks_tasks,
        "fields_asked": [found.field_id for found in asked],
        "parts_asked": [found.field_id for found in asked if found.asks_parts],
        "narratives": [
            WordsRow(
                number, item.title, item.guidance, str(item.least), str(item.most), item.is_required, item.key
            )
            for number, item in enumerate(form.narratives.all())
        ],
        "version": form.version,
    }


class MonthForm(forms.Form):
    """Which month of a form to open, or to begin a version with."""

    month = forms.CharField(
        label=_("月份"), widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})
    )

    def clean_month(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["month"])
        except ValueError:
            raise forms.ValidationError(_("请按“2026-10”的格式填写月份。")) from None
