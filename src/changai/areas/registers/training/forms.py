"""Checks what people type about training classes."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations import queries as organisations
from changai.areas.registers.training.models import TrainingClass
from changai.areas.registers.training.rules import ClassEntry, faults_of
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

    month = forms.CharField(label=_("结业月份"), widget=forms.TextInput(attrs={"type": "month"}))
    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("全部")), *TrainingClass.Kind.choices])
    unit = forms.ChoiceField(label=_("单位"))
    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("全部")), ("standing", _("有效")), ("cancelled", _("已作废"))]
    )
    q = forms.CharField(label=_("班次名称"))

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        units = list(organisations.visible_to(actor, "register.view").values_list("pk", "name"))
        if len(units) > 1:
            self.fields["unit"].choices = [("", _("全部")), *units]  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]
