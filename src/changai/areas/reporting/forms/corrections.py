"""What people type about corrections."""

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.reporting.actions import CorrectionEntry


class CorrectionForm(forms.Form):
    """What the figure should say, and why."""

    value = forms.DecimalField(
        label=_("更正为"),
        max_digits=18,
        decimal_places=4,
        required=False,
        help_text=_("确无此项的留空，并在原因中写明。"),
    )
    reason = forms.CharField(label=_("更正原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def entry(self) -> CorrectionEntry:
        """Return what was typed as the action takes it."""
        return CorrectionEntry(self.cleaned_data["value"], self.cleaned_data["reason"])
