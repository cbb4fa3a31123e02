"""Checks what people type about training classes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations import queries as organisations
from changai.areas.registers.training.exports import HEADINGS
from changai.areas.registers.training.models import TrainingClass
from changai.areas.registers.training.rules import KIND_NAMES, ClassEntry, faults_of
from changai.documents.intake.tables import RowReader, TableRow, read_table
from changai.documents.intake.workbook import read_workbook
from changai.foundation.actors import Actor


class ClassForm(forms.Form):
    """One class."""

    title = forms.CharField(label=_("班次名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类别"), choices=TrainingClass.Kind.choices)
    held_on = forms.DateField(label=_("结业日期"), widget=forms.DateInput(attrs={"type": "date"}))
    hours = forms.IntegerField(label=_("学时"), min_value=1)
    persons = forms.IntegerField(label=_("培训人数"), min_value=1)
    certified = forms.IntegerField(label=_("取得证书人数"), min_value=0, initial=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            for name, sentence in faults_of(self.entry(), today=timezone.localdate()).items():
                self.add_error(name, sentence)
        return cleaned

    def entry(self) -> ClassEntry:
        """Return what was typed; call after the form is valid."""
        return ClassEntry(**{name: self.cleaned_data[name] for name in self.fields})


class FilterForm(forms.Form):
    """What the list may be narrowed to."""

    month = forms.CharField(
        label=_("结业月份"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    kind = forms.ChoiceField(
        label=_("类别"), required=False, choices=[("", _("全部")), *TrainingClass.Kind.choices]
    )
    unit = forms.ChoiceField(label=_("单位"), required=False)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("standing", _("有效")), ("cancelled", _("已作废"))],
    )
    q = forms.CharField(label=_("班次名称"), required=False)

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        units = list(organisations.visible_to(actor, "register.view").values_list("pk", "name"))
        if len(units) > 1:
            self.fields["unit"].choices = [("", _("全部")), *units]  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]


class ImportForm(forms.Form):
    """A workbook of classes."""

    file = forms.FileField(
        label=_("班次表"),
        help_text=_("支持 .xlsx、.csv；请用下载的导入表填写。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@dataclass(frozen=True)
class ReadRow:
    """One row of a workbook: the entry it makes, or the faults that keep it from being one."""

    number: int
    title: str
    entry: ClassEntry | None
    faults: tuple[str, ...] = ()


def read_classes(content: bytes, *, name: str) -> list[ReadRow]:
    """Return the rows of a workbook, each as an entry or with the faults of its cells.

    :raises Unreadable: when it is no workbook, or has not the headings
    """
    return [_read_row(row) for row in read_table(read_workbook(content, name=name), HEADINGS)]


def mark_repeated(rows: Iterable[ReadRow], present: set[tuple[str, date]]) -> list[ReadRow]:
    """Return the rows with a fault on each that is in the register already, or earlier in the workbook."""
    seen: dict[tuple[str, date], int] = {}
    marked = []
    for row in rows:
        key = (row.entry.title, row.entry.held_on) if row.entry else None
        fault = ""
        if key in present:
            fault = f"第 {row.number} 行：“{row.title}”已在名册中。"
        elif key in seen:
            fault = f"第 {row.number} 行：与第 {seen[key]} 行是同一班次。"
        if key is not None:
            seen.setdefault(key, row.number)
        marked.append(replace(row, entry=None, faults=(fault,)) if fault else row)
    return marked


def _read_row(row: TableRow) -> ReadRow:
    title, kind, held_on, hours, persons, certified = HEADINGS
    reader = RowReader(row)
    entry = ClassEntry(
        title=reader.text(title),
        kind=reader.choice(kind, {name: value for value, name in KIND_NAMES.items()}),
        held_on=reader.day(held_on),
        hours=reader.whole(hours),
        persons=reader.whole(persons),
        certified=reader.whole(certified, otherwise=0),
    )
    if not reader.faults:
        fields = dict(
            zip(("title", "kind", "held_on", "hours", "persons", "certified"), HEADINGS, strict=True)
        )
        for field, sentence in faults_of(entry, today=timezone.localdate()).items():
            reader.refuse(fields[field], sentence)
    return ReadRow(row.number, entry.title, None if reader.faults else entry, tuple(reader.faults))
