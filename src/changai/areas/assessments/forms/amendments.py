"""Checks what the office types when it corrects a published result."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.forms.objections import DecisionForm
from changai.areas.assessments.queries import Figure
from changai.areas.assessments.rules import LONGEST_BASIS, LONGEST_REASON


class AmendmentForm(DecisionForm):
    """The figures as they should have been, why, and what shows it."""

    basis = forms.CharField(
        label=_("更正依据"),
        max_length=LONGEST_BASIS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如核查记录、来源单位的更正函、批示的文号。"),
    )

    def __init__(self, figures: Sequence[Figure], *arguments: Any, **named: Any) -> None:
        super().__init__(figures, *arguments, **named)
        self.fields["words"] = forms.CharField(
            label=_("更正理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("得分、名次有变动的单位会看到。"),
        )  # fmt: skip
        self.order_fields([*(f"v-{figure.field}" for figure in figures), "words", "basis"])
