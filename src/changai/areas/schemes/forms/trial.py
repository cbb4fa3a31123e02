"""On what a trial runs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changai.areas.schemes.queries.trial import Terms
from changai.core.periods import Month

MONTHS_BACK = 36
JUDGED = (
    ("high", _("按 80% 计")),
    ("full", _("按满分计")),
    ("middle", _("按 60% 计")),
    ("open", _("待定，不排名")),
)


class TrialForm(forms.Form):
    """The period, what judged points are assumed at, and the version to compare with."""

    first = forms.ChoiceField(label=_("起始月份"))
    last = forms.ChoiceField(label=_("截止月份"))
    judged = forms.ChoiceField(label=_("人工核定项"), choices=JUDGED)
    other = forms.ChoiceField(label=_("对比版本"), required=False)

    def __init__(self, *arguments: Any, today: Month, versions: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        months = [today.plus(-back) for back in range(MONTHS_BACK)]
        for name in ("first", "last"):
            self._choose(name, [(str(month), month.label) for month in months])
        self._choose("other", [("", _("不对比")), *versions])

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("first") and given.get("last") and given["first"] > given["last"]:
            self.add_error("last", _("截止月份早于起始月份。"))
        return given

    def terms(self) -> Terms:
        """Return what was chosen."""
        given = self.cleaned_data
        return Terms(Month.parse(given["first"]), Month.parse(given["last"]), given["judged"])
