"""What people type about fields and which figures they ask for."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.facts.actions import FieldEntry
from changai.areas.facts.models import Field


class FieldForm(forms.ModelForm):  # type: ignore[type-arg]
    """One entry of the dictionary."""

    version_read = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Field
        fields = (
            "code",
            "name",
            "unit_of_measure",
            "decimals",
            "definition",
            "source",
            "source_key",
            "gathering",
            "minimum",
            "maximum",
            "owner",
            "valid_from",
            "valid_to",
        )
        widgets: ClassVar = {
            "definition": forms.Textarea(attrs={"rows": 2}),
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels: ClassVar = {"owner": _("归口单位")}
        help_texts: ClassVar = {
            "code": _("保存后不能改。字母、数字和点，例如 training.persons。"),
            "source": _("每个数据只有一个来源；名册、台账已有的不再向单位要。"),
            "source_key": _("来源为月报时留空。"),
        }

    def __init__(self, *arguments: Any, is_new: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].disabled = not is_new
        self.fields["owner"].empty_label = "—"  # type: ignore[attr-defined]

    def entry(self) -> FieldEntry:
        """Return what was typed as the action takes it."""
        typed = self.cleaned_data
        return FieldEntry(
            name=typed["name"],
            unit_of_measure=typed["unit_of_measure"],
            decimals=typed["decimals"],
            definition=typed["definition"],
            source=typed["source"],
            source_key=typed["source_key"],
            gathering=typed["gathering"],
            minimum=typed["minimum"],
            maximum=typed["maximum"],
            owner_id=typed["owner"].pk if typed["owner"] else None,
            valid_from=typed["valid_from"],
            valid_to=typed["valid_to"],
        )
