"""Reads how far a result is to be announced."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from changai.areas.assessments.models import Round
from changai.areas.assessments.rules import FIRST_GRADES, FIRST_PLACES, GRADES, Announcement

NEED_GRADES = {FIRST_GRADES, GRADES}


class AnnouncementForm(forms.Form):
    """公布范围: who besides the unit itself sees its line. What needs grades is offered where the table has some."""

    announced = forms.ChoiceField(label=_("公布范围"), widget=forms.RadioSelect)
    places = forms.IntegerField(label=_("公布前几名"), min_value=1, required=False)
    lowest = forms.ChoiceField(label=_("公布到哪个等次为止"), required=False)

    def __init__(self, grades: Sequence[str], usual: Announcement, sent: QueryDict | None = None) -> None:
        initial = {
            "announced": usual.scope,
            "places": usual.places or None,
            "lowest": usual.grades[-1] if usual.grades else "",
        }
        super().__init__(sent, initial=initial)
        self.grades = list(grades)
        scopes = [
            (scope, label) for scope, label in Round.Announced.choices if grades or scope not in NEED_GRADES
        ]
        self.fields["announced"].choices = scopes  # type: ignore[attr-defined]
        self.fields["places"].help_text = _("选“只公布名次在前的单位”时填写。并列的一并公布。")
        self.fields["lowest"].help_text = _("选“只公布等次在前的单位”时选择。")
        self.fields["lowest"].choices = [("", "—"), *((name, name) for name in self.grades)]  # type: ignore[attr-defined]
        if not grades:
            del self.fields["lowest"]

    def announcement(self) -> Announcement:
        """Return the choice; call after the form is valid."""
        given = self.cleaned_data
        scope = given["announced"]
        if scope == FIRST_PLACES:
            return Announcement(scope, places=given["places"] or 0)
        if scope == FIRST_GRADES and given["lowest"]:
            return Announcement(scope, grades=tuple(self.grades[: self.grades.index(given["lowest"]) + 1]))
        return Announcement(scope)
