"""Forms of a consultation: who is asked until when, a unit's comment, the office's decision."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.organisations.models import Unit
from changai.areas.schemes.models import Comment
from changai.areas.schemes.rules.consulting import LONGEST_LETTER, LONGEST_TEXT

DAY = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class CirculateForm(forms.Form):
    """Who is asked, and by when."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    due_on = forms.DateField(label=_("反馈期限"), **DAY)  # type: ignore[arg-type]  # one widget
    is_signed = forms.BooleanField(label=_("反馈须经单位负责人审签"), required=False)
    letter = forms.CharField(
        label=_("说明"), required=False, max_length=LONGEST_LETTER, widget=forms.Textarea(attrs={"rows": 3})
    )
    unit_ids = forms.TypedMultipleChoiceField(
        label=_("征求意见的单位"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, units: Iterable[Unit], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["unit_ids"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(unit.pk, unit.name) for unit in units]


class ExtendForm(forms.Form):
    """A later deadline."""

    due_on = forms.DateField(label=_("新的期限"), **DAY)  # type: ignore[arg-type]  # one widget


class CommentForm(forms.Form):
    """A comment on one place of the draft."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("意见"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    proposed = forms.CharField(
        label=_("建议修改为"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """The office's decision on a comment."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(label=_("处理"), choices=Comment.Decision.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("提意见的单位会看到，并列入意见采纳情况表。"),
    )  # fmt: skip
